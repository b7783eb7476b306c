/** Tables in which every cell lies in at most two sums are flow networks: their linear programs are solved by augmenting paths, a thousand times faster. */
import type { Component } from './component.ts'
import type { CellBounds } from './linear-program.ts'

/** A hidden cell as an arc between two sums (or the outside, where it lies in one only). */
type Arc = { readonly id: string; readonly from: number; readonly to: number; readonly n: number }

export type Network = {
  readonly arcs: ReadonlyMap<string, Arc>
  readonly leaving: readonly (readonly Arc[])[]
  readonly entering: readonly (readonly Arc[])[]
}

/** The network of a component, or nothing where a cell lies in three sums or the signs do not fit one direction. */
export function networkOf(
  { cells, equations }: Component,
  counts: ReadonlyMap<string, number>,
): Network | undefined {
  const ends = new Map<string, { equation: number; sign: number }[]>(cells.map((id) => [id, []]))
  for (const [equation, { terms }] of equations.entries())
    for (const [id, sign] of terms) ends.get(id)?.push({ equation, sign })
  const turn = turned(equations, ends)
  if (!turn) return undefined
  const outside = equations.length
  const arcs = cells.map((id): Arc => {
    const signed = (ends.get(id) ?? []).map(({ equation, sign }) => ({
      equation,
      sign: sign * (turn[equation] ?? 1),
    }))
    return {
      id,
      from: signed.find(({ sign }) => sign < 0)?.equation ?? outside,
      to: signed.find(({ sign }) => sign > 0)?.equation ?? outside,
      n: counts.get(id) ?? 0,
    }
  })
  const nodes = Array.from({ length: outside + 1 }, (_, node) => node)
  return {
    arcs: new Map(arcs.map((arc) => [arc.id, arc])),
    leaving: nodes.map((node) => arcs.filter(({ from }) => from === node)),
    entering: nodes.map((node) => arcs.filter(({ to }) => to === node)),
  }
}

/** A factor ±1 per equation after which every cell in two sums enters one and leaves the other. */
function turned(
  equations: Component['equations'],
  ends: ReadonlyMap<string, readonly { equation: number; sign: number }[]>,
): number[] | undefined {
  const turn: number[] = Array<number>(equations.length).fill(0)
  for (const start of turn.keys()) {
    if (turn[start] !== 0) continue
    turn[start] = 1
    const waiting = [start]
    for (const here of waiting)
      for (const [id, sign] of equations[here]?.terms ?? []) {
        const all = ends.get(id) ?? []
        if (all.length > 2) return undefined
        const other = all.find(({ equation }) => equation !== here)
        if (!other) continue
        const wanted = -sign * (turn[here] ?? 1) * other.sign
        if (turn[other.equation] === 0) {
          turn[other.equation] = wanted
          waiting.push(other.equation)
        } else if (turn[other.equation] !== wanted) return undefined
      }
  }
  return turn
}

export type NetworkRange = CellBounds & {
  /** Cells whose change shows the range: it stays as wide while they stay hidden. */
  readonly used: ReadonlySet<string>
}

/** Range of one cell: how far it can rise and fall when the others make up for it; the search stops once the width reaches `enough`. */
export function rangeInNetwork(network: Network, id: string, enough = Infinity): NetworkRange | undefined {
  const arc = network.arcs.get(id)
  if (!arc) return undefined
  const used = new Set<string>([id])
  const rise = maxFlow(network, { from: arc.to, to: arc.from, without: id, enough, used })
  const most = enough === Infinity ? arc.n : Math.min(arc.n, Math.max(0, enough - rise))
  const fall = Math.min(
    arc.n,
    most === 0 ? 0 : maxFlow(network, { from: arc.from, to: arc.to, without: id, enough: most, used }),
  )
  return { low: arc.n - fall, high: arc.n + rise, used }
}

type Flow = { from: number; to: number; without: string; enough: number; used: Set<string> }

/** Ford–Fulkerson with breadth-first paths: along an arc counts may grow without limit, against it they shrink to 0. */
function maxFlow(network: Network, { from, to, without, enough, used }: Flow): number {
  if (from === to) return Infinity
  const change = new Map<string, number>()
  let flow = 0
  while (flow < enough) {
    const path = shortestPath(network, { from, to, without, change })
    if (!path) break
    const room = path.reduce(
      (least, { arc, up }) => (up ? least : Math.min(least, arc.n + (change.get(arc.id) ?? 0))),
      Infinity,
    )
    for (const { arc } of path) used.add(arc.id)
    if (room === Infinity) return Infinity
    for (const { arc, up } of path) change.set(arc.id, (change.get(arc.id) ?? 0) + (up ? room : -room))
    flow += room
  }
  return flow
}

type Step = { readonly arc: Arc; readonly up: boolean }

function shortestPath(
  { leaving, entering }: Network,
  {
    from,
    to,
    without,
    change,
  }: { from: number; to: number; without: string; change: ReadonlyMap<string, number> },
): Step[] | undefined {
  const reachedBy = new Map<number, Step | undefined>([[from, undefined]])
  for (const node of reachedBy.keys()) {
    if (node === to) return stepsTo(to, reachedBy)
    for (const arc of leaving[node] ?? [])
      if (arc.id !== without && !reachedBy.has(arc.to)) reachedBy.set(arc.to, { arc, up: true })
    for (const arc of entering[node] ?? [])
      if (arc.id !== without && !reachedBy.has(arc.from) && arc.n + (change.get(arc.id) ?? 0) > 0)
        reachedBy.set(arc.from, { arc, up: false })
  }
  return undefined
}

function stepsTo(node: number, reachedBy: ReadonlyMap<number, Step | undefined>): Step[] {
  const steps: Step[] = []
  for (let step = reachedBy.get(node); step; step = reachedBy.get(step.up ? step.arc.from : step.arc.to))
    steps.push(step)
  return steps
}
