/** Where each column of one model comes from: by its parsed query, by its own word, or, saying nothing, from all it reads. */
import { columnsOf } from '#lake/columns-of.ts'
import type { Column } from '#lake/column.ts'
import type { Parsed, ParsedSql } from '#lake/parse-sql.ts'
import type { Model } from '#models/define-model.ts'
import { nearNames } from '#models/near-names.ts'
import { byName } from './from-clause.ts'
import { nothing, type Origins } from './origins.ts'
import { relationOf } from './query-relation.ts'
import { QueryUnresolved } from './query-unresolved.ts'
import { lower, type Relation } from './scope.ts'
import type { Query } from './sql-tree.ts'

/** A model as lineage sees it. One without SQL may say which columns each of its own derives from, as `table.column`. */
export type Traceable = Pick<Model, 'name' | 'columns' | 'raw' | 'reads'> & {
  readonly query?: { readonly sql: string } | undefined
  readonly derives?: Readonly<Record<string, readonly string[]>> | undefined
}

/** Columns by model. */
export type Known = ReadonlyMap<string, readonly Column[]>

/** Origins by column, in the contract's order. Throws QueryUnresolved. */
export function queryOrigins(
  model: Traceable,
  parsed: ParsedSql,
  { known, aggregates }: { readonly known: Known } & Pick<Parsed, 'aggregates'>,
): Map<string, Origins> {
  if ('error' in parsed)
    throw new QueryUnresolved(model.name, `its query cannot be read: ${parsed.error}; write one select.`)
  const inputs = inputsOf(model, known)
  const relation = relationOf(parsed.tree as Query, {
    model: model.name,
    aggregates,
    table: (schema, name) => tableNamed(model, schema, name, inputs, known),
    expressions: new Map(),
    outer: undefined,
    relationOf,
  })
  return new Map(
    model.columns.map(({ name }) => {
      const column = relation.columns.get(lower(name))
      if (column === undefined) throw missing(model.name, name, relation)
      const { value, filter } = column.origins
      const chooses = [...filter, ...relation.rows].filter((each) => !value.has(each))
      return [name, { value, filter: new Set(chooses) }]
    }),
  )
}

/** Of a model without SQL. Throws QueryUnresolved when it names a column that is not there. */
export function declaredOrigins(model: Traceable, known: Known): Map<string, Origins> {
  const inputs = inputsOf(model, known)
  const names = new Map(
    [...inputs].flatMap(([input, { columns }]) =>
      [...columns.values()].flatMap(({ name, origins }) =>
        [`${input}.${name}`, ...origins.value].map((each): [string, Origins] => [each, origins]),
      ),
    ),
  )
  const all = new Set([...names.values()].flatMap(({ value }) => [...value]))
  return new Map(
    model.columns.map(({ name }) => {
      const derives = model.derives?.[name]
      if (derives === undefined) return [name, { ...nothing, value: all }]
      const value = derives.flatMap((each) => {
        const origins = names.get(each)
        if (origins === undefined) throw underived(model.name, name, each, names.keys())
        return [...origins.value]
      })
      return [name, { ...nothing, value: new Set(value) }]
    }),
  )
}

/** What its query may read, under the names it uses. */
function inputsOf({ name: model, raw, reads }: Traceable, known: Known): Map<string, Relation> {
  const streams = Object.entries(raw).map(([name, { source, stream, record }]): [string, Relation] => [
    name,
    tableRelation(`${source}.${stream}`, columnsOf(record)),
  ])
  const models = reads.map((name): [string, Relation] => {
    const columns = known.get(name)
    if (columns === undefined)
      throw new QueryUnresolved(model, `it reads ${name}, which no model builds${hint(name, known.keys())}`)
    return [name, tableRelation(name, columns)]
  })
  return new Map([...models, ...streams])
}

function tableRelation(table: string, columns: readonly Column[]): Relation {
  const own = columns.map(({ name }) => ({
    name,
    origins: { ...nothing, value: new Set([`${table}.${name}`]) },
  }))
  return { alias: '', schema: '', columns: byName(own), rows: new Set() }
}

function tableNamed(
  model: Traceable,
  schema: string,
  name: string,
  inputs: ReadonlyMap<string, Relation>,
  known: Known,
): Relation {
  const table = schema === '' || schema === 'main' ? name : `${schema}.${name}`
  const input = inputs.get(table) ?? [...inputs].find(([each]) => lower(each) === lower(table))?.[1]
  if (input !== undefined) return input
  throw new QueryUnresolved(
    model.name,
    known.has(table)
      ? `its query reads ${table} in raw SQL, where the graph of models does not see it; read it with selectFrom or a join.`
      : `its query reads ${table}, which no model builds and no stream of it lands${hint(table, [...known.keys(), ...inputs.keys()])}`,
  )
}

function missing(model: string, column: string, { columns }: Relation): QueryUnresolved {
  const selected = [...columns.values()].map(({ name }) => name)
  return new QueryUnresolved(
    model,
    `its query does not select ${column}, which its contract promises; it selects ${selected.join(', ')}.`,
  )
}

function underived(model: string, column: string, from: string, names: Iterable<string>): QueryUnresolved {
  return new QueryUnresolved(
    model,
    `its column ${column} derives from ${from}, which is no column of what it reads${hint(from, names)}`,
  )
}

function hint(name: string, known: Iterable<string>): string {
  const near = nearNames(name, known)
  return near.length > 0 ? `; did you mean ${near.join(' or ')}?` : '; name a table that is there.'
}
