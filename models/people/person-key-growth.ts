/**
 * New keys join those that are known. What is known stays as it is unless a sighting went, two persons meet, a person would go by another
 * key, or a key may have met so many others that it is shared.
 */
import { type Kysely, sql } from 'kysely'
import type { Growing } from '#models/define-model.ts'
import type { PersonKey } from '#models/tables.ts'
import {
  bothWays,
  keysSeen,
  keysShared,
  pairsSeen,
  personNamed,
  seenKeys,
  sharedBeyond,
  sightings,
} from './keys-seen.ts'

type Tables = Growing<typeof PersonKey>

export function growth(db: Kysely<Tables>) {
  return { unless: doubts(db), ifUnsure: shared(db), rows: joining(db) }
}

function seenIn(db: Kysely<Tables>, kind: 'gained' | 'lost' | 'now') {
  return sightings
    .map((table) => db.selectFrom(`${kind}.${table}` as const).select(seenKeys))
    .reduce((all, one) => all.unionAll(one))
}

/** Keys of new sightings, and groups of them: `label` is the person a key belongs to, or the key itself where it is new. */
function groups(db: Kysely<Tables>) {
  const seen = seenIn(db, 'gained')
  return db
    .withRecursive('seen', (db) => db.selectFrom(seen.as('each')).selectAll().distinct())
    .with('key', keysSeen)
    .with('pair', pairsSeen)
    .with('both_ways', bothWays<string>)
    .with('shared', keysShared<string>)
    .with('known', (db) =>
      db
        .selectFrom('key')
        .innerJoin('built', 'built.person_key', 'key.key')
        .select(['person_key as key', 'person_id']),
    )
    .with('fresh', (db) =>
      db.selectFrom('key').select('key').where('key', 'not in', db.selectFrom('known').select('key')),
    )
    .with('label', (db) =>
      db
        .selectFrom('known')
        .where('person_id', 'is not', null)
        .select((eb) => ['key', eb.ref('person_id').$notNull().as('label')])
        .unionAll(
          db
            .selectFrom('fresh')
            .select(['key', 'key as label'])
            .where('key', 'not in', db.selectFrom('shared').select('key')),
        ),
    )
    .with('edge', (db) =>
      db
        .selectFrom('both_ways')
        .innerJoin('label as from', 'from.key', 'both_ways.a')
        .innerJoin('label as to', 'to.key', 'both_ways.b')
        .whereRef('from.label', '!=', 'to.label')
        .select(['from.label as a', 'to.label as b'])
        .distinct(),
    )
    .with('reach', (db) =>
      db
        .selectFrom('label')
        .select(['label', 'label as other'])
        .union(
          db
            .selectFrom(sql<{ label: string; other: string }>`reach`.as('met'))
            .innerJoin('edge', 'edge.a', 'met.other')
            .select(['met.label', 'edge.b as other']),
        ),
    )
}

function doubts(db: Kysely<Tables>) {
  const lost = seenIn(db, 'lost')
  return withSuspects(db)
    .with('gone', (db) =>
      db.selectFrom(lost.as('lost')).selectAll().except(db.selectFrom('seen').selectAll()),
    )
    .selectFrom('gone')
    .select(sql<boolean>`true`.as('sure'))
    .unionAll((db) =>
      db
        .selectFrom('reach')
        .innerJoin('person', 'person.person_id', 'reach.label')
        .whereRef('reach.other', '!=', 'reach.label')
        .where((eb) =>
          eb.or([
            eb('other', 'in', eb.selectFrom('known').select('person_id').where('person_id', 'is not', null)),
            eb('other', '<', eb.ref('least')),
          ]),
        )
        .select(sql<boolean>`true`.as('sure')),
    )
    .unionAll((db) => db.selectFrom('suspect').select(sql<boolean>`false`.as('sure')))
}

/** `suspect`: known keys that may have met so many others that they are shared, were it every key of the person and every shared one. */
function withSuspects(db: Kysely<Tables>) {
  return groups(db)
    .with('person', (db) =>
      db
        .selectFrom('built')
        .where((eb) =>
          eb.or([
            // The keys that many share.
            eb('person_id', 'is', null),
            eb(
              'person_id',
              'in',
              eb.selectFrom('known').select('person_id').where('person_id', 'is not', null),
            ),
          ]),
        )
        .select((eb) => [
          'person_id',
          eb.fn.min('person_key').as('least'),
          eb.fn.countAll<number>().as('keys'),
        ])
        .groupBy('person_id'),
    )
    .with('suspect', (db) =>
      db
        .selectFrom('known')
        .innerJoin('person', 'person.person_id', 'known.person_id')
        .innerJoin('both_ways', 'both_ways.a', 'known.key')
        .leftJoin('fresh', 'fresh.key', 'both_ways.b')
        .groupBy(['known.key', 'keys'])
        .having((eb) => {
          const shared = eb
            .selectFrom('person')
            .select(sql<number>`coalesce(max(keys), 0)`.as('n'))
            .where('person_id', 'is', null)
          return eb(sql<number>`keys - 1 + count(fresh.key) + ${shared}`, '>', sharedBeyond)
        })
        .select('known.key'),
    )
}

/** Suspects that have met so many others indeed, in any sighting there is. */
function shared(db: Kysely<Tables>) {
  const suspects = withSuspects(db).selectFrom('suspect').select('key')
  const seen = seenIn(db, 'now')
  return db
    .with('suspected', () => suspects)
    .with('seen', (db) => {
      const suspected = db.selectFrom('suspected').select('key')
      return db
        .selectFrom(seen.as('each'))
        .selectAll()
        .distinct()
        .where((eb) => eb.or([eb('m', 'in', suspected), eb('e', 'in', suspected), eb('p', 'in', suspected)]))
    })
    .with('pair', pairsSeen)
    .with('both_ways', bothWays<string>)
    .with('shared', keysShared<string>)
    .selectFrom('shared')
    .innerJoin('suspected', 'suspected.key', 'shared.key')
    .select('shared.key')
}

function joining(db: Kysely<Tables>) {
  return groups(db)
    .with('group', (db) =>
      db
        .selectFrom('reach')
        .leftJoin('known', 'known.person_id', 'reach.other')
        .select([
          'label',
          sql<string>`coalesce(min(known.person_id), ${personNamed(sql`min(other)`)})`.as('person_id'),
        ])
        .groupBy('label'),
    )
    .selectFrom('fresh')
    .leftJoin('group', 'group.label', 'fresh.key')
    .select(['fresh.key as person_key', 'group.person_id'])
}
