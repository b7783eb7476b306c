/** The acceptance test of weights: do weighted respondents look like the population in what is known of everybody? */
import { LARGEST, notFinite, notPositive } from '#statistics/argument-checks.ts'
import { neumaierSum } from '#statistics/algebra/index.ts'
import { type MatrixRows, notMatrix, notVector } from '#statistics/algebra/matrix-checks.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'

export type BalanceVariable = { readonly name: string; readonly mean: number; readonly sd: number }

export type BalanceRow = {
  readonly name: string
  readonly population: number
  readonly unweighted: number
  readonly weighted: number
  /** (mean − population mean)/population sd. */
  readonly differenceBefore: number
  readonly differenceAfter: number
  /** |differenceAfter| at most the threshold. */
  readonly balanced: boolean
}

export type BalanceTable = {
  readonly rows: readonly BalanceRow[]
  readonly largestBefore: number
  readonly largestAfter: number
  readonly balanced: boolean
}

/**
 * Standardised differences between respondents and population, before and after weighting.
 * `population` gives mean and sd of each variable over everybody; `respondents` is n × variables; `weights` has n entries ≥ 0.
 * Refuses shapes that do not agree, an sd of 0, weights that are negative or sum to 0, and numbers that are not finite.
 * Formula: d = (x̄_w − μ)/σ; balanced where |d| ≤ threshold (.1).
 * Source: Austin (2009), Statistics in Medicine 28, 3083–3107.
 * @example
 * const population = [{ name: 'tenure', mean: 3, sd: 2 }]
 * balanceTable({ population, respondents: [[2], [6]], weights: [3, 1] }) // { largestBefore: 0.5, largestAfter: 0, balanced: true }
 */
export function balanceTable({
  population,
  respondents,
  weights,
  threshold = 0.1,
}: {
  population: readonly BalanceVariable[]
  respondents: MatrixRows
  weights: readonly number[]
  threshold?: number
}): BalanceTable | Refusal {
  const refused =
    notMatrix('balanceTable', respondents) ??
    notVector('balanceTable', weights, respondents.length) ??
    notPositive('balanceTable', { threshold })
  if (refused) return refused
  if (respondents[0]?.length !== population.length)
    return refuse(
      'mismatch',
      `[balanceTable] ${population.length} variables, but rows have ${respondents[0]?.length} columns; make them equal.`,
    )
  const total = neumaierSum(weights)
  if (!(total > 0) || weights.some((weight) => weight < 0))
    return refuse('no-weight', '[balanceTable] weights are negative or sum to 0; give weights of at least 0.')
  const rows: BalanceRow[] = []
  for (const [j, variable] of population.entries()) {
    const row = balanceRow(variable, { column: respondents.map((r) => r[j] ?? 0), weights, total, threshold })
    if (isRefusal(row)) return row
    rows.push(row)
  }
  return {
    rows,
    largestBefore: Math.max(...rows.map((row) => Math.abs(row.differenceBefore))),
    largestAfter: Math.max(...rows.map((row) => Math.abs(row.differenceAfter))),
    balanced: rows.every((row) => row.balanced),
  }
}

type Column = { column: readonly number[]; weights: readonly number[]; total: number; threshold: number }

function balanceRow(
  { name, mean, sd }: BalanceVariable,
  { column, weights, total, threshold }: Column,
): BalanceRow | Refusal {
  const refused = notFinite('balanceTable', { mean, sd })
  if (refused) return refused
  if (sd < 1 / LARGEST)
    return refuse('no-variance', `[balanceTable] ${name} has sd ${sd} in the population; leave it out.`)
  const unweighted = neumaierSum(column) / column.length
  const weighted = neumaierSum(column.map((value, i) => value * (weights[i] ?? 0))) / total
  const differenceAfter = (weighted - mean) / sd
  return {
    name,
    population: mean,
    unweighted,
    weighted,
    differenceBefore: (unweighted - mean) / sd,
    differenceAfter,
    balanced: Math.abs(differenceAfter) <= threshold,
  }
}
