/** Oaxaca–Blinder: how much of a gap between two groups is what they have, how much is what it is worth to them. */
import { dot, neumaierSum } from '#statistics/algebra/index.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

export type GroupModel = {
  /** Mean of each variable, the intercept's 1 included. */
  readonly means: readonly number[]
  /** Regression coefficients of the same variables, fitted inside the group. */
  readonly coefficients: readonly number[]
  /** Sampling covariance of the coefficients; with it (in both groups) parts get standard errors. */
  readonly coefficientCovariance?: readonly (readonly number[])[]
  /** Sampling covariance of the means; zeros unless given. */
  readonly meanCovariance?: readonly (readonly number[])[]
}

export type OaxacaBlinderOptions = {
  readonly variables: readonly string[]
  readonly a: GroupModel
  readonly b: GroupModel
  /**
   * Coefficients of a world without the gap for the two-fold split: the weight w of group a in w·β_a + (1−w)·β_b
   * (0, 1, ½ = Reimers, the share of a = Cotton), or the coefficients themselves (of a pooled regression). Default ½.
   */
  readonly reference?: number | readonly number[]
}

export type GapPart = {
  readonly value: number
  /** Absent without covariances, or with reference coefficients given outright. */
  readonly se?: number
  readonly byVariable: readonly { readonly variable: string; readonly value: number }[]
}

export type OaxacaBlinderResult = {
  /** Mean outcome of a minus that of b. */
  readonly gap: number
  readonly threefold: {
    readonly endowments: GapPart
    readonly coefficients: GapPart
    readonly interaction: GapPart
  }
  readonly twofold: { readonly explained: GapPart; readonly unexplained: GapPart }
}

/**
 * Splits the gap in a mean outcome between two groups into endowments (different means of the variables), coefficients
 * (the same variables worth more or less) and their interaction; and into explained and unexplained.
 * Takes means and within-group regression coefficients, the intercept as a variable with mean 1; answers in the outcome's unit.
 * Refuses lengths that do not agree, values that are not finite, and an empty list of variables.
 * Formula: (x̄_a−x̄_b)ᵀβ_b + x̄_bᵀ(β_a−β_b) + (x̄_a−x̄_b)ᵀ(β_a−β_b); two-fold (x̄_a−x̄_b)ᵀβ* + x̄_aᵀ(β_a−β*) + x̄_bᵀ(β*−β_b).
 * Source: Oaxaca 1973; Blinder 1973; Jann, Stata Journal 8 (2008) 453–479 (variances with random means).
 * @example
 * const a = { means: [1, 12], coefficients: [5, 2] }
 * const b = { means: [1, 10], coefficients: [4, 1.5] }
 * const gap = oaxacaBlinder({ variables: ['intercept', 'years'], a, b })
 * gap.gap // 10
 * gap.threefold.endowments.value // 3
 * gap.threefold.coefficients.value // 6
 * gap.threefold.interaction.value // 1
 * gap.twofold.explained.value // 3.5
 */
export function oaxacaBlinder({
  variables,
  a,
  b,
  reference = 0.5,
}: OaxacaBlinderOptions): OaxacaBlinderResult | Refusal {
  const refusal = unusable(variables, a, b, reference)
  if (refusal) return refusal
  const split = {
    variables,
    a,
    b,
    difference: minus(a.means, b.means),
    worth: minus(a.coefficients, b.coefficients),
  }
  return onlyFinite('oaxacaBlinder', {
    gap: dot(a.means, a.coefficients) - dot(b.means, b.coefficients),
    threefold: threefold(split),
    twofold: twofold(split, reference),
  })
}

type Split = {
  readonly variables: readonly string[]
  readonly a: GroupModel
  readonly b: GroupModel
  /** x̄_a − x̄_b and β_a − β_b. */
  readonly difference: readonly number[]
  readonly worth: readonly number[]
}

function threefold(split: Split): OaxacaBlinderResult['threefold'] {
  const { b, difference, worth } = split
  return {
    endowments: part(split, difference, b.coefficients, { beta: [0, 1], x: [1, 1] }),
    coefficients: part(split, b.means, worth, { beta: [1, 1], x: [0, 1] }),
    interaction: part(split, difference, worth, { beta: [1, 1], x: [1, 1] }),
  }
}

function twofold(split: Split, reference: number | readonly number[]): OaxacaBlinderResult['twofold'] {
  const { variables, a, b, difference, worth } = split
  if (typeof reference === 'number') {
    const w = reference
    const middle = mix(1 - w, a.means, b.means)
    return {
      explained: part(split, difference, mix(w, a.coefficients, b.coefficients), {
        beta: [w, 1 - w],
        x: [1, 1],
      }),
      unexplained: part(split, middle, worth, { beta: [1, 1], x: [1 - w, w] }),
    }
  }
  const unexplained = variables.map(
    (_, i) =>
      (a.means[i] ?? 0) * ((a.coefficients[i] ?? 0) - (reference[i] ?? 0)) +
      (b.means[i] ?? 0) * ((reference[i] ?? 0) - (b.coefficients[i] ?? 0)),
  )
  return {
    explained: part(split, difference, reference),
    unexplained: part(split, unexplained, Array<number>(variables.length).fill(1)),
  }
}

/** Σ xβ with its parts; a standard error where the shares of the groups in x and β are known. */
function part(
  { variables, a, b }: Split,
  x: readonly number[],
  beta: readonly number[],
  shares?: Shares,
): GapPart {
  const se = shares && standardError(a, b, x, beta, shares)
  return {
    value: dot(x, beta),
    ...(se !== undefined && { se }),
    byVariable: variables.map((variable, i) => ({ variable, value: (x[i] ?? 0) * (beta[i] ?? 0) })),
  }
}

/** How much of each group's coefficients and means goes into a part: its variance takes their squares. */
type Shares = { readonly beta: readonly [number, number]; readonly x: readonly [number, number] }

/** √(xᵀ Σ share²·V(β_g) x + βᵀ Σ share²·V(x̄_g) β). */
function standardError(
  a: GroupModel,
  b: GroupModel,
  x: readonly number[],
  beta: readonly number[],
  shares: Shares,
) {
  if (!a.coefficientCovariance || !b.coefficientCovariance) return undefined
  const variance = [a, b].map(
    (group, g) =>
      (shares.beta[g] ?? 0) ** 2 * quadratic(x, group.coefficientCovariance) +
      (shares.x[g] ?? 0) ** 2 * quadratic(beta, group.meanCovariance),
  )
  return Math.sqrt(Math.max(0, neumaierSum(variance)))
}

function quadratic(v: readonly number[], matrix: readonly (readonly number[])[] = []): number {
  return dot(
    matrix.map((row) => dot(row, v)),
    v,
  )
}

function minus(a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, i) => value - (b[i] ?? 0))
}

function mix(share: number, a: readonly number[], b: readonly number[]): number[] {
  return a.map((value, i) => share * value + (1 - share) * (b[i] ?? 0))
}

function unusable(
  variables: readonly string[],
  a: GroupModel,
  b: GroupModel,
  reference: number | readonly number[],
): Refusal | undefined {
  const p = variables.length
  if (p === 0) return refuse('too-few', '[oaxacaBlinder] no variables given; give at least the intercept.')
  const vectors = [
    a.means,
    a.coefficients,
    b.means,
    b.coefficients,
    ...(typeof reference === 'number' ? [] : [reference]),
  ]
  const matrices = [a, b].flatMap((group) => [group.coefficientCovariance ?? [], group.meanCovariance ?? []])
  const wrong = vectors.find((vector) => vector.length !== p)
  if (wrong)
    return refuse(
      'mismatch',
      `[oaxacaBlinder] ${p} variables but a vector of ${wrong.length}; give one entry each.`,
    )
  if (
    matrices.some(
      (matrix) => matrix.length > 0 && (matrix.length !== p || matrix.some((row) => row.length !== p)),
    )
  )
    return refuse('mismatch', `[oaxacaBlinder] a covariance is not ${p} × ${p}.`)
  if (
    [...vectors, ...matrices.flat(), [typeof reference === 'number' ? reference : 0]]
      .flat()
      .some((value) => !Number.isFinite(value))
  )
    return refuse(
      'not-finite',
      '[oaxacaBlinder] a mean, coefficient, covariance or the reference is not finite.',
    )
  return undefined
}
