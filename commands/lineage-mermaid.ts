/** Lineage as a Mermaid flowchart, for documents and tickets: solid arrows for values, dotted ones for what chooses rows. */
import type { LineageEdge, LineageGraph } from '#models/lineage/graph.ts'
import { downstreamOf, edgesAround, tableEdges, upstreamOf } from '#models/lineage/reach.ts'
import type { Sides } from './lineage-tree.ts'

/** A column's values all the way, and the tables that choose directly; a table's tables. Throws LineageUnknown. */
export function lineageMermaid(graph: LineageGraph, name: string, sides: Sides): string {
  const edges = edgesAround(graph, name)
  const upward = sides.up ? upstreamOf(graph, name, sides.depth) : []
  const downward = sides.down ? downstreamOf(graph, name, sides.depth) : []
  const values = [upward, downward].flatMap((reached) => {
    const names = new Set([name, ...reached.filter(({ kind }) => kind === 'value').map((each) => each.name)])
    return edges.filter(({ from, to, kind }) => kind === 'value' && names.has(from) && names.has(to))
  })
  return flowchart(graph, name, [...new Set(values), ...choosing(graph, name, sides)])
}

/** The tables of all models. */
export function graphMermaid(graph: LineageGraph): string {
  return flowchart(graph, undefined, tableEdges(graph))
}

/** What chooses directly, by table. */
function choosing({ edges, columns }: LineageGraph, name: string, { up, down }: Sides): LineageEdge[] {
  const table = (column: string) => columns.get(column)?.table ?? column
  const filters = edges.filter(({ kind }) => kind === 'filter')
  const into = new Set(up ? filters.filter(({ to }) => to === name).map(({ from }) => table(from)) : [])
  const out = new Set(down ? filters.filter(({ from }) => from === name).map(({ to }) => table(to)) : [])
  return [
    ...[...into].map((from): LineageEdge => ({ from, to: name, kind: 'filter' })),
    ...[...out].map((to): LineageEdge => ({ from: name, to, kind: 'filter' })),
  ]
}

function flowchart(
  { tables, columns }: LineageGraph,
  asked: string | undefined,
  edges: readonly LineageEdge[],
) {
  const names = [
    ...new Set([...(asked === undefined ? [] : [asked]), ...edges.flatMap(({ from, to }) => [from, to])]),
  ]
  const ids = new Map(names.map((name, index) => [name, `n${index}`]))
  const nodes = names.map((name) => {
    const stream = tables.get(columns.get(name)?.table ?? name)?.kind === 'stream'
    const label = `"${name.replaceAll('"', '#quot;')}"`
    return `  ${ids.get(name)}${stream ? `([${label}])` : `[${label}]`}`
  })
  const arrows = edges.map(
    ({ from, to, kind }) => `  ${ids.get(from)} ${kind === 'value' ? '-->' : '-.->'} ${ids.get(to)}`,
  )
  const mark = asked === undefined ? [] : ['  style n0 stroke-width:3px']
  return ['flowchart LR', ...nodes, ...arrows, ...mark].join('\n')
}
