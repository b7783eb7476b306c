/** Column-level lineage of a project's models, read from their compiled queries: no data, no build. */
import { columnsOf } from '#lake/columns-of.ts'
import { parseSql } from '#lake/parse-sql.ts'
import type { LineageColumn, LineageEdge, LineageGraph, LineageKind, LineageTable } from './lineage/graph.ts'
import { declaredOrigins, type Known, queryOrigins, type Traceable } from './lineage/model-origins.ts'
import type { Origins } from './lineage/origins.ts'
import { QueryUnresolved } from './lineage/query-unresolved.ts'

/** Throws QueryUnresolved, naming the model, when a query names a table or column that is not there. */
export async function lineageOf(models: readonly Traceable[]): Promise<LineageGraph> {
  const queried = models.filter(({ query }) => query !== undefined)
  const { statements, aggregates } = await parseSql(queried.map(({ query }) => query?.sql ?? ''))
  const parsed = new Map(queried.map(({ name }, index) => [name, statements[index] ?? { error: 'no SQL' }]))
  const known: Known = new Map(models.map(({ name, columns }) => [name, columns]))
  const edges = models.flatMap((model) => {
    const statement = parsed.get(model.name)
    const origins =
      statement === undefined
        ? declaredOrigins(model, known)
        : queryOrigins(model, statement, { known, aggregates })
    return edgesOf(model.name, origins)
  })
  return { tables: tablesOf(models), columns: columnsIn(models), edges }
}

/** At most one edge between two columns: a value that also decides is a value. */
function edgesOf(model: string, origins: ReadonlyMap<string, Origins>): LineageEdge[] {
  return [...origins].flatMap(([column, { value, filter }]) => {
    const edge = (kind: LineageKind) => (from: string) => ({ from, to: `${model}.${column}`, kind })
    return [...[...value].sort().map(edge('value')), ...[...filter].sort().map(edge('filter'))]
  })
}

function tablesOf(models: readonly Traceable[]): Map<string, LineageTable> {
  const streams = models.flatMap(({ raw }) => streamsOf(raw))
  const names = new Set(models.map(({ name }) => name))
  const twice = streams.find((name) => names.has(name))
  if (twice !== undefined)
    throw new QueryUnresolved(twice, `it is called like the stream ${twice}; rename the model.`)
  return new Map([
    ...streams.map((name): [string, LineageTable] => [name, { name, kind: 'stream', reads: [] }]),
    ...models.map(({ name, reads, raw }): [string, LineageTable] => [
      name,
      { name, kind: 'model', reads: [...new Set([...reads, ...streamsOf(raw)])] },
    ]),
  ])
}

function streamsOf(raw: Traceable['raw']): string[] {
  return Object.values(raw).map(({ source, stream }) => `${source}.${stream}`)
}

function columnsIn(models: readonly Traceable[]): Map<string, LineageColumn> {
  const named = (table: string, columns: Traceable['columns']) =>
    columns.map(({ name: column, type }): [string, LineageColumn] => [
      `${table}.${column}`,
      { table, column, type },
    ])
  const streams = models.flatMap(({ raw }) =>
    Object.values(raw).flatMap(({ source, stream, record }) =>
      named(`${source}.${stream}`, columnsOf(record)),
    ),
  )
  return new Map([...streams, ...models.flatMap(({ name, columns }) => named(name, columns))])
}
