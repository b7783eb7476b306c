/** What a name in a query may mean: the relations, aliases and outer queries in sight, resolved as DuckDB's binder does. */
import { nearNames } from '#models/near-names.ts'
import { nothing, type Origins, together } from './origins.ts'
import { QueryUnresolved } from './query-unresolved.ts'
import type { Query } from './sql-tree.ts'

/** A table, common table expression or subquery, as FROM shows it. */
export type Relation = {
  readonly alias: string
  /** Of a table that has no alias: `xo` of `xo.customer_month`. */
  readonly schema: string
  /** In order, by name in lower case. */
  readonly columns: ReadonlyMap<string, OutputColumn>
  /** Columns that decide which rows it has. */
  readonly rows: ReadonlySet<string>
  /** Of a table function whose columns are unknown: what any of them comes from. */
  readonly open?: Origins
}

export type OutputColumn = { readonly name: string; readonly origins: Origins }

/** What all parts of one model's query share, and what the part at hand may name. */
export type Context = {
  readonly model: string
  readonly aggregates: ReadonlySet<string>
  /** A table by its schema and name, as the model sees it. Throws QueryUnresolved. */
  readonly table: (schema: string, name: string) => Relation
  readonly expressions: ReadonlyMap<string, Relation>
  readonly outer: Scope | undefined
  readonly relationOf: (query: Query, context: Context) => Relation
}

export type Scope = {
  readonly context: Context
  readonly relations: readonly Relation[]
  /** Columns that `using` made one of two, by name in lower case. */
  readonly merged: ReadonlyMap<string, Origins>
  /** Columns of the select list by name in lower case, as far as they are known. */
  readonly aliases: ReadonlyMap<string, Origins>
  /** ORDER BY looks at the select list first; everything else at the tables. */
  readonly aliasesFirst?: boolean
  /** Names of a lambda's parameters. */
  readonly parameters?: ReadonlySet<string>
}

/** Names that are values although they look like columns. */
const values = new Set(
  'current_catalog current_date current_role current_schema current_time current_timestamp current_user localtime localtimestamp session_user user'.split(
    ' ',
  ),
)

/** Throws QueryUnresolved when nothing in sight, or more than one thing, has that name. */
export function resolve(path: readonly string[], scope: Scope): Origins {
  for (let inner: Scope | undefined = scope; inner !== undefined; inner = inner.context.outer) {
    const found = lookup(path, inner)
    if (found !== undefined) return found
  }
  if (path.length === 1 && values.has(lower(path[0]))) return nothing
  throw unknownColumn(path, scope)
}

function lookup(path: readonly string[], scope: Scope): Origins | undefined {
  const [first = '', ...rest] = path
  if (scope.parameters?.has(lower(first))) return nothing
  const qualified = rest.length > 0 ? qualifiedColumn(path, scope) : undefined
  // What follows a column's name is a field inside it.
  return qualified ?? unqualified(first, scope) ?? (rest.length > 0 ? undefined : wholeRow(first, scope))
}

function qualifiedColumn([first = '', second = '', third]: readonly string[], { relations }: Scope) {
  const bySchema =
    third === undefined
      ? undefined
      : relations.find(
          ({ schema, alias }) => lower(schema) === lower(first) && lower(alias) === lower(second),
        )
  if (bySchema !== undefined) return columnIn(bySchema, third ?? '')
  const byAlias = relations.find(({ alias }) => lower(alias) === lower(first))
  return byAlias && columnIn(byAlias, second)
}

function columnIn({ columns, open }: Relation, name: string): Origins | undefined {
  return columns.get(lower(name))?.origins ?? open
}

function unqualified(name: string, scope: Scope): Origins | undefined {
  const alias = scope.aliases.get(lower(name))
  if (scope.aliasesFirst && alias !== undefined) return alias
  const merged = scope.merged.get(lower(name))
  if (merged !== undefined) return merged
  const having = scope.relations.filter(({ columns }) => columns.has(lower(name)))
  const [only, ...others] = having
  if (others.length > 0)
    throw new QueryUnresolved(
      scope.context.model,
      `its query names the column ${JSON.stringify(name)}, which ${having.map(({ alias }) => alias).join(' and ')} have; say whose it is.`,
    )
  if (only !== undefined) return columnIn(only, name)
  return alias ?? scope.relations.find(({ open }) => open !== undefined)?.open
}

/** A table's name alone is its whole row. */
function wholeRow(name: string, { relations }: Scope): Origins | undefined {
  const relation = relations.find(({ alias }) => lower(alias) === lower(name))
  return relation && together([...relation.columns.values()].map(({ origins }) => origins))
}

function unknownColumn(path: readonly string[], { context, relations }: Scope): QueryUnresolved {
  const known = relations.flatMap(({ columns }) => [...columns.values()].map(({ name }) => name))
  const near = nearNames(path.at(-1) ?? '', known)
  const tables = relations.map(({ schema, alias }) => (schema === '' ? alias : `${schema}.${alias}`))
  const among = tables.length > 0 ? `none of ${tables.join(', ')} has` : 'no table in its place has'
  const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : `there are ${known.join(', ')}.`
  return new QueryUnresolved(
    context.model,
    `its query names the column ${JSON.stringify(path.join('.'))}, which ${among}; ${hint}`,
  )
}

export function lower(name = ''): string {
  return name.toLowerCase()
}
