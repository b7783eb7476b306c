/** Gauss's hypergeometric function where customer models need it: positive a, b and 0 ≤ z < 1. */

/** ₂F₁(a, b; c; z) by its series; terms shrink by z in the end, so z near 1 takes many. */
export function hypergeometric(a: number, b: number, c: number, z: number): number {
  let term = 1
  let sum = 1
  for (let k = 0; k < 1e6; k++) {
    term *= (((a + k) * (b + k)) / ((c + k) * (k + 1))) * z
    sum += term
    const falling = ((a + k + 1) * (b + k + 1) * z) / ((c + k + 1) * (k + 2)) < 1
    if (falling && Math.abs(term) < 1e-17 * Math.abs(sum) * (1 - z)) break
  }
  return sum
}
