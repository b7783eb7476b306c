/** Least-squares effects in a known causal order, pruned by BIC. */
import { leastSquares } from '#statistics/algebra/index.ts'
import { isRefusal, type Refusal } from '#statistics/refusal.ts'

export type IndexedEdge = { readonly from: number; readonly to: number; readonly effect: number }

/** Each variable on all before it; the weakest is dropped while its t² < ln n. */
export function edgesInOrder(
  columns: readonly Float64Array[],
  order: readonly number[],
): IndexedEdge[] | Refusal {
  const edges: IndexedEdge[] = []
  for (const [place, to] of order.entries()) {
    let causes = order.slice(0, place)
    while (causes.length > 0) {
      const fit = effectsOf(columns, causes, to)
      if (isRefusal(fit)) return fit
      const weakest = fit.t.indexOf(Math.min(...fit.t))
      if ((fit.t[weakest] ?? 0) ** 2 >= Math.log(columns[to]?.length ?? 1)) {
        edges.push(...causes.map((from, i) => ({ from, to, effect: fit.effects[i] ?? 0 })))
        break
      }
      causes = causes.filter((_, i) => i !== weakest)
    }
  }
  return edges
}

/** Coefficients and |t| of the causes, the intercept left out. */
function effectsOf(
  columns: readonly Float64Array[],
  causes: readonly number[],
  to: number,
): { effects: number[]; t: number[] } | Refusal {
  const y = [...(columns[to] ?? [])]
  const x = y.map((_, row) => [1, ...causes.map((cause) => columns[cause]?.[row] ?? 0)])
  const fit = leastSquares({ x, y })
  if (isRefusal(fit)) return fit
  const fitted = x.map((row) => row.reduce((sum, value, i) => sum + value * (fit.coefficients[i] ?? 0), 0))
  const variance = y.reduce((sum, value, row) => sum + (value - (fitted[row] ?? 0)) ** 2, 0) / fit.dfResidual
  const effects = fit.coefficients.slice(1)
  const t = effects.map(
    (effect, i) => Math.abs(effect) / Math.sqrt(variance * (fit.inverseGram[i + 1]?.[i + 1] ?? 0)),
  )
  return { effects, t }
}
