/** Tables of moments by hash bucket, ready to leave buckets out or draw them again. */
import type { MomentGroup, Moments } from '#statistics/moments/index.ts'

export type Buckets = {
  /** All rows, buckets put together: one group per missing pattern. */
  readonly whole: Moments
  /** Per bucket its groups, by missing pattern. */
  readonly parts: readonly ReadonlyMap<number, MomentGroup>[]
}

export function byBucket(moments: Moments): Buckets {
  const parts = new Map<number, Map<number, MomentGroup>>()
  for (const group of moments.groups) {
    const part = parts.get(group.bucket) ?? new Map<number, MomentGroup>()
    parts.set(group.bucket, part)
    part.set(group.missing, { ...plus(part.get(group.missing), group, 1), bucket: 0 })
  }
  const list = [...parts.entries()].sort(([a], [b]) => a - b).map(([, part]) => part)
  return {
    whole: weightedSum(
      moments,
      list,
      list.map(() => 1),
    ),
    parts: list,
  }
}

/** The table in which each bucket counts `times` over. */
export function weightedSum(
  moments: Pick<Moments, 'variables' | 'origin'>,
  parts: Buckets['parts'],
  times: readonly number[],
): Moments {
  const sums = new Map<number, MomentGroup>()
  for (const [b, part] of parts.entries()) {
    const factor = times[b] ?? 0
    if (factor === 0) continue
    for (const [pattern, group] of part) {
      const sum = sums.get(pattern)
      if (sum) addInto(sum, group, factor)
      else sums.set(pattern, plus(undefined, group, factor))
    }
  }
  return { variables: [...moments.variables], origin: [...moments.origin], groups: [...sums.values()] }
}

/** The whole without one bucket. */
export function without({ whole, parts }: Buckets, bucket: number): Moments {
  const part = parts[bucket]
  const groups = whole.groups
    .map((group) => {
      const left = part?.get(group.missing)
      return left ? plus(group, left, -1) : group
    })
    .filter((group) => group.n > 0)
  return { ...whole, groups }
}

function plus(sum: MomentGroup | undefined, group: MomentGroup, factor: number): MomentGroup {
  const copy: MomentGroup = sum
    ? { ...sum, sums: [...sum.sums], products: [...sum.products] }
    : {
        ...group,
        n: 0,
        weight: 0,
        squaredWeight: 0,
        sums: group.sums.map(() => 0),
        products: group.products.map(() => 0),
      }
  addInto(copy, group, factor)
  return copy
}

function addInto(sum: MomentGroup, group: MomentGroup, factor: number): void {
  sum.n += factor * group.n
  sum.weight += factor * group.weight
  sum.squaredWeight += factor * group.squaredWeight
  for (const [i, value] of group.sums.entries()) sum.sums[i] = (sum.sums[i] ?? 0) + factor * value
  for (const [i, value] of group.products.entries()) sum.products[i] = (sum.products[i] ?? 0) + factor * value
}
