/** R² of all 2^p subsets of drivers by depth-first Schur complements: about two multiplications a subset. */
import type { MatrixRows } from '#statistics/algebra/index.ts'
import type { Correlations } from './correlations.ts'

/** Residual covariances of drivers and outcome; the outcome's own variance is one. */
export type Residuals = { readonly drivers: MatrixRows; readonly outcome: readonly number[] }

/**
 * What remains of the drivers in `order` once those in `given` are held fixed, and the R² of `given` alone.
 * The rows come back in the order asked for.
 */
export function partialOut(
  { drivers, outcome }: Correlations,
  given: readonly number[],
  order: readonly number[],
): { readonly residuals: Residuals; readonly rSquared: number } {
  const a = [...given, ...order].map((i) => [
    ...[...given, ...order].map((j) => drivers[i]?.[j] ?? 0),
    outcome[i] ?? 0,
  ])
  let rSquared = 0
  for (let k = 0; k < given.length; k++) {
    const pivotRow = a[k] ?? []
    const pivot = pivotRow[k] ?? 1
    rSquared += (pivotRow.at(-1) ?? 0) ** 2 / pivot
    for (const row of a.slice(k + 1)) {
      const factor = (row[k] ?? 0) / pivot
      for (let j = k; j < row.length; j++) row[j] = (row[j] ?? 0) - factor * (pivotRow[j] ?? 0)
    }
  }
  const rest = a.slice(given.length)
  return {
    residuals: {
      drivers: rest.map((row) => row.slice(given.length, -1)),
      outcome: rest.map((row) => row.at(-1) ?? 0),
    },
    rSquared,
  }
}

/**
 * R² of every subset of players, indexed by bit mask (bit j = player j); the empty set has 0.
 * A player is one driver or several that enter together: `sizes` says how many rows each takes, in order.
 */
export function subsetRSquared(residuals: Residuals, sizes: readonly number[]): Float64Array {
  const table = new Float64Array(2 ** sizes.length)
  const buffers = createBuffers(residuals)
  const visit = (level: number, players: number, mask: number): void => {
    if (level === 2 && players === 2) return lastPair(buffers[2] as Float64Array, table, mask)
    const rSquared = table[mask] as number
    let offset = 0
    for (let player = players - 1; player >= 0; player--) {
      const size = sizes[player] as number
      let below = level - offset - 1
      let total = rSquared + sweep(buffers, level, offset)
      for (let k = 1; k < size; k++) total += sweep(buffers, below--, 0)
      const withPlayer = mask | (1 << player)
      table[withPlayer] = total
      if (below > 0) visit(below, player, withPlayer)
      offset += size
    }
  }
  visit(residuals.outcome.length, sizes.length, 0)
  return table
}

/**
 * One buffer per number m of drivers left: m rows of m covariances and the covariance with the outcome.
 * Only the upper triangle is kept up to date. The last driver comes first, so that neighbours in the table are written together.
 */
function createBuffers({ drivers, outcome }: Residuals): Float64Array[] {
  const p = outcome.length
  const buffers = Array.from({ length: p + 1 }, (_, m) => new Float64Array(m * (m + 1)))
  const top = buffers[p] as Float64Array
  for (const [i, row] of drivers.entries())
    top.set([...row.toReversed(), outcome[i] ?? 0], (p - 1 - i) * (p + 1))
  return buffers
}

/** Take driver i out of the m in buffer m, write what remains of those after it one level down, answer the gain in R². */
function sweep(buffers: readonly Float64Array[], m: number, i: number): number {
  const a = buffers[m] as Float64Array
  const stride = m + 1
  const row = i * stride
  const variance = a[row + i] as number
  const left = m - i - 1
  const b = buffers[left] as Float64Array
  let to = 0
  for (let j = i + 1; j < m; j++) {
    const factor = (a[row + j] as number) / variance
    const from = j * stride
    to += j - i - 1
    for (let k = j; k <= m; k++) b[to++] = (a[from + k] as number) - factor * (a[row + k] as number)
  }
  const covariance = a[row + m] as number
  return (covariance * covariance) / variance
}

/** The last two drivers in closed form: three quarters of all subsets end here. */
function lastPair(a: Float64Array, table: Float64Array, mask: number): void {
  const v1 = a[0] as number
  const shared = a[1] as number
  const c1 = a[2] as number
  const v2 = a[4] as number
  const c2 = a[5] as number
  const base = table[mask] as number
  const alone = base + (c1 * c1) / v1
  const rest = c2 - (c1 * shared) / v1
  table[mask | 2] = alone
  table[mask | 1] = base + (c2 * c2) / v2
  table[mask | 3] = alone + (rest * rest) / (v2 - (shared * shared) / v1)
}

/** Mean gain of each player over all orders of entry, from the table of `subsetRSquared`; the table is used up. */
export function shapley(table: Float64Array, players: number): number[] {
  const weights = Float64Array.from({ length: players + 1 }, (_, size) => arrivalWeight(size, players))
  let without = 0
  for (let mask = 0; mask < table.length; mask++) {
    const size = bits(mask)
    const value = table[mask] as number
    without += value * (weights[size] as number)
    table[mask] = value * ((weights[size] as number) + (size > 0 ? (weights[size - 1] as number) : 0))
  }
  return foldHalves(table, players).map((sum) => sum - without)
}

/** Share of the orders of entry in which one given player arrives right after one given set of `size` others. */
function arrivalWeight(size: number, players: number): number {
  if (size >= players) return 0
  let weight = 1 / players
  for (let k = 1; k <= size; k++) weight *= k / (players - k)
  return weight
}

/** For each bit, the sum of the table over the masks that hold it, by adding the upper half onto the lower again and again. */
function foldHalves(table: Float64Array, players: number): number[] {
  const sums = Array.from({ length: players }, () => 0)
  for (let bit = players - 1; bit >= 0; bit--) {
    const half = 1 << bit
    let sum = 0
    for (let mask = 0; mask < half; mask++) {
      const upper = table[mask + half] as number
      sum += upper
      table[mask] = (table[mask] as number) + upper
    }
    sums[bit] = sum
  }
  return sums
}

/** Number of ones in a mask of up to 31 bits. */
export function bits(mask: number): number {
  let v = mask - ((mask >> 1) & 0x55555555)
  v = (v & 0x33333333) + ((v >> 2) & 0x33333333)
  return (((v + (v >> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}
