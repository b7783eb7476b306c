/** Das Gupta's symmetric split of cell shares into one factor per classification variable. */
import { countBits, shapleyWeights } from './shapley-weights.ts'

/**
 * For each cell one number per classification variable, whose product is the cell's share N_cell/N.
 * `levels[c][v]` is the level of variable v in cell c, `sizes[c]` its size; empty cells get zeros.
 * Two variables: A = √(N_ij/N_.j · N_i./N), B = √(N_ij/N_i. · N_.j/N). In general the average over all orders of adding
 * variables of N_S∪v / N_S, geometric: the Shapley value of log N. Das Gupta 1993, chapter 5.
 */
export function symmetricStructure(
  levels: readonly (readonly string[])[],
  sizes: readonly number[],
): number[][] {
  const variables = levels[0]?.length ?? 0
  const weights = shapleyWeights(variables)
  const logs = Array.from({ length: 2 ** variables }, (_, mask) => logMargins(levels, sizes, mask))
  return sizes.map((size, cell) =>
    Array.from({ length: variables }, (_, variable) => {
      if (size === 0) return 0
      let log = 0
      for (let mask = 0; mask < logs.length; mask++) {
        if (mask & (1 << variable)) continue
        const gain = (logs[mask | (1 << variable)]?.[cell] ?? 0) - (logs[mask]?.[cell] ?? 0)
        log += (weights[countBits(mask)] ?? 0) * gain
      }
      return Math.exp(log)
    }),
  )
}

/** Logarithm of the total size of the cells that agree with each cell in the variables of `mask`. */
function logMargins(
  levels: readonly (readonly string[])[],
  sizes: readonly number[],
  mask: number,
): number[] {
  const keys = levels.map((cell) => JSON.stringify(cell.filter((_, variable) => mask & (1 << variable))))
  const totals = new Map<string, number>()
  keys.forEach((key, cell) => totals.set(key, (totals.get(key) ?? 0) + (sizes[cell] ?? 0)))
  return keys.map((key) => Math.log(totals.get(key) ?? 0))
}
