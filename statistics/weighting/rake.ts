/** Raking (iterative proportional fitting): weights that meet several margins at once, with a cap and a report of how it went. */
import { neumaierSum } from '#statistics/algebra/index.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'
import { cappedAt, medianWeight } from './cap.ts'
import { type Margin, type MarginMap, marginsOf, type RakingCell } from './margins.ts'

export type RakingMargin = {
  readonly dimension: string
  readonly category: string
  readonly target: number
  readonly reached: number
}

export type Raking = {
  /** Raked total of each cell, in the order given. */
  readonly totals: readonly number[]
  /** Raked weight of one respondent of each cell. */
  readonly unitWeights: readonly number[]
  readonly iterations: number
  /** Largest |reached − target|/target over all margins. */
  readonly largestDeviation: number
  readonly margins: readonly RakingMargin[]
  /** Respondents whose weight stands at the cap. */
  readonly capped: number
  readonly effectiveN: number
  readonly designEffect: number
}

type Settings = { readonly cap?: number; readonly tolerance?: number; readonly maxIterations?: number }

/**
 * Rakes cells (or respondents, as cells of n 1) to the margins of the population.
 * `cells[i]` says the categories of the cell, its base weight in total and its respondents n; `margins` gives the target of every category of every dimension.
 * `cap` limits a respondent's weight to that multiple of the median weight, and the margins are met again under the cap.
 * Refuses margins whose totals differ, categories without target, targets without respondents (merge them), weights that are all 0, and no convergence.
 * Formula: scale each dimension in turn to its targets until the largest relative change is below `tolerance` (1e-10).
 * Source: Deming & Stephan (1940), Annals of Mathematical Statistics 11, 427–444; Deville, Särndal & Sautory (1993) for bounds.
 * @example
 * const cells = [['f', 'y', 10], ['f', 'o', 30], ['m', 'y', 20], ['m', 'o', 40]].map(([sex, age, n]) => ({ categories: { sex, age }, n, weight: n }))
 * const raked = rake({ cells, margins: { sex: { f: 50, m: 50 }, age: { y: 40, o: 60 } } })
 * raked.totals // [17.57651, 32.42349, 22.42349, 27.57651]
 */
export function rake({
  cells,
  margins,
  cap,
  tolerance = 1e-10,
  maxIterations = 1000,
}: { cells: readonly RakingCell[]; margins: MarginMap } & Settings): Raking | Refusal {
  const parsed = marginsOf(cells, margins)
  if (isRefusal(parsed)) return parsed
  if (cap !== undefined && !(cap >= 1))
    return refuse('out-of-range', `[rake] cap is ${cap}; it is a multiple of the median weight, at least 1.`)
  const free = settled({ cells, margins: parsed, tolerance, maxIterations, limit: Infinity })
  if (isRefusal(free) || cap === undefined) return free
  const limit = cap * medianWeight(cells, free.totals)
  if (free.unitWeights.every((weight) => weight <= limit)) return free
  return settled({ cells, margins: parsed, tolerance, maxIterations, limit })
}

type Problem = {
  readonly cells: readonly RakingCell[]
  readonly margins: readonly Margin[]
  readonly tolerance: number
  readonly maxIterations: number
  /** Largest weight of one respondent. */
  readonly limit: number
}

function settled({ cells, margins, tolerance, maxIterations, limit }: Problem): Raking | Refusal {
  const totals = cells.map((cell) => cell.weight)
  for (let iteration = 1; iteration <= maxIterations; iteration++) {
    for (const margin of margins) fit(margin, totals)
    if (limit < Infinity) cappedAt(limit, cells, totals)
    if (margins.every((margin) => deviation(margin, totals) < tolerance))
      return report({ cells, margins, totals, iteration, limit })
  }
  const missed = Math.max(...margins.map((margin) => deviation(margin, totals)))
  const why =
    limit < Infinity
      ? 'the cap is too tight for these margins: raise it'
      : 'empty combinations make the margins contradict each other: merge categories'
  return refuse(
    'not-converged',
    `[rake] after ${maxIterations} rounds a margin is still missed by ${(100 * missed).toPrecision(3)} %; ${why}.`,
  )
}

/** Scales the cells of each category to its target. */
function fit({ members, targets }: Margin, totals: number[]): void {
  for (const [c, cellsOfCategory] of members.entries()) {
    const reached = neumaierSum(cellsOfCategory.map((i) => totals[i] ?? 0))
    const factor = reached === 0 ? 0 : (targets[c] ?? 0) / reached
    for (const i of cellsOfCategory) totals[i] = (totals[i] ?? 0) * factor
  }
}

function deviation({ members, targets }: Margin, totals: readonly number[]): number {
  const off = members.map((cellsOfCategory, c) => {
    const reached = neumaierSum(cellsOfCategory.map((i) => totals[i] ?? 0))
    const target = targets[c] ?? 0
    return target === 0 ? reached : Math.abs(reached - target) / target
  })
  return Math.max(...off)
}

type Settled = Pick<Problem, 'cells' | 'margins' | 'limit'> & { totals: readonly number[]; iteration: number }

function report({ cells, margins, totals, iteration, limit }: Settled): Raking {
  const unitWeights = totals.map((total, i) => total / (cells[i]?.n || 1))
  const n = neumaierSum(cells.map((cell) => cell.n))
  const squares = neumaierSum(totals.map((total, i) => total * (unitWeights[i] ?? 0)))
  const effectiveN = neumaierSum(totals) ** 2 / squares
  return {
    totals,
    unitWeights,
    iterations: iteration,
    largestDeviation: Math.max(...margins.map((margin) => deviation(margin, totals))),
    margins: margins.flatMap(({ dimension, categories, members, targets }) =>
      categories.map((category, c) => ({
        dimension,
        category,
        target: targets[c] ?? 0,
        reached: neumaierSum((members[c] ?? []).map((i) => totals[i] ?? 0)),
      })),
    ),
    capped: neumaierSum(cells.map((cell, i) => ((unitWeights[i] ?? 0) >= limit * (1 - 1e-9) ? cell.n : 0))),
    effectiveN,
    designEffect: n / effectiveN,
  }
}
