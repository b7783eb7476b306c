/** Outliers of a seasonal series: generalised ESD on the remainder of a robust STL. */
import type { Refusal } from '#statistics/refusal.ts'

import { generalisedEsd } from './generalised-esd.ts'
import { stl, type StlInput } from './stl.ts'

/**
 * Periods whose remainder stands out once season and trend are taken away, farthest first.
 *
 * `most` defaults to a tenth of the values, α to .05. Refuses what `stl` and `generalisedEsd` refuse.
 * Formula: indices of `generalisedEsd` over `stl({ …, robust: true }).remainder`.
 * Source: Cleveland et al. 1990; Rosner 1983; the pair as in Hochenbaum, Vallis, Kejariwal, arXiv 1704.07706.
 *
 * @example
 * const noise = [3, -2, 1, -4, 2, 4, -1, -3, 0, 2, -2, 1, 3, -1, -4, 2, 0]
 * const calls = Array.from({ length: 56 }, (_, i) => 50 + 8 * (i % 7) + noise[(i * 5) % 17] + (i === 24 ? 60 : 0))
 * stlAnomalies({ values: calls, period: 7 }) // [24]
 */
export function stlAnomalies({
  most,
  alpha = 0.05,
  ...input
}: Omit<StlInput, 'robust'> & { readonly most?: number; readonly alpha?: number }):
  | readonly number[]
  | Refusal {
  const parts = stl({ ...input, robust: true })
  if ('refused' in parts) return parts
  const limit = most ?? Math.max(1, Math.floor(input.values.length / 10))
  const esd = generalisedEsd({ values: parts.remainder, most: limit, alpha })
  return 'refused' in esd ? esd : esd.outliers
}
