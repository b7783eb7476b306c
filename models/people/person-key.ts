/** Which person a contact key belongs to: keys that occur together in any source are one person's. */
import { sql } from 'kysely'
import { defineModel } from '#models/define-model.ts'
import { PersonKey } from '#models/tables.ts'
import { bothWays, keysSeen, keysShared, pairsSeen, personNamed, seenKeys, sightings } from './keys-seen.ts'
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
      .reduce((all, one) => all.unionAll(one))
    return (
      db
        .withRecursive('seen', (db) => db.selectFrom(seen.as('each')).selectAll().distinct())
        // Keys are long texts, so they meet by their numbers, which are in the keys' order.
        .with('key', (db) =>
          db
            .selectFrom(keysSeen(db).as('each'))
            .select(['key', sql<number>`row_number() over (order by key)`.as('number')]),
        )
        .with('met', pairsSeen)
        .with('pair', (db) =>
          db
            .selectFrom('met')
            .innerJoin('key as from', 'from.key', 'met.a')
            .innerJoin('key as to', 'to.key', 'met.b')
            .select(['from.number as a', 'to.number as b']),
        )
        .with('both_ways', bothWays<number>)
        .with('shared', keysShared<number>)
        .with('edge', (db) =>
          db
            .selectFrom('both_ways')
            .select(['a', 'b'])
            .where('a', 'not in', db.selectFrom('shared').select('key'))
            .where('b', 'not in', db.selectFrom('shared').select('key')),
        )
        // A person's least key reaches all others over keys that are greater than it, so no other steps are taken.
        .with('reach', (db) =>
          db
            .selectFrom('key')
            .select(['number', 'number as least'])
            .where('number', 'not in', db.selectFrom('shared').select('key'))
            .union(
              db
                .selectFrom(sql<{ number: number; least: number }>`reach`.as('known'))
                .innerJoin('edge', 'edge.a', 'known.number')
                .whereRef('known.least', '<', 'edge.b')
                .select(['edge.b as number', 'known.least']),
            ),
        )
        .with('person', (db) =>
          db
            .selectFrom('reach')
            .groupBy('number')
            .select((eb) => ['number', eb.fn.min('least').as('least')]),
        )
        .selectFrom('key')
        .leftJoin('person', 'person.number', 'key.number')
        .leftJoin('key as first', 'first.number', 'person.least')
        .select([
          'key.key as person_key',
          // Null where the key is shared.
          sql<string | null>`${personNamed(sql.ref('first.key'))}`.as('person_id'),
        ])
    )
  },
  growth,
})
