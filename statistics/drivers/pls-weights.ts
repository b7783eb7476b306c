/** The PLS iteration on a covariance matrix: inner estimates from neighbours, outer weights from items, until both agree. */
import { solve, type MatrixRows } from '#statistics/algebra/index.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'

import { allAccepted } from './all-accepted.ts'
import type { Blocks, PlsScheme } from './pls-model.ts'

export type PlsIteration = {
  readonly s: MatrixRows
  readonly blocks: Blocks
  readonly modes: readonly ('A' | 'B')[]
  readonly predecessors: readonly (readonly number[])[]
  readonly scheme: PlsScheme
  readonly tolerance: number
  readonly mostIterations: number
}

export type OuterWeights = {
  /** Per latent variable one weight per item; the scores have variance 1. */
  readonly weights: number[][]
  readonly correlations: number[][]
  readonly iterations: number
}

export function outerWeights(input: PlsIteration): OuterWeights | Refusal {
  const { s, blocks, tolerance, mostIterations } = input
  let raw: number[][] = blocks.map((block) => block.map(() => 1))
  let weights = normalised(s, blocks, raw)
  raw = weights
  for (let iterations = 1; iterations <= mostIterations; iterations++) {
    const correlations = latentCorrelations(s, blocks, weights)
    const inner = innerWeights(input, correlations)
    if (isRefusal(inner)) return inner
    const settled = allAccepted(blocks.map((block, i) => outerStep(input, block, i, weights, inner)))
    if (isRefusal(settled)) return settled
    const change = settled.reduce(
      (sum, weight, i) =>
        sum +
        weight.reduce((inside, value, k) => inside + (Math.abs(value) - Math.abs(raw[i]?.[k] ?? 0)) ** 2, 0),
      0,
    )
    raw = settled
    weights = normalised(s, blocks, raw)
    if (weights.flat().some((value) => !Number.isFinite(value)))
      return refuse(
        'no-variance',
        `[plsPathModel] a latent variable is unrelated to all its neighbours; leave it out.`,
      )
    if (change < tolerance) {
      const signed = turned(s, blocks, weights)
      return { weights: signed, correlations: latentCorrelations(s, blocks, signed), iterations }
    }
  }
  return refuse(
    'not-converged',
    `[plsPathModel] weights still move after ${mostIterations} iterations; try another scheme or fewer paths.`,
  )
}

/** Covariance of the items of a block with the latent estimate z = Σ e·y of its neighbours, turned into weights. */
function outerStep(
  { s, blocks, modes }: PlsIteration,
  block: readonly number[],
  i: number,
  weights: readonly (readonly number[])[],
  inner: MatrixRows,
): number[] | Refusal {
  const covariances = block.map((row) =>
    blocks.reduce((sum, other, j) => {
      const e = inner[j]?.[i] ?? 0
      if (e === 0) return sum
      return (
        sum +
        e * other.reduce((inside, column, k) => inside + (s[row]?.[column] ?? 0) * (weights[j]?.[k] ?? 0), 0)
      )
    }, 0),
  )
  if (modes[i] === 'A') return covariances
  const solved = solve(
    block.map((row) => block.map((column) => s[row]?.[column] ?? 0)),
    covariances,
  )
  return isRefusal(solved)
    ? refuse('singular', `[plsPathModel] items of a mode B block copy each other; drop one.`)
    : solved
}

/** `e[j][i]`: weight of neighbour j in the inner estimate of i. */
function innerWeights({ predecessors, scheme }: PlsIteration, c: MatrixRows): number[][] | Refusal {
  const e = c.map((row) => row.map(() => 0))
  for (const [to, froms] of predecessors.entries()) {
    const slopes = scheme === 'path' ? regress(c, froms, to) : froms.map((from) => c[from]?.[to] ?? 0)
    if (isRefusal(slopes)) return slopes
    for (const [k, from] of froms.entries()) {
      const r = c[from]?.[to] ?? 0
      const forward = slopes[k] ?? 0
      ;(e[from] ?? [])[to] = scheme === 'centroid' ? Math.sign(r) : forward
      ;(e[to] ?? [])[from] = scheme === 'centroid' ? Math.sign(r) : r
    }
  }
  return e
}

/** Coefficients of one latent variable on others, from their correlations. */
export function regress(c: MatrixRows, froms: readonly number[], to: number): number[] | Refusal {
  if (froms.length === 0) return []
  const solved = solve(
    froms.map((a) => froms.map((b) => c[a]?.[b] ?? 0)),
    froms.map((a) => c[a]?.[to] ?? 0),
  )
  return isRefusal(solved)
    ? refuse(
        'singular',
        `[plsPathModel] latent variables that lead to the same one copy each other; merge them.`,
      )
    : solved
}

function bilinear(
  s: MatrixRows,
  a: readonly number[],
  wa: readonly number[],
  b: readonly number[],
  wb: readonly number[],
): number {
  return a.reduce(
    (sum, row, i) =>
      sum +
      (wa[i] ?? 0) * b.reduce((inside, column, j) => inside + (s[row]?.[column] ?? 0) * (wb[j] ?? 0), 0),
    0,
  )
}

function normalised(s: MatrixRows, blocks: Blocks, weights: readonly (readonly number[])[]): number[][] {
  return blocks.map((block, i) => {
    const w = weights[i] ?? []
    const sd = Math.sqrt(bilinear(s, block, w, block, w))
    return w.map((value) => value / sd)
  })
}

function latentCorrelations(
  s: MatrixRows,
  blocks: Blocks,
  weights: readonly (readonly number[])[],
): number[][] {
  return blocks.map((a, i) =>
    blocks.map((b, j) => (i === j ? 1 : bilinear(s, a, weights[i] ?? [], b, weights[j] ?? []))),
  )
}

/** Scores point the way of most of their items. */
function turned(s: MatrixRows, blocks: Blocks, weights: readonly (readonly number[])[]): number[][] {
  return blocks.map((block, i) => {
    const w = weights[i] ?? []
    const direction = block.reduce((sum, row) => sum + Math.sign(bilinear(s, [row], [1], block, w)), 0)
    return w.map((value) => (direction < 0 ? -value : value))
  })
}
