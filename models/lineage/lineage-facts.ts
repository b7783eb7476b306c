/** A model as lineage events tell it: what it reads and where each of its columns comes from. */
import type { ColumnSource, LineageModel } from '#lake/open-lineage/lineage-run.ts'
import type { LineageGraph } from './graph.ts'
import type { Traceable } from './model-origins.ts'

/** `versions` by table, as far as they are known: fingerprints of models, contents of streams. */
export function lineageFacts(
  graph: LineageGraph,
  { name, columns, query }: Traceable,
  versions: Readonly<Record<string, string>> = {},
): LineageModel {
  const inputs = (graph.tables.get(name)?.reads ?? []).map((table) => {
    const own = [...graph.columns.values()].filter((column) => column.table === table)
    const version = versions[table]
    return {
      name: table,
      columns: own.map(({ column, type }) => ({ name: column, type })),
      ...(version !== undefined && { version }),
    }
  })
  const sources = graph.edges.flatMap(({ from, to, kind }): ColumnSource[] => {
    const target = graph.columns.get(to)
    const source = graph.columns.get(from)
    return target?.table === name && source !== undefined
      ? [{ column: target.column, from: source, kind }]
      : []
  })
  return { name, columns, inputs, sources, ...(query !== undefined && { sql: query.sql }) }
}
