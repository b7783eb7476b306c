/** Cross-product matrices per hash bucket, with a constant in front: what cross-fitting adds and subtracts. */
import type { Moments } from '#statistics/moments/index.ts'
import { isMissing, packedAt } from '#statistics/moments/moments.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

export type Products = {
  readonly bucket: number
  readonly n: number
  /** Σ w z z' with z = (1, variables − origin). */
  readonly matrix: readonly (readonly number[])[]
}

/** One matrix per bucket over rows that know all the variables wanted; refuses unknown and repeated names. */
export function bucketProducts(
  where: string,
  moments: Moments,
  wanted: readonly string[],
): Products[] | Refusal {
  const at = wanted.map((name) => moments.variables.indexOf(name))
  const unknown = wanted.find((_, i) => at[i] === -1)
  if (unknown !== undefined)
    return refuse(
      'mismatch',
      `[${where}] the moments have no variable "${unknown}"; they have ${moments.variables.join(', ')}.`,
    )
  if (new Set(wanted).size < wanted.length)
    return refuse('mismatch', `[${where}] a variable is named twice in ${wanted.join(', ')}.`)
  const p = moments.variables.length
  const buckets = new Map<number, Products>()
  for (const group of moments.groups) {
    if (at.some((variable) => isMissing(group, variable)) || group.n === 0) continue
    const ones = [group.weight, ...at.map((i) => group.sums[i] ?? 0)]
    const rows = at.map((i, row) => [
      ones[row + 1] ?? 0,
      ...at.map((j) => group.products[packedAt(i, j, p)] ?? 0),
    ])
    const own = { bucket: group.bucket, n: group.n, matrix: [ones, ...rows] }
    const before = buckets.get(group.bucket)
    buckets.set(group.bucket, before ? plus(before, own) : own)
  }
  const result = [...buckets.values()]
  if (result.some(({ matrix }) => matrix.flat().some((value) => !Number.isFinite(value))))
    return refuse('not-finite', `[${where}] a sum in the moments is not finite.`)
  return result
}

export function plus(a: Products, b: Products): Products {
  return combine(a, b, 1)
}

export function minus(a: Products, b: Products): Products {
  return combine(a, b, -1)
}

function combine(a: Products, b: Products, sign: 1 | -1): Products {
  return {
    bucket: a.bucket,
    n: a.n + sign * b.n,
    matrix: a.matrix.map((row, i) => row.map((value, j) => value + sign * (b.matrix[i]?.[j] ?? 0))),
  }
}
