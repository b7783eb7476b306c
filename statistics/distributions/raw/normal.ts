/** Normal distribution and error function without input checks: the kernel that other families call on checked numbers. */

const SQRT_2PI = 2.5066282746310002
const SWITCH = 2.75

/** exp(−x²/2) without the rounding of x² (x is split into sixteenths), so that tails keep all digits. */
function expHalfSquare(x: number): number {
  const head = Math.trunc(x * 16) / 16
  return Math.exp(-0.5 * head * head) * Math.exp(-0.5 * (x - head) * (x + head))
}

/** exp(−x²) by the same split. */
function expSquare(x: number): number {
  const head = Math.trunc(x * 16) / 16
  return Math.exp(-head * head) * Math.exp(-(x - head) * (x + head))
}

/** (Φ(z) − ½)/φ(z) = z + z³/3 + z⁵/15 + …, all terms of one sign. */
function centralSeries(z: number): number {
  let term = z
  let sum = z
  for (let k = 3; Math.abs(term) > Math.abs(sum) * 1e-17; k += 2) {
    term *= (z * z) / k
    sum += term
  }
  return sum
}

/** Mills' ratio (1 − Φ(z))/φ(z) for z ≥ 2 by Laplace's continued fraction, from the far end. */
function millsRatio(z: number): number {
  let fraction = z
  for (let k = Math.ceil(30 + 420 / (z * z)); k > 0; k--) fraction = z + k / fraction
  return 1 / fraction
}

export function normalPdf(z: number): number {
  return expHalfSquare(Math.abs(z)) / SQRT_2PI
}

/** Φ(z) − ½, keeping its digits near z = 0. */
export function normalCentral(z: number): number {
  if (Math.abs(z) >= SWITCH) return Math.sign(z) * (0.5 - normalUpper(Math.abs(z)))
  return centralSeries(z) * normalPdf(z)
}

export function normalUpper(z: number): number {
  if (z === Infinity) return 0
  if (z >= SWITCH) return millsRatio(z) * normalPdf(z)
  return z <= -SWITCH ? 1 - normalUpper(-z) : 0.5 - normalCentral(z)
}

export function normalCdf(z: number): number {
  return normalUpper(-z)
}

export function erfc(x: number): number {
  const z = x * Math.SQRT2
  if (x === Infinity) return 0
  if (z >= SWITCH) return (2 * millsRatio(z) * expSquare(x)) / SQRT_2PI
  return z <= -SWITCH ? 2 - erfc(-x) : 1 - erf(x)
}

export function erf(x: number): number {
  const z = x * Math.SQRT2
  if (Math.abs(z) >= SWITCH) return Math.sign(x) * (1 - erfc(Math.abs(x)))
  return (2 * centralSeries(z) * expSquare(Math.abs(x))) / SQRT_2PI
}

/** z with upper tail q ≤ ¼: rational start (Abramowitz & Stegun 26.2.23), then Newton's steps on the logarithm of the tail. */
function farQuantile(q: number): number {
  const t = Math.sqrt(-2 * Math.log(q))
  const start =
    t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
  let z = start
  for (let step = 0; step < 4; step++) {
    const upper = normalUpper(z)
    const move = (Math.log(upper / q) * upper) / normalPdf(z)
    z += move
    if (Math.abs(move) < 1e-9 * z) break
  }
  return z
}

/** z with Φ(z) − ½ = c, |c| ≤ ¼. */
function centralQuantile(c: number): number {
  let z = c * SQRT_2PI
  for (let step = 0; step < 8; step++) {
    const move = (c - normalCentral(z)) / normalPdf(z)
    z += move
    if (Math.abs(move) <= 1e-10 * Math.abs(z)) break
  }
  return z
}

export function normalQuantile(p: number): number {
  if (p === 0) return -Infinity
  if (p === 1) return Infinity
  if (Math.abs(p - 0.5) <= 0.25) return centralQuantile(p - 0.5)
  return p < 0.5 ? -farQuantile(p) : farQuantile(1 - p)
}

/** z whose upper tail is q: keeps the digits of a tiny q. */
export function normalUpperQuantile(q: number): number {
  return -normalQuantile(q)
}
