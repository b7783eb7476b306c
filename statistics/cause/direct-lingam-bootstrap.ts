/** How stable a DirectLiNGAM graph is: the share of bootstrap samples in which each edge and each order comes back. */
import { seeded } from '#statistics/random/index.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'
import { directLingam, type DirectLingamOptions } from './direct-lingam.ts'

export type LingamBootstrapOptions = DirectLingamOptions & {
  /** Default 100. */
  readonly runs?: number
  readonly seed: number
}

export type LingamFrequency = {
  readonly from: string
  readonly to: string
  /** Share of samples with this edge. */
  readonly edge: number
  /** Share of samples in which `from` comes before `to`, with or without an edge. */
  readonly before: number
  /** Mean effect over the samples that have the edge; 0 where none does. */
  readonly effect: number
}

/**
 * Repeats `directLingam` on samples of the rows drawn with replacement and counts edges and orders: a frequency near 1 is
 * stable, near ½ is a coin. The only form in which this exploration should be shown.
 * Takes rows and a seed; answers one line per ordered pair, most frequent edge first.
 * Refuses what `directLingam` refuses, runs below 10, and when more than half of the samples cannot be used.
 * Source: Efron 1979; Komatsu, Shimizu & Shimodaira 2010 for LiNGAM.
 * @example
 * const random = seeded(1)
 * const rows = Array.from({ length: 300 }, () => {
 *   const wait = random.uniform()
 *   return [2 * wait + random.uniform(), wait]
 * })
 * directLingamBootstrap({ variables: ['score', 'wait'], rows, runs: 20, seed: 7 })[0] // { from: 'wait', to: 'score', edge: 1 }
 */
export function directLingamBootstrap({
  variables,
  rows,
  runs = 100,
  seed,
}: LingamBootstrapOptions): LingamFrequency[] | Refusal {
  if (!Number.isInteger(runs) || runs < 10)
    return refuse('too-few', `[directLingamBootstrap] ${runs} runs; frequencies need at least 10.`)
  const whole = directLingam({ variables, rows })
  if (isRefusal(whole)) return whole
  const random = seeded(seed)
  const counts = new Map<string, { edge: number; before: number; effect: number }>()
  const count = (from: string, to: string) => {
    const key = JSON.stringify([from, to])
    const found = counts.get(key) ?? { edge: 0, before: 0, effect: 0 }
    counts.set(key, found)
    return found
  }
  let used = 0
  for (let run = 0; run < runs; run++) {
    const sample = rows.map(() => rows[random.integer(0, rows.length - 1)] ?? [])
    const graph = directLingam({ variables, rows: sample })
    if (isRefusal(graph)) continue
    used++
    for (const [place, to] of graph.order.entries())
      for (const from of graph.order.slice(0, place)) count(from, to).before++
    for (const { from, to, effect } of graph.edges) {
      const found = count(from, to)
      found.edge++
      found.effect += effect
    }
  }
  if (used <= runs / 2)
    return refuse(
      'too-few',
      `[directLingamBootstrap] only ${used} of ${runs} samples could be used; give more rows.`,
    )
  return onlyFinite(
    'directLingamBootstrap',
    [...counts]
      .map(([key, { edge, before, effect }]) => {
        const [from = '', to = ''] = JSON.parse(key) as string[]
        return { from, to, edge: edge / used, before: before / used, effect: edge === 0 ? 0 : effect / edge }
      })
      .sort((a, b) => b.edge - a.edge || b.before - a.before),
  )
}
