/** Oaxaca–Blinder straight from the moments of two groups, pooled references included. */
import { dot, inverse, solve } from '#statistics/algebra/index.ts'
import { mergeMoments, type Moments, type MomentSummary, summarise } from '#statistics/moments/index.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'
import { type GroupModel, oaxacaBlinder, type OaxacaBlinderResult } from './oaxaca-blinder.ts'

export type OaxacaOfMomentsOptions = {
  readonly a: Moments
  readonly b: Moments
  readonly outcome: string
  /**
   * World without the gap: the weight of group a (0…1); `pooled`, one regression over both groups (Neumark); or
   * `pooled-with-group`, the same with a level of its own for each group (Jann). Default `pooled-with-group`.
   */
  readonly reference?: number | 'pooled' | 'pooled-with-group'
}

/**
 * Splits the gap in a mean outcome between two groups, regressions and references fitted from moments; no rows needed.
 * All variables but the outcome explain; complete rows only; standard errors where both tables are unweighted and the
 * reference is a weight. Answers as `oaxacaBlinder`, the first variable being the intercept.
 * Refuses tables of different variables, an unknown outcome, fewer rows than parameters, collinear variables.
 * Formula: β_g = S_xx⁻¹S_xy in each group; pooled over merged moments, with group over the summed within-group moments.
 * Source: Neumark, JHR 23 (1988); Jann, Stata Journal 8 (2008) 453–479, who shows why the group belongs in the pooled model.
 * @example
 * const group = (shift) => momentsFromRows({
 *   variables: ['pay', 'years'],
 *   rows: Array.from({ length: 30 }, (_, i) => ({ values: [10 + 2 * shift + (2 + shift) * (i % 10) + (i % 3), (i % 10) + shift] })),
 * })
 * const gap = oaxacaBlinderOfMoments({ a: group(1), b: group(0), outcome: 'pay' })
 * gap.gap // 6.5
 * gap.twofold.explained.value // 2.5
 */
export function oaxacaBlinderOfMoments({
  a,
  b,
  outcome,
  reference = 'pooled-with-group',
}: OaxacaOfMomentsOptions): OaxacaBlinderResult | Refusal {
  const merged = mergeMoments([a, b])
  if (isRefusal(merged)) return merged
  if (!a.variables.includes(outcome))
    return refuse(
      'mismatch',
      `[oaxacaBlinderOfMoments] there is no variable "${outcome}" among ${a.variables.join(', ')}.`,
    )
  const [ofA, ofB, ofBoth] = [a, b, merged].map((moments) => summarise({ moments }))
  for (const summary of [ofA, ofB, ofBoth]) if (isRefusal(summary)) return summary
  if (!isSummary(ofA) || !isSummary(ofB) || !isSummary(ofBoth))
    return refuse('too-few', '[oaxacaBlinderOfMoments] a group has no rows.')
  const modelA = groupModel(ofA, outcome)
  if (isRefusal(modelA)) return modelA
  const modelB = groupModel(ofB, outcome)
  if (isRefusal(modelB)) return modelB
  const neutral =
    typeof reference === 'number'
      ? reference
      : pooled(reference === 'pooled' ? [ofBoth] : [ofA, ofB], outcome)
  if (isRefusal(neutral)) return neutral
  const variables = ['intercept', ...a.variables.filter((name) => name !== outcome)]
  return oaxacaBlinder({ variables, a: modelA, b: modelB, reference: neutral })
}

function isSummary(summary: MomentSummary | Refusal | undefined): summary is MomentSummary {
  return summary !== undefined && !isRefusal(summary)
}

/** Slopes from the cross-products of several summaries added, with an intercept of 0, which no part depends on. */
function pooled(summaries: readonly MomentSummary[], outcome: string): number[] | Refusal {
  const parts = summaries.map((summary) => split(summary, outcome))
  const freedoms = summaries.map(({ weight, effectiveN }) => weight * (1 - 1 / effectiveN))
  const added = (of: (part: (typeof parts)[number]) => number) =>
    parts.reduce((sum, part, g) => sum + (freedoms[g] ?? 0) * of(part), 0)
  const p = parts[0]?.xy.length ?? 0
  const slopes = solve(
    Array.from({ length: p }, (_, i) =>
      Array.from({ length: p }, (_, j) => added(({ xx }) => xx[i]?.[j] ?? 0)),
    ),
    Array.from({ length: p }, (_, i) => added(({ xy }) => xy[i] ?? 0)),
  )
  return isRefusal(slopes) ? slopes : [0, ...slopes]
}

/** Covariances and means of the explaining variables, and those of the outcome. */
function split({ variables, means, covariance }: MomentSummary, outcome: string) {
  const y = variables.indexOf(outcome)
  const others = variables.map((_, i) => i).filter((i) => i !== y)
  return {
    xx: others.map((i) => others.map((j) => covariance[i]?.[j] ?? 0)),
    xy: others.map((i) => covariance[i]?.[y] ?? 0),
    yy: covariance[y]?.[y] ?? 0,
    x: others.map((i) => means[i] ?? 0),
    y: means[y] ?? 0,
  }
}

function groupModel(summary: MomentSummary, outcome: string): GroupModel | Refusal {
  const { xx, xy, yy, x, y } = split(summary, outcome)
  const { n, effectiveN } = summary
  const df = n - xy.length - 1
  if (df < 1)
    return refuse(
      'too-few',
      `[oaxacaBlinderOfMoments] ${n} complete rows for ${xy.length} variables in a group.`,
    )
  const inverted = inverse(xx)
  if (isRefusal(inverted)) return inverted
  const slopes = inverted.map((row) => dot(row, xy))
  const model = { means: [1, ...x], coefficients: [y - dot(x, slopes), ...slopes] }
  if (Math.abs(effectiveN - n) > 1e-9 * n) return model
  const residual = (Math.max(0, yy - dot(slopes, xy)) * (n - 1)) / df
  const spread = inverted.map((row) => row.map((value) => (residual * value) / (n - 1)))
  const across = spread.map((row) => -dot(row, x))
  const corner = residual / n - dot(across, x)
  return {
    ...model,
    coefficientCovariance: [[corner, ...across], ...spread.map((row, i) => [across[i] ?? 0, ...row])],
    meanCovariance: [[0, ...x.map(() => 0)], ...xx.map((row) => [0, ...row.map((value) => value / n)])],
  }
}
