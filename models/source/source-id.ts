/** How rows say which source they are from: its name, and ids with that name in front, unique when sources meet. */
import { type RawBuilder, sql } from 'kysely'

export function sourceName(source: string): RawBuilder<string> {
  return sql<string>`${sql.lit(source)}`
}

/** `<source>:<the column's value>`. */
export function idIn(source: string, column: string): RawBuilder<string> {
  return sql<string>`${sql.lit(`${source}:`)} || ${sql.ref(column)}`
}
