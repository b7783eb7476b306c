/** Moments from SQL aggregates, as databases hand them over: BigInt, DECIMAL text or doubles, centred exactly before they become doubles. */
import { z } from 'zod'
import { LARGEST } from '#statistics/argument-checks.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'
import { type Decimal, decimal, negated, plus, times, toNumber } from './decimal.ts'
import { MAX_VARIABLES, type MomentGroup, type Moments, triangle } from './moments.ts'

const SqlNumber = z.union([z.bigint(), z.number(), z.string()]).transform((value, context): Decimal => {
  const exact = decimal(value)
  if (exact) return exact
  context.addIssue('is no number')
  return z.NEVER
})

/** One row of `GROUP BY bucket, missing`: raw sums around 0. An absent product or sum of a missing variable may be null. */
const Aggregate = z.object({
  bucket: SqlNumber.default({ digits: 0n, scale: 0 }),
  missing: SqlNumber.default({ digits: 0n, scale: 0 }),
  n: SqlNumber,
  weight: SqlNumber.optional(),
  squaredWeight: SqlNumber.optional(),
  sums: z.array(SqlNumber.nullable()),
  products: z.array(SqlNumber.nullable()),
})
export type MomentAggregate = z.input<typeof Aggregate>
type Exact = z.output<typeof Aggregate>

const ZERO: Decimal = { digits: 0n, scale: 0 }

/**
 * Sufficient statistics from aggregate rows: `n`, `weight` (Σw, default n), `squaredWeight` (Σw², default Σw), `sums` (Σw·xᵢ) and
 * `products` (Σw·xᵢxⱼ, upper triangle row by row), each a number, BigInt or decimal string; `missing` is the bitmask of absent variables.
 * Refuses text that is no number, arrays of the wrong length, negative or broken counts.
 * The sums are moved to the variables' means in exact decimal arithmetic, so that 10¹⁸ − 10¹⁸ loses nothing.
 * Source: additivity of sums; exactness by integer arithmetic.
 * @example
 * const moments = momentsFromAggregates({ variables: ['cents'], rows: [{ n: 2n, sums: ['2000000000000001'], products: ['2000000000000002000000000000001'] }] })
 * summarise({ moments }).covariance // [[0.5]]
 */
export function momentsFromAggregates({
  variables,
  rows,
}: {
  variables: readonly string[]
  rows: readonly MomentAggregate[]
}): Moments | Refusal {
  const p = variables.length
  if (p === 0 || p > MAX_VARIABLES || new Set(variables).size !== p)
    return refuse(
      'mismatch',
      `[momentsFromAggregates] ${p} variables; give 1 to ${MAX_VARIABLES} different names.`,
    )
  const parsed = z.array(Aggregate).safeParse(rows)
  if (!parsed.success)
    return refuse(
      'not-finite',
      `[momentsFromAggregates] ${z.prettifyError(parsed.error)}; give numbers, BigInt or decimal text.`,
    )
  const exact = parsed.data
  const wrong = exact.findIndex((row) => row.sums.length !== p || row.products.length !== triangle(p))
  if (wrong >= 0)
    return refuse(
      'mismatch',
      `[momentsFromAggregates] row ${wrong} does not have ${p} sums and ${triangle(p)} products.`,
    )
  return centredGroups(variables, exact)
}

/** The table around the variables' means, unless its counts are broken or its sums too large. */
function centredGroups(variables: readonly string[], exact: readonly Exact[]): Moments | Refusal {
  const shifts = variables.map((_, i) => shortMean(exact, i))
  const groups = exact.map((row) => centred(row, shifts))
  const isWhole = (g: MomentGroup) => isCount(g.n) && isCount(g.bucket) && isCount(g.missing)
  const broken = groups.findIndex(
    (g) =>
      !isWhole(g) || !isWeight(g.weight) || !isWeight(g.squaredWeight) || g.missing >= 2 ** variables.length,
  )
  if (broken >= 0)
    return refuse(
      'out-of-range',
      `[momentsFromAggregates] row ${broken} has a negative or broken n, weight, bucket or missing mask.`,
    )
  const origin = shifts.map(toNumber)
  const sums = [...origin, ...groups.flatMap((g) => g.sums)]
  if (
    !sums.every((sum) => Math.abs(sum) <= LARGEST) ||
    !groups.every((g) => g.products.every(Number.isFinite))
  )
    return refuse('out-of-range', `[momentsFromAggregates] a sum exceeds ${LARGEST}; use a larger unit.`)
  return { variables: [...variables], origin, groups }
}

function isWeight(value: number): boolean {
  return value >= 0 && value <= LARGEST
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0
}

/** The variable's mean to six digits: an exact decimal near the data. */
function shortMean(rows: readonly Exact[], i: number): Decimal {
  const known = rows.filter((row) => !absent(row, i))
  const sum = known.map((row) => row.sums[i] ?? ZERO).reduce(plus, ZERO)
  const weight = known.map((row) => row.weight ?? row.n).reduce(plus, ZERO)
  const mean = toNumber(sum) / toNumber(weight)
  return (Number.isFinite(mean) ? decimal(Number(mean.toPrecision(6))) : undefined) ?? ZERO
}

function absent(row: Exact, i: number): boolean {
  return ((toNumber(row.missing) >>> i) & 1) === 1
}

/** Σw(x−o) = S − oW and Σw(x−o)(y−q) = P − oS_y − qS_x + oqW, all exact. */
function centred(row: Exact, shifts: readonly Decimal[]): MomentGroup {
  const weight = row.weight ?? row.n
  const sum = (i: number) => row.sums[i] ?? ZERO
  const known = (i: number) => !absent(row, i)
  const shift = (i: number) => negated(shifts[i] ?? ZERO)
  const products: number[] = []
  for (let i = 0; i < shifts.length; i++)
    for (let j = i; j < shifts.length; j++) {
      const raw = row.products[products.length] ?? ZERO
      const moved = [
        raw,
        times(shift(i), sum(j)),
        times(shift(j), sum(i)),
        times(times(shift(i), shift(j)), weight),
      ]
      products.push(known(i) && known(j) ? toNumber(moved.reduce(plus, ZERO)) : 0)
    }
  return {
    bucket: toNumber(row.bucket),
    missing: toNumber(row.missing),
    n: toNumber(row.n),
    weight: toNumber(weight),
    squaredWeight: toNumber(row.squaredWeight ?? weight),
    sums: shifts.map((_, i) => (known(i) ? toNumber(plus(sum(i), times(shift(i), weight))) : 0)),
    products,
  }
}
