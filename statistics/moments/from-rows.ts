/** Moments straight from rows: the reference that every SQL aggregate is held to. */
import { LARGEST } from '#statistics/argument-checks.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'
import { MAX_VARIABLES, type MomentGroup, type Moments, triangle } from './moments.ts'

export type MomentRow = {
  /** One value per variable; null where the answer is missing. */
  readonly values: readonly (number | null)[]
  /** Default 1; must not be negative. */
  readonly weight?: number
  /** Default 0. */
  readonly bucket?: number
}

/**
 * Sufficient statistics of rows, one group per bucket and missing pattern.
 * Refuses no variables or more than 31, rows of another length, values that are not finite, weights below 0.
 * The origin is each variable's plain mean, rounded to six digits.
 * Source: additivity of Σw, Σwx, Σwxx′; shifting as in Chan, Golub & LeVeque (1983).
 * @example
 * const table = momentsFromRows({ variables: ['a', 'b'], rows: [{ values: [1, 2] }, { values: [3, null] }] })
 * table.origin // [2, 2]
 * table.groups.map((group) => group.missing) // [0, 2]
 */
export function momentsFromRows({
  variables,
  rows,
}: {
  variables: readonly string[]
  rows: readonly MomentRow[]
}): Moments | Refusal {
  const refused = unusable(variables, rows)
  if (refused) return refused
  const origin = variables.map((_, i) => shortMean(rows, i))
  const groups = new Map<string, MomentGroup>()
  for (const row of rows) {
    const missing = row.values.reduce<number>((mask, value, i) => (value === null ? mask + 2 ** i : mask), 0)
    const key = `${row.bucket ?? 0}:${missing}`
    const group = groups.get(key) ?? emptyGroup(row.bucket ?? 0, missing, variables.length)
    groups.set(key, group)
    add(group, row, origin)
  }
  return { variables: [...variables], origin, groups: [...groups.values()] }
}

export function emptyGroup(bucket: number, missing: number, p: number): MomentGroup {
  return {
    bucket,
    missing,
    n: 0,
    weight: 0,
    squaredWeight: 0,
    sums: Array<number>(p).fill(0),
    products: Array<number>(triangle(p)).fill(0),
  }
}

function add(group: MomentGroup, { values, weight = 1 }: MomentRow, origin: readonly number[]): void {
  group.n += 1
  group.weight += weight
  group.squaredWeight += weight * weight
  const shifted = values.map((value, i) => (value === null ? 0 : value - (origin[i] ?? 0)))
  let at = 0
  for (const [i, x] of shifted.entries()) {
    group.sums[i] = (group.sums[i] ?? 0) + weight * x
    for (let j = i; j < shifted.length; j++, at++)
      group.products[at] = (group.products[at] ?? 0) + weight * x * (shifted[j] ?? 0)
  }
}

function shortMean(rows: readonly MomentRow[], variable: number): number {
  let sum = 0
  let n = 0
  for (const { values } of rows) {
    const value = values[variable]
    if (typeof value !== 'number') continue
    n += 1
    sum += (value - sum) / n
  }
  return Number(sum.toPrecision(6))
}

function unusable(variables: readonly string[], rows: readonly MomentRow[]): Refusal | undefined {
  const p = variables.length
  if (p === 0 || p > MAX_VARIABLES)
    return refuse('mismatch', `[momentsFromRows] ${p} variables; give 1 to ${MAX_VARIABLES}.`)
  if (new Set(variables).size !== p)
    return refuse('mismatch', '[momentsFromRows] variable names repeat; give each its own name.')
  for (const [i, { values, weight = 1, bucket = 0 }] of rows.entries()) {
    if (values.length !== p)
      return refuse(
        'mismatch',
        `[momentsFromRows] row ${i} has ${values.length} values for ${p} variables; make them equal.`,
      )
    if (!values.every((value) => value === null || Math.abs(value) <= LARGEST))
      return refuse(
        'not-finite',
        `[momentsFromRows] row ${i} has a value that is not finite; use null for missing.`,
      )
    if (!(weight >= 0 && weight <= LARGEST))
      return refuse(
        'no-weight',
        `[momentsFromRows] row ${i} has weight ${weight}; weights must be at least 0.`,
      )
    if (!Number.isInteger(bucket) || bucket < 0)
      return refuse(
        'out-of-range',
        `[momentsFromRows] row ${i} has bucket ${bucket}; buckets are whole numbers from 0.`,
      )
  }
  return undefined
}
