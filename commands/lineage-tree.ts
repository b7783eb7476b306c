/** Lineage as a person reads it: an indented tree of where values come from or go, and under it what chooses the rows. */
import type { LineageEdge, LineageGraph } from '#models/lineage/graph.ts'
import { edgesAround } from '#models/lineage/reach.ts'
import { bold, dim } from './output.ts'

export type Sides = { readonly up: boolean; readonly down: boolean; readonly depth: number }

/** Lines for a column or a table. Throws LineageUnknown. */
export function lineageTree(graph: LineageGraph, name: string, { up, down, depth }: Sides): string[] {
  const edges = edgesAround(graph, name)
  const type = graph.columns.get(name)?.type ?? graph.tables.get(name)?.kind ?? ''
  const upward = edges.map(({ from, to, kind }): Step => ({ near: to, far: from, kind }))
  const downward = edges.map(({ from, to, kind }): Step => ({ near: from, far: to, kind }))
  return [
    `${bold(name)}  ${dim(type)}`,
    ...(up ? side(graph, name, { ...words.up, steps: upward, depth }) : []),
    ...(down ? side(graph, name, { ...words.down, steps: downward, depth }) : []),
  ]
}

/** An edge seen from the column asked for. */
type Step = { readonly near: string; readonly far: string; readonly kind: LineageEdge['kind'] }

const words = {
  up: {
    flows: 'comes from',
    nothing: 'no column: landed as it is, constant, or counted',
    chooses: 'chosen by',
  },
  down: { flows: 'goes into', nothing: 'no other column', chooses: 'chooses in' },
}

type Side = (typeof words)['up'] & { readonly steps: readonly Step[]; readonly depth: number }

function side(graph: LineageGraph, name: string, { steps, depth, flows, nothing, chooses }: Side): string[] {
  const values = Map.groupBy(
    steps.filter(({ kind }) => kind === 'value'),
    ({ near }) => near,
  )
  const tree = branches(name, { depth, shown: new Set([name]), next: (each) => values.get(each) ?? [] })
  const chosen = steps.filter(({ near, kind }) => near === name && kind === 'filter').map(({ far }) => far)
  return [
    '',
    bold(flows),
    ...(tree.length > 0 ? tree : [`└─ ${dim(nothing)}`]),
    ...(chosen.length > 0 ? ['', `${bold(chooses)} ${dim('rows, groups, order, cases')}`] : []),
    ...listed(byTable(graph, chosen)),
  ]
}

type Branches = {
  readonly depth: number
  /** Names whose own branches are shown already. */
  readonly shown: Set<string>
  readonly next: (name: string) => readonly Step[]
}

function branches(name: string, { depth, shown, next }: Branches): string[] {
  const children = depth > 0 ? next(name) : []
  return children.flatMap(({ far }, index) => {
    const last = index === children.length - 1
    const again = shown.has(far) && next(far).length > 0
    shown.add(far)
    const below = again ? [] : branches(far, { depth: depth - 1, shown, next })
    return [
      `${last ? '└─ ' : '├─ '}${far}${again ? dim(' (shown above)') : ''}`,
      ...below.map((line) => `${last ? '   ' : '│  '}${line}`),
    ]
  })
}

/** Columns under their tables, since they choose together. */
function byTable({ columns }: LineageGraph, names: readonly string[]): (readonly [string, string])[] {
  const tables = Map.groupBy(names, (name) => columns.get(name)?.table ?? name)
  return [...tables].map(([table, found]) => {
    const all = [...columns.values()].filter((column) => column.table === table).length
    const said = found.map((name) => columns.get(name)?.column ?? name).join(', ')
    return [table, found.length === all ? `all ${all} columns` : said]
  })
}

function listed(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(0, ...rows.map(([table]) => table.length))
  return rows.map(
    ([table, said], index) =>
      `${index === rows.length - 1 ? '└─ ' : '├─ '}${table.padEnd(width)}  ${dim(said)}`,
  )
}
