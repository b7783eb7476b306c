/** Placebo runs: the same estimate with the treatment given to units that did not get it. */
import { seeded } from '#statistics/random/index.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'

export type PlaceboOptions = {
  readonly units: readonly string[]
  readonly treated: readonly string[]
  /** The estimator, as a function of who counts as treated. */
  readonly estimate: (treated: readonly string[]) => number | Refusal
  /** At most this many reassignments; all of them when there are no more. Default 999. */
  readonly runs?: number
  readonly seed: number
}

export type PlaceboResult = {
  readonly actual: number
  /** Estimates of the reassignments, smallest first. */
  readonly placebos: readonly number[]
  /** How often chance alone gives an estimate at least as far from 0, two-sided. */
  readonly p: number
  /** Every possible reassignment was run. */
  readonly exact: boolean
  /** Reassignments for which the estimator refused. */
  readonly refused: number
}

/**
 * Tests an effect by giving the treatment to every other choice of as many units (or to `runs` random ones): if placebos are
 * as large as the effect, the effect is chance. Works with any estimator of this room; distribution-free.
 * Run it also on an outcome or a period that treatment cannot have touched: there the actual estimate must look like a placebo.
 * Refuses treated units that are not among the units, no treated or no untreated unit, fewer than 5 placebos, an estimator
 * that refuses the actual assignment or more than half of the placebos.
 * Formula: p = (1 + #{|placebo| ≥ |actual|})/(1 + placebos), the actual assignment counted among them.
 * Source: Fisher 1935; Abadie, Diamond & Hainmueller, JASA 105 (2010); Phipson & Smyth 2010 for the 1 +.
 * @example
 * const change = { a: 9, b: 8, c: 1, d: 2, e: 0, f: 1 }
 * const mean = (names) => names.reduce((sum, name) => sum + change[name] / names.length, 0)
 * const units = Object.keys(change)
 * const estimate = (treated) => mean(treated) - mean(units.filter((unit) => !treated.includes(unit)))
 * placeboRuns({ units, treated: ['a', 'b'], estimate, seed: 1 }) // { actual: 7.5, p: 0.0667, exact: true }
 */
export function placeboRuns({
  units,
  treated,
  estimate,
  runs = 999,
  seed,
}: PlaceboOptions): PlaceboResult | Refusal {
  const refusal = unusable(units, treated, runs)
  if (refusal) return refusal
  const actual = estimate(treated)
  if (isRefusal(actual)) return actual
  if (!Number.isFinite(actual)) return refuse('not-finite', `[placeboRuns] the estimate is ${actual}.`)
  const exact = binomial(units.length, treated.length) - 1 <= runs
  const assignments = exact ? otherSubsets(units, treated) : randomSubsets(units, treated.length, runs, seed)
  const placebos: number[] = []
  let refused = 0
  for (const assignment of assignments) {
    const placebo = estimate(assignment)
    if (isRefusal(placebo) || !Number.isFinite(placebo)) refused++
    else placebos.push(placebo)
  }
  if (refused > placebos.length)
    return refuse(
      'too-few',
      `[placeboRuns] the estimator refused ${refused} of ${refused + placebos.length} placebos.`,
    )
  const bound = Math.abs(actual) * (1 - 1e-12)
  const extreme = placebos.filter((placebo) => Math.abs(placebo) >= bound).length
  return onlyFinite('placeboRuns', {
    actual,
    placebos: placebos.sort((a, b) => a - b),
    p: (1 + extreme) / (1 + placebos.length),
    exact,
    refused,
  })
}

function unusable(units: readonly string[], treated: readonly string[], runs: number): Refusal | undefined {
  const unknown = treated.find((unit) => !units.includes(unit))
  if (unknown !== undefined)
    return refuse('mismatch', `[placeboRuns] treated "${unknown}" is not among the units.`)
  const [n, k] = [new Set(units).size, new Set(treated).size]
  if (n < units.length || k < treated.length)
    return refuse('mismatch', '[placeboRuns] a unit is named twice.')
  if (k === 0 || k === n)
    return refuse('one-class', `[placeboRuns] ${k} of ${n} units are treated; some must not be.`)
  const possible = Math.min(binomial(n, k) - 1, runs)
  return possible < 5
    ? refuse('too-few', `[placeboRuns] ${possible} placebo(s) can be run; a test needs at least 5.`)
    : undefined
}

function binomial(n: number, k: number): number {
  let result = 1
  for (let i = 1; i <= k; i++) result = (result * (n - k + i)) / i
  return Math.round(result)
}

/** Every subset of the size of `treated` but itself. */
function* otherSubsets(units: readonly string[], treated: readonly string[]): Generator<string[]> {
  const own = new Set(treated)
  for (const subset of subsets(units, treated.length))
    if (!subset.every((unit) => own.has(unit))) yield subset
}

function* subsets(units: readonly string[], size: number, from = 0): Generator<string[]> {
  if (size === 0) {
    yield []
    return
  }
  for (let i = from; i <= units.length - size; i++)
    for (const rest of subsets(units, size - 1, i + 1)) yield [units[i] ?? '', ...rest]
}

function* randomSubsets(
  units: readonly string[],
  size: number,
  count: number,
  seed: number,
): Generator<string[]> {
  const random = seeded(seed)
  for (let run = 0; run < count; run++) yield random.shuffle(units).slice(0, size)
}
