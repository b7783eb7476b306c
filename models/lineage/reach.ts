/** How far a column or table reaches in the graph: what it comes from, and what comes from it. */
import { nearNames } from '#models/near-names.ts'
import type { LineageEdge, LineageGraph, LineageKind } from './graph.ts'

export type Reached = {
  /** A column, where one was asked for; else a table. */
  readonly name: string
  readonly table: string
  /** `value` when its value flows all the way, `filter` when somewhere on the way it only decides. */
  readonly kind: LineageKind
  /** Steps between the two, from 1. */
  readonly depth: number
}

/** What `crm.contacts.email` or the table `crm.contacts` is made of, nearest first. Throws LineageUnknown. */
export function upstreamOf(graph: LineageGraph, name: string, depth = Infinity): Reached[] {
  return reached(graph, name, { depth, next: ({ from, to }) => [to, from] })
}

/** What is made of it, nearest first: which columns, and so which models, a change of it reaches. Throws LineageUnknown. */
export function downstreamOf(graph: LineageGraph, name: string, depth = Infinity): Reached[] {
  return reached(graph, name, { depth, next: ({ from, to }) => [from, to] })
}

/** The edges between what the name names: columns, or tables. Throws LineageUnknown. */
export function edgesAround(graph: LineageGraph, name: string): readonly LineageEdge[] {
  if (graph.columns.has(name)) return graph.edges
  if (graph.tables.has(name)) return tableEdges(graph)
  throw new LineageUnknown(name, [...graph.tables.keys(), ...graph.columns.keys()])
}

export function tableEdges({ tables }: LineageGraph): LineageEdge[] {
  return [...tables.values()].flatMap(({ name, reads }) =>
    reads.map((from): LineageEdge => ({ from, to: name, kind: 'value' })),
  )
}

type Way = {
  readonly depth: number
  /** An edge in the direction of the walk. */
  readonly next: (edge: LineageEdge) => readonly [from: string, to: string]
}

function reached(graph: LineageGraph, name: string, way: Way): Reached[] {
  const edges = edgesAround(graph, name)
  const flowing = edges.filter(({ kind }) => kind === 'value')
  const values = stepsTo(flowing, name, way)
  const all = stepsTo(edges, name, way)
  return [...all].map(([each, depth]) => ({
    name: each,
    table: graph.columns.get(each)?.table ?? each,
    kind: values.has(each) ? 'value' : 'filter',
    depth,
  }))
}

/** Everything within reach and how many steps away it is, nearest first. */
function stepsTo(edges: readonly LineageEdge[], start: string, { depth, next }: Way): Map<string, number> {
  const neighbours = Map.groupBy(edges.map(next), ([from]) => from)
  const steps = new Map<string, number>()
  let frontier = [start]
  for (let step = 1; step <= depth && frontier.length > 0; step += 1) {
    const found = frontier.flatMap((each) => (neighbours.get(each) ?? []).map(([, to]) => to))
    frontier = [...new Set(found)].filter((each) => each !== start && !steps.has(each)).sort()
    for (const each of frontier) steps.set(each, step)
  }
  return steps
}

/** There is no such model, stream or column. */
export class LineageUnknown extends Error {
  override readonly name = 'LineageUnknown'
  constructor(name: string, known: readonly string[]) {
    const near = nearNames(name, known)
    const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : '`saydo lineage` lists the models.'
    super(`[lineage] there is no model, stream or column ${name}; ${hint}`)
  }
}
