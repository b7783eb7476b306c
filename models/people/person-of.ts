/** The lookup key of a row that carries contact keys: the strongest one it has. */
import { type RawBuilder, sql } from 'kysely'

/** Joins to `person_key.person_key`; null when the row names nobody. */
export function strongestKey(table: string): RawBuilder<string | null> {
  const column = (name: string) => sql.ref(`${table}.${name}`)
  return sql<
    string | null
  >`coalesce('m:' || ${column('member_key')}, 'e:' || ${column('email_key')}, 'p:' || ${column('phone_key')})`
}
