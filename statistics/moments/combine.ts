/** Adding and subtracting tables of moments: periods, segments and hash buckets are put together without going back to rows. */
import { refuse, type Refusal } from '#statistics/refusal.ts'
import { emptyGroup } from './from-rows.ts'
import { isMissing, type MomentGroup, type Moments } from './moments.ts'

/**
 * The moments of all rows of several tables together; groups of equal bucket and pattern are added.
 * Refuses an empty list and tables of different variables. Origins may differ: all are moved to the first.
 * Source: additivity of sums.
 * @example
 * const a = momentsFromRows({ variables: ['x'], rows: [{ values: [1] }, { values: [2] }] })
 * const b = momentsFromRows({ variables: ['x'], rows: [{ values: [6] }] })
 * summarise({ moments: mergeMoments([a, b]) }).means // [3]
 */
export function mergeMoments(tables: readonly Moments[]): Moments | Refusal {
  const [first] = tables
  if (!first) return refuse('too-few', '[mergeMoments] no tables; give at least one.')
  if (!tables.every((table) => sameVariables(table, first)))
    return refuse(
      'mismatch',
      '[mergeMoments] tables have different variables; merge tables of the same columns.',
    )
  const groups = new Map<string, MomentGroup>()
  for (const table of tables)
    for (const group of movedTo(table, first.origin).groups)
      accumulate(groups, group, 1, first.variables.length)
  return { variables: [...first.variables], origin: [...first.origin], groups: [...groups.values()] }
}

/**
 * What remains of `whole` when the rows of `part` are taken out (leave one bucket, one store or one month out).
 * Refuses tables of different variables and a part with more rows than the whole in any group.
 * Source: additivity of sums.
 * @example
 * const part = momentsFromRows({ variables: ['x'], rows: [{ values: [6] }] })
 * const whole = momentsFromRows({ variables: ['x'], rows: [{ values: [1] }, { values: [2] }, { values: [6] }] })
 * summarise({ moments: subtractMoments({ whole, part }) }).means // [1.5]
 */
export function subtractMoments({ whole, part }: { whole: Moments; part: Moments }): Moments | Refusal {
  if (!sameVariables(whole, part))
    return refuse(
      'mismatch',
      '[subtractMoments] whole and part have different variables; use tables of the same columns.',
    )
  const groups = new Map<string, MomentGroup>()
  for (const group of whole.groups) accumulate(groups, group, 1, whole.variables.length)
  for (const group of movedTo(part, whole.origin).groups)
    accumulate(groups, group, -1, whole.variables.length)
  const left = [...groups.values()]
  if (left.some((group) => group.n < 0))
    return refuse(
      'mismatch',
      '[subtractMoments] the part has rows that the whole does not have; check that it is a part.',
    )
  return {
    variables: [...whole.variables],
    origin: [...whole.origin],
    groups: left.filter((group) => group.n > 0),
  }
}

/** The same rows, summed around another origin. */
export function movedTo(table: Moments, origin: readonly number[]): Moments {
  const step = table.origin.map((from, i) => from - (origin[i] ?? 0))
  if (step.every((d) => d === 0)) return table
  return { ...table, origin: [...origin], groups: table.groups.map((group) => movedGroup(group, step)) }
}

function movedGroup(group: MomentGroup, step: readonly number[]): MomentGroup {
  const d = step.map((value, i) => (isMissing(group, i) ? 0 : value))
  const products: number[] = []
  for (const [i, di] of d.entries())
    for (const [j, dj] of d.entries()) {
      if (j < i) continue
      const cross = di * (group.sums[j] ?? 0) + dj * (group.sums[i] ?? 0) + di * dj * group.weight
      products.push((group.products[products.length] ?? 0) + cross)
    }
  return { ...group, sums: group.sums.map((sum, i) => sum + (d[i] ?? 0) * group.weight), products }
}

function accumulate(groups: Map<string, MomentGroup>, group: MomentGroup, sign: 1 | -1, p: number): void {
  const key = `${group.bucket}:${group.missing}`
  const sum = groups.get(key) ?? emptyGroup(group.bucket, group.missing, p)
  groups.set(key, {
    ...sum,
    n: sum.n + sign * group.n,
    weight: sum.weight + sign * group.weight,
    squaredWeight: sum.squaredWeight + sign * group.squaredWeight,
    sums: sum.sums.map((value, i) => value + sign * (group.sums[i] ?? 0)),
    products: sum.products.map((value, i) => value + sign * (group.products[i] ?? 0)),
  })
}

function sameVariables(a: Moments, b: Moments): boolean {
  return a.variables.length === b.variables.length && a.variables.every((name, i) => name === b.variables[i])
}
