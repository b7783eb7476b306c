/** Many tests at once (every store against the rest): adjusted p-values that keep chance findings in check. */
import { notShare } from '#statistics/argument-checks.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

/**
 * Benjamini–Hochberg adjusted p-values, in the order given: those ≤ q are findings of which at most a share q is false on average.
 * Refuses an empty list and p-values outside 0–1.
 * Formula: p̃₍ᵢ₎ = min over j ≥ i of min(1, m·p₍ⱼ₎/j).
 * Source: Benjamini & Hochberg (1995), JRSS B 57, 289–300; R `p.adjust(p, "BH")`.
 * @example
 * benjaminiHochberg([0.01, 0.04, 0.03, 0.005]) // [0.02, 0.04, 0.04, 0.02]
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] | Refusal {
  const refused = notPValues('benjaminiHochberg', pValues)
  if (refused) return refused
  const order = ranked(pValues)
  const result = Array<number>(pValues.length).fill(1)
  let least = 1
  for (let rank = order.length; rank > 0; rank--) {
    const at = order[rank - 1] ?? 0
    least = Math.min(least, (pValues[at] ?? 1) * (order.length / rank))
    result[at] = least
  }
  return result
}

/**
 * Holm's adjusted p-values, in the order given: those ≤ α are findings, with at most chance α of any false one.
 * Refuses an empty list and p-values outside 0–1.
 * Formula: p̃₍ᵢ₎ = max over j ≤ i of min(1, (m − j + 1)·p₍ⱼ₎).
 * Source: Holm (1979), Scandinavian Journal of Statistics 6, 65–70; R `p.adjust(p, "holm")`.
 * @example
 * holm([0.01, 0.04, 0.03, 0.005]) // [0.03, 0.06, 0.06, 0.02]
 */
export function holm(pValues: readonly number[]): number[] | Refusal {
  const refused = notPValues('holm', pValues)
  if (refused) return refused
  const result = Array<number>(pValues.length).fill(1)
  let most = 0
  for (const [place, at] of ranked(pValues).entries()) {
    most = Math.max(most, Math.min(1, (pValues.length - place) * (pValues[at] ?? 1)))
    result[at] = most
  }
  return result
}

function ranked(pValues: readonly number[]): number[] {
  return pValues.map((_, i) => i).sort((a, b) => (pValues[a] ?? 0) - (pValues[b] ?? 0))
}

function notPValues(where: string, pValues: readonly number[]): Refusal | undefined {
  if (pValues.length === 0) return refuse('too-few', `[${where}] no p-values; give at least one.`)
  for (const p of pValues) {
    const refused = notShare(where, { p })
    if (refused) return refused
  }
  return undefined
}
