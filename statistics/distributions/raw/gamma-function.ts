/** ln Γ and the saddle-point pieces (Loader 2000) that keep binomial, Poisson, gamma and beta densities exact for n up to 10⁸. */

const HALF_LOG_2PI = 0.9189385332046728
const EULER = 0.5772156649015329

/** ζ(k) − 1 for k = 2…60: direct terms and an Euler–Maclaurin remainder. */
const zetaMinusOne: readonly number[] = Array.from({ length: 61 }, (_, k) => {
  if (k < 2) return 0
  const from = 40
  let sum = 0
  const next = from ** -k
  const tail = (from * next) / (k - 1) + next / 2 + (k * next) / (12 * from)
  const third = (k * (k + 1) * (k + 2) * next) / (720 * from ** 3)
  const fifth = (k * (k + 1) * (k + 2) * (k + 3) * (k + 4) * next) / (30240 * from ** 5)
  for (let i = from - 1; i >= 2; i--) sum += i ** -k
  return sum + (tail - third + fifth)
})

/** ln Γ(2 + y) for |y| ≤ ½: exact at its zero. */
function logGammaNearTwo(y: number): number {
  let sum = 0
  let power = -y
  for (let k = 2; k <= 60; k++) {
    power *= -y
    const term = ((zetaMinusOne[k] ?? 0) * -power) / k
    sum += term
    if (Math.abs(term) < 1e-18) break
  }
  return y * (1 - EULER) - sum
}

/** ln Γ(x) − Stirling's leading part for x ≥ 10. */
function stirlingSeries(x: number): number {
  const r = 1 / (x * x)
  return (
    (1 / 12 -
      r *
        (1 / 360 -
          r *
            (1 / 1260 -
              r * (1 / 1680 - r * (1 / 1188 - r * (691 / 360360 - r * (1 / 156 - (r * 3617) / 122400))))))) /
    x
  )
}

/** ln Γ(x), x > 0. */
export function logGamma(x: number): number {
  if (x >= 10) return (x - 0.5) * Math.log(x) - x + HALF_LOG_2PI + stirlingSeries(x)
  if (x < 0.5) return logGammaNearTwo(x) - Math.log1p(x) - Math.log(x)
  if (x < 1.5) return logGammaNearTwo(x - 1) - Math.log(x)
  let shifted = x
  let product = 1
  while (shifted > 2.5) {
    shifted -= 1
    product *= shifted
  }
  return logGammaNearTwo(shifted - 2) + Math.log(product)
}

export function logBeta(a: number, b: number): number {
  const small = Math.min(a, b)
  const large = Math.max(a, b)
  if (small < 10)
    return large < 10 ? logGamma(a) + logGamma(b) - logGamma(a + b) : logGamma(small) + logRatio(large, small)
  const q = small / (small + large)
  return (
    HALF_LOG_2PI -
    0.5 * Math.log(large) +
    stirlingSeries(small) +
    stirlingSeries(large) -
    stirlingSeries(small + large) +
    (small - 0.5) * Math.log(q) +
    large * Math.log1p(-q)
  )
}

/** ln Γ(x) − ln Γ(x + d) for x ≥ 10, without subtracting large numbers. */
function logRatio(x: number, d: number): number {
  return d - (x - 0.5) * Math.log1p(d / x) - d * Math.log(x + d) + stirlingSeries(x) - stirlingSeries(x + d)
}

/** δ(x) = ln Γ(x + 1) − [(x + ½) ln x − x + ½ ln 2π]. */
export function stirlingError(x: number): number {
  if (x >= 10) return stirlingSeries(x)
  return logGamma(x + 1) - (x + 0.5) * Math.log(x) + x - HALF_LOG_2PI
}

/** Deviance x ln(x/m) + m − x, exact for x near m. */
export function devianceTerm(x: number, m: number): number {
  if (Math.abs(x - m) >= 0.1 * (x + m)) return x * Math.log(x / m) + m - x
  const v = (x - m) / (x + m)
  let sum = (x - m) * v
  let power = 2 * x * v
  for (let k = 3; k < 1000; k += 2) {
    power *= v * v
    const next = sum + power / k
    if (next === sum) break
    sum = next
  }
  return sum
}

/** Γ(n+1)/(Γ(k+1)Γ(n−k+1)) pᵏ qⁿ⁻ᵏ for real 0 ≤ k ≤ n, q = 1 − p given apart. */
export function binomialTerm(k: number, n: number, p: number, q: number): number {
  if (p === 0) return k === 0 ? 1 : 0
  if (q === 0) return k === n ? 1 : 0
  if (k === 0) return Math.exp(p < 0.1 ? n * Math.log1p(-p) : n * Math.log(q))
  if (k === n) return Math.exp(q < 0.1 ? n * Math.log1p(-q) : n * Math.log(p))
  const rest = n - k
  const exponent =
    stirlingError(n) -
    stirlingError(k) -
    stirlingError(rest) -
    devianceTerm(k, n * p) -
    devianceTerm(rest, n * q)
  return Math.exp(exponent) * Math.sqrt(n / (k * rest) / (2 * Math.PI))
}

/** λᵏ e^−λ / Γ(k+1) for real k ≥ 0. */
export function poissonTerm(k: number, mean: number): number {
  if (mean === 0) return k === 0 ? 1 : 0
  if (k === 0) return Math.exp(-mean)
  return Math.exp(-stirlingError(k) - devianceTerm(k, mean)) / Math.sqrt(2 * Math.PI * k)
}
