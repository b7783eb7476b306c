/** Contact keys as they occur together in the rows of all sources. */
import { type QueryCreator, type RawBuilder, sql } from 'kysely'
import { shortHash } from '#models/dialect.ts'

/**
 * A key that meets more than so many others belongs to a place, not a person (a shop's phone, a shared device):
 * it identifies nobody and connects nothing.
 */
export const sharedBeyond = 10

/** Tables in which contact keys occur together. */
export const sightings = ['contact', 'submission', 'comment', 'order', 'call', 'support_ticket'] as const

/** Keys that occurred together, null where there was none of the kind. */
export type Seen = { m: string | null; e: string | null; p: string | null }

export const seenKeys = [
  sql<string | null>`'m:' || member_key`.as('m'),
  sql<string | null>`'e:' || email_key`.as('e'),
  sql<string | null>`'p:' || phone_key`.as('p'),
] as const

/** Every key that occurs. */
export function keysSeen(db: QueryCreator<{ seen: Seen }>) {
  const keys = db
    .selectFrom('seen')
    .select('m as key')
    .union(db.selectFrom('seen').select('e as key'))
    .union(db.selectFrom('seen').select('p as key'))
  return db
    .selectFrom(keys.as('each'))
    .select((eb) => eb.ref('key').$notNull().as('key'))
    .where('key', 'is not', null)
}

/** Every two keys that occur together, once. */
export function pairsSeen(db: QueryCreator<{ seen: Seen }>) {
  const pairs = db
    .selectFrom('seen')
    .select(['m as a', 'e as b'])
    .union(db.selectFrom('seen').select(['m as a', 'p as b']))
    .union(db.selectFrom('seen').select(['e as a', 'p as b']))
  return db
    .selectFrom(pairs.as('each'))
    .select((eb) => [eb.ref('a').$notNull().as('a'), eb.ref('b').$notNull().as('b')])
    .where('a', 'is not', null)
    .where('b', 'is not', null)
}

/** Every pair, from either side. */
export function bothWays<Key extends string | number>(db: QueryCreator<{ pair: { a: Key; b: Key } }>) {
  const pairs = db.selectFrom('pair')
  return pairs.select(['a', 'b']).unionAll(pairs.select(['b as a', 'a as b']))
}

/** Keys that meet more than so many others. */
export function keysShared<Key extends string | number>(db: QueryCreator<{ both_ways: { a: Key; b: Key } }>) {
  return db
    .selectFrom('both_ways')
    .select('a as key')
    .groupBy('a')
    .having((eb) => eb.fn.countAll(), '>', sharedBeyond)
}

/** A person goes by the least of their keys. */
export function personNamed(leastKey: RawBuilder<string>): RawBuilder<string> {
  return sql<string>`'p_' || ${shortHash(leastKey)}`
}
