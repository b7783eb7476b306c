/** Das Gupta's second step: makes pairwise standardised rates of N populations transitive. */

/**
 * One standardised rate per population out of all pairwise ones: `pairwise[i][j]` is population i's rate when standardised
 * with population j alone (the diagonal is not read). With two populations it returns the pairwise rates.
 * Das Gupta 1993, eq. 6.11: α₁.₂₃…N = Σⱼ α₁.ⱼ/(N−1) + Σᵢ(Σⱼ αᵢ.ⱼ − (N−2)αᵢ.₁)/(N(N−1)), i, j ≠ 1, j ≠ i.
 */
export function standardise(pairwise: readonly (readonly number[])[]): number[] {
  const n = pairwise.length
  return pairwise.map((row, own) => {
    let mean = 0
    let correction = 0
    for (let i = 0; i < n; i++) {
      if (i === own) continue
      mean += (row[i] ?? 0) / (n - 1)
      let others = 0
      for (let j = 0; j < n; j++) if (j !== own && j !== i) others += pairwise[i]?.[j] ?? 0
      correction += others - (n - 2) * (pairwise[i]?.[own] ?? 0)
    }
    return mean + correction / (n * (n - 1))
  })
}
