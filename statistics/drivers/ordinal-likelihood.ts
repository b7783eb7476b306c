/** Log-likelihood of the proportional-odds model with its first two derivatives, on cells. */
import { logistic } from './logit.ts'
import type { Likelihood } from './newton.ts'

export type OrdinalCell = {
  readonly x: readonly number[]
  /** Rows of the cell in each category, lowest category first. */
  readonly counts: readonly number[]
}

/** Parameters: K−1 thresholds, then the coefficients. */
export function ordinalLikelihood(
  cells: readonly OrdinalCell[],
  categories: number,
  parameters: readonly number[],
): Likelihood {
  const cuts = categories - 1
  const gradient = parameters.map(() => 0)
  const information = parameters.map(() => parameters.map(() => 0))
  let value = 0
  for (const { x, counts } of cells) {
    const eta = x.reduce((sum, xi, i) => sum + xi * (parameters[cuts + i] ?? 0), 0)
    for (const [k, count] of counts.entries()) {
      if (count === 0) continue
      const upper = k < cuts ? (parameters[k] ?? 0) - eta : Infinity
      const lower = k > 0 ? (parameters[k - 1] ?? 0) - eta : -Infinity
      if (!(upper > lower)) return { value: -Infinity, gradient, information }
      value += count * Math.log(between(lower, upper))
      const pieces = derivatives(lower, upper)
      const directions = [direction(k, x, cuts), direction(k - 1, x, cuts)] as const
      addPieces(gradient, information, directions, pieces, count)
    }
  }
  return { value, gradient, information }
}

/** F(upper) − F(lower) of the logistic distribution, taken on the side where no digits cancel. */
export function between(lower: number, upper: number): number {
  return lower > 0 ? logistic(-lower) - logistic(-upper) : logistic(upper) - logistic(lower)
}

type Pieces = { first: readonly [number, number]; second: readonly [number, number, number] }

/** Derivatives of ln(F(u) − F(l)) by u and l, and minus the second ones by uu, ul, ll. */
function derivatives(lower: number, upper: number): Pieces {
  const p = between(lower, upper)
  const fu = logistic(upper) * logistic(-upper)
  const fl = logistic(lower) * logistic(-lower)
  const du = fu / p
  const dl = -fl / p
  return {
    first: [du, dl],
    second: [
      du * du - (fu * (logistic(-upper) - logistic(upper))) / p,
      du * dl,
      dl * dl + (fl * (logistic(-lower) - logistic(lower))) / p,
    ],
  }
}

/** Indices and slopes by which threshold k − xβ depends on the parameters; nothing at the open ends. */
function direction(k: number, x: readonly number[], cuts: number): readonly (readonly [number, number])[] {
  if (k < 0 || k >= cuts) return []
  return [[k, 1], ...x.map((xi, i): [number, number] => [cuts + i, -xi])]
}

type Direction = ReturnType<typeof direction>

function addPieces(
  gradient: number[],
  information: number[][],
  [up, low]: readonly [Direction, Direction],
  { first, second }: Pieces,
  count: number,
): void {
  for (const [at, slope] of up) gradient[at] = (gradient[at] ?? 0) + count * first[0] * slope
  for (const [at, slope] of low) gradient[at] = (gradient[at] ?? 0) + count * first[1] * slope
  addOuter(information, up, up, count * second[0])
  addOuter(information, up, low, count * second[1])
  addOuter(information, low, up, count * second[1])
  addOuter(information, low, low, count * second[2])
}

function addOuter(matrix: number[][], a: Direction, b: Direction, factor: number): void {
  for (const [i, ai] of a) {
    const row = matrix[i] ?? []
    for (const [j, bj] of b) row[j] = (row[j] ?? 0) + factor * ai * bj
  }
}
