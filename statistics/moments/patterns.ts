/** Groups of moments added up per missing pattern, centred and scaled so that iterations do not depend on units. */
import { movedTo } from './combine.ts'
import { isMissing, type MomentGroup, type Moments, packedAt } from './moments.ts'

export type Pattern = {
  /** Variables that are known in this pattern. */
  readonly known: readonly number[]
  readonly n: number
  readonly weight: number
  readonly sums: readonly number[]
  readonly products: readonly number[]
}

/** Patterns with at least one known variable, around `centre` and in units of `scale` (available-case means and standard deviations). */
export function patternsOf(moments: Moments): { patterns: Pattern[]; centre: number[]; scale: number[] } {
  const p = moments.variables.length
  const known = (i: number) => moments.groups.filter((g) => !isMissing(g, i))
  const centre = moments.variables.map((_, i) => {
    const weight = total(known(i), (g) => g.weight)
    return (moments.origin[i] ?? 0) + total(known(i), (g) => g.sums[i] ?? 0) / weight
  })
  const centred = movedTo(moments, centre)
  const scale = moments.variables.map((_, i) => {
    const groups = centred.groups.filter((g) => !isMissing(g, i))
    const square = total(groups, (g) => g.products[packedAt(i, i, p)] ?? 0)
    const largest = Math.abs((moments.origin[i] ?? 0) - (centre[i] ?? 0)) + Math.abs(centre[i] ?? 0)
    const variance = square / total(groups, (g) => g.weight)
    return variance > 1e-26 * largest ** 2 ? Math.sqrt(variance) : 0
  })
  const byMask = Map.groupBy(centred.groups, (g) => g.missing)
  const patterns = [...byMask.values()].map((groups) => patternOf(groups, scale))
  return {
    patterns: patterns.filter((pattern) => pattern.known.length > 0 && pattern.weight > 0),
    centre,
    scale,
  }
}

function patternOf(groups: readonly MomentGroup[], scale: readonly number[]): Pattern {
  const [first] = groups
  const p = scale.length
  const known = scale.flatMap((_, i) => (first && !isMissing(first, i) ? [i] : []))
  const products: number[] = []
  for (let i = 0; i < p; i++)
    for (let j = i; j < p; j++) {
      const at = products.length
      products.push(total(groups, (g) => g.products[at] ?? 0) / ((scale[i] || 1) * (scale[j] || 1)))
    }
  return {
    known,
    n: total(groups, (g) => g.n),
    weight: total(groups, (g) => g.weight),
    sums: scale.map((unit, i) => total(groups, (g) => g.sums[i] ?? 0) / (unit || 1)),
    products,
  }
}

function total(groups: readonly MomentGroup[], of: (group: MomentGroup) => number): number {
  let sum = 0
  for (const group of groups) sum += of(group)
  return sum
}
