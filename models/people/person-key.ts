/** Which person a contact key belongs to: keys that occur together in any source are one person's. */
import { sql } from 'kysely'
import { defineModel } from '#models/define-model.ts'
import { shortHash } from '#models/dialect.ts'
import { PersonKey } from '#models/tables.ts'

/**
 * A key that meets more than so many others belongs to a place, not a person (a shop's phone, a shared device):
 * it identifies nobody and connects nothing.
 */
const sharedBeyond = 10

const sightings = ['contact', 'submission', 'comment', 'order', 'call', 'support_ticket'] as const

export const personKey = defineModel({
  name: 'person_key',
  description: 'Contact keys and the person each belongs to: connected components over keys seen together.',
  owner: 'saydo',
  grain: ['person_key'],
  contract: PersonKey,
  query: (db) => {
    const seen = sightings
      .map((table) =>
        db
          .selectFrom(table)
          .select([
            sql<string | null>`'m:' || member_key`.as('m'),
            sql<string | null>`'e:' || email_key`.as('e'),
            sql<string | null>`'p:' || phone_key`.as('p'),
          ]),
      )
      .reduce((all, one) => all.union(one))
    return db
      .withRecursive('seen', () => seen)
      .with('key', (db) =>
        db
          .selectFrom('seen')
          .select('m as key')
          .union(db.selectFrom('seen').select('e as key'))
          .union(db.selectFrom('seen').select('p as key')),
      )
      .with('pair', (db) =>
        db
          .selectFrom('seen')
          .select(['m as a', 'e as b'])
          .union(db.selectFrom('seen').select(['m as a', 'p as b']))
          .union(db.selectFrom('seen').select(['e as a', 'p as b'])),
      )
      .with('both_ways', (db) =>
        db
          .selectFrom('pair')
          .select(['a', 'b'])
          .where('a', 'is not', null)
          .where('b', 'is not', null)
          .union(
            db
              .selectFrom('pair')
              .select(['b as a', 'a as b'])
              .where('a', 'is not', null)
              .where('b', 'is not', null),
          ),
      )
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
      .select((eb) => [
        sql<string>`${eb.ref('key')}`.as('person_key'),
        sql<string>`'p_' || ${shortHash(sql<string>`min(${eb.ref('other')})`)}`.as('person_id'),
      ])
      .groupBy('key')
  },
})
