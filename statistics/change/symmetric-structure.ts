/** Das Gupta's symmetric split of cell shares into one factor per classification variable. */
import { countBits, shapleyWeights } from './shapley-weights.ts'

/** For each set of variables (as a bit mask) the group each cell falls into when only those variables are looked at. */
export type Margins = readonly Int32Array[]

/** `levels[c][v]` is the level of variable v in cell c. */
export function margins(levels: readonly (readonly string[])[]): Margins {
  const variables = levels[0]?.length ?? 0
  const codes = Array.from({ length: variables }, (_, v) => numbered(levels.map((cell) => cell[v] ?? '')))
  const ids: Int32Array[] = [new Int32Array(levels.length)]
  for (let mask = 1; mask < 2 ** variables; mask++) {
    const rest = ids[mask & (mask - 1)] ?? new Int32Array()
    const added = codes[Math.log2(mask & -mask)] ?? new Int32Array()
    ids.push(numbered(Array.from(rest, (id, cell) => id * levels.length + (added[cell] ?? 0))))
  }
  return ids
}

/**
 * For each classification variable one number per cell; their product is the cell's share N_cell/N; empty cells get zeros.
 * Two variables: A = √(N_ij/N_.j · N_i./N), B = √(N_ij/N_i. · N_.j/N). In general the average over all orders of adding
 * variables of N_S∪v / N_S, geometric: the Shapley value of log N. Das Gupta 1993, chapter 5.
 */
export function symmetricStructure(groups: Margins, sizes: readonly number[]): Float64Array[] {
  const variables = Math.log2(groups.length)
  const weights = shapleyWeights(variables)
  const logs = groups.map((ids) => logTotals(ids, sizes))
  return Array.from({ length: variables }, (_, variable) => {
    const factor = new Float64Array(sizes.length)
    for (let mask = 0; mask < logs.length; mask++) {
      if (mask & (1 << variable)) continue
      const weight = weights[countBits(mask)] ?? 0
      const [larger, smaller] = [logs[mask] ?? factor, logs[mask | (1 << variable)] ?? factor]
      for (let c = 0; c < factor.length; c++)
        factor[c] = (factor[c] ?? 0) + weight * ((smaller[c] ?? 0) - (larger[c] ?? 0))
    }
    for (const [c, size] of sizes.entries()) factor[c] = size === 0 ? 0 : Math.exp(factor[c] ?? 0)
    return factor
  })
}

/** Logarithm of the total size of each cell's group. */
function logTotals(ids: Int32Array, sizes: readonly number[]): Float64Array {
  const totals = new Float64Array(ids.length)
  let groups = 0
  for (let c = 0; c < ids.length; c++) {
    const id = ids[c] ?? 0
    totals[id] = (totals[id] ?? 0) + (sizes[c] ?? 0)
    groups = Math.max(groups, id + 1)
  }
  for (let id = 0; id < groups; id++) totals[id] = Math.log(totals[id] ?? 0)
  const logs = new Float64Array(ids.length)
  for (let c = 0; c < ids.length; c++) logs[c] = totals[ids[c] ?? 0] ?? 0
  return logs
}

/** Equal values get equal whole numbers from 0 on. */
function numbered(values: readonly (string | number)[]): Int32Array {
  const known = new Map<string | number, number>()
  const ids = new Int32Array(values.length)
  for (const [i, value] of values.entries()) {
    const id = known.get(value)
    ids[i] = id ?? known.size
    if (id === undefined) known.set(value, known.size)
  }
  return ids
}
