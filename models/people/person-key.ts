/** Which person a contact key belongs to: keys that occur together in any source are one person's. */
import { sql } from 'kysely'
import { defineModel } from '#models/define-model.ts'
import { PersonKey } from '#models/tables.ts'
import { bothWays, keysSeen, pairsSeen, personNamed, seenKeys, sharedBeyond, sightings } from './keys-seen.ts'
import { growth } from './person-key-growth.ts'

export const personKey = defineModel({
  name: 'person_key',
  description:
    'Contact keys and the person each belongs to: connected components over keys seen together; keys that many share belong to nobody.',
  owner: 'saydo',
  grain: ['person_key'],
  contract: PersonKey,
  query: (db) => {
    const seen = sightings
      .map((table) => db.selectFrom(table).select(seenKeys))
      .reduce((all, one) => all.union(one))
    return db
      .withRecursive('seen', () => seen)
      .with('key', keysSeen)
      .with('pair', pairsSeen)
      .with('both_ways', bothWays)
      .with('shared', (db) =>
        db
          .selectFrom('both_ways')
          .select('a as key')
          .groupBy('a')
          .having((eb) => eb.fn.countAll(), '>', sharedBeyond),
      )
      .with('edge', (db) =>
        db
          .selectFrom('both_ways')
          .select(['a', 'b'])
          .where('a', 'not in', db.selectFrom('shared').select('key'))
          .where('b', 'not in', db.selectFrom('shared').select('key')),
      )
      .with('reach', (db) =>
        db
          .selectFrom('key')
          .select(['key', 'key as other'])
          .where('key', 'is not', null)
          .where('key', 'not in', db.selectFrom('shared').select('key'))
          .union(
            db
              .selectFrom(sql<{ key: string; other: string }>`reach`.as('known'))
              .innerJoin('edge', 'edge.a', 'known.other')
              .select(['known.key', 'edge.b as other']),
          ),
      )
      .selectFrom('reach')
      .select([
        sql<string>`key`.as('person_key'),
        sql<string | null>`${personNamed(sql`min(other)`)}`.as('person_id'),
      ])
      .groupBy('key')
      .unionAll((db) =>
        db
          .selectFrom('shared')
          .select([
            sql<string>`key`.as('person_key'),
            sql<string | null>`cast(null as VARCHAR)`.as('person_id'),
          ]),
      )
  },
  growth,
})
