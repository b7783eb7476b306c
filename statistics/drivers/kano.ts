/** Kano's model from the paired question: what must be, what satisfies, what delights. */
import type { MatrixRows } from '#statistics/algebra/index.ts'
import { normalQuantile } from '#statistics/distributions/raw/normal.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

/** Must-be, one-dimensional, attractive, indifferent, reverse, questionable. */
export type KanoCategory = 'M' | 'O' | 'A' | 'I' | 'R' | 'Q'

export type Kano = {
  readonly counts: Readonly<Record<KanoCategory, number>>
  /** The most frequent category; ties go to the first of M, O, A, I, R, Q. */
  readonly category: KanoCategory
  /** Share by which satisfaction rises if the feature is there: (A+O)/(A+O+M+I). */
  readonly better: number
  /** Share by which it falls if it is not, ≤ 0: −(O+M)/(A+O+M+I). */
  readonly worse: number
  /** (A+O+M)/n: how much the feature matters at all. */
  readonly totalStrength: number
  /** Share of the first category less that of the second. */
  readonly categoryStrength: number
  /** Fong's test: the first category is ahead of the second beyond chance at the level asked for. */
  readonly clear: boolean
  readonly n: number
}

const categories: readonly KanoCategory[] = ['M', 'O', 'A', 'I', 'R', 'Q']

/** Rows: answer if the feature is there (like, must be, neutral, can live with, dislike); columns: the same if it is not. */
const evaluation: readonly (readonly KanoCategory[])[] = [
  ['Q', 'A', 'A', 'A', 'O'],
  ['R', 'I', 'I', 'I', 'M'],
  ['R', 'I', 'I', 'I', 'M'],
  ['R', 'I', 'I', 'I', 'M'],
  ['R', 'R', 'R', 'R', 'Q'],
]

/**
 * Category and coefficients of one feature from a 5×5 table of answers to the functional and dysfunctional question.
 *
 * `answers[f][d]`: respondents with functional answer f and dysfunctional answer d, both in the order like, must be, neutral, can live with, dislike.
 * Refuses another shape, negative or not finite counts, nobody, and a table without any A, O, M or I.
 * Formula: better = (A+O)/(A+O+M+I), worse = −(O+M)/(A+O+M+I); Fong: |a − b| > z√((a+b)(2n−a−b)/(2n)).
 * Source: Kano 1984; Berger et al. 1993 (coefficients); Fong 1996 (test); Lee, Newcomb 1997 (strengths).
 *
 * @example
 * const answers = [[1, 10, 8, 2, 40], [0, 2, 3, 1, 20], [0, 1, 4, 2, 3], [0, 0, 1, 1, 1], [0, 0, 0, 0, 0]]
 * kano({ answers }).counts // { M: 24, O: 40, A: 20, I: 15, R: 0, Q: 1 }
 * kano({ answers }).better // 0.6060606
 * kano({ answers }).worse // -0.6464646
 */
export function kano({
  answers,
  alpha = 0.1,
}: {
  readonly answers: MatrixRows
  readonly alpha?: number
}): Kano | Refusal {
  if (answers.length !== 5 || answers.some((row) => row.length !== 5))
    return refuse('mismatch', `[kano] the table of answers must be 5×5, functional in rows.`)
  if (!answers.flat().every(Number.isFinite))
    return refuse('not-finite', `[kano] a count is NaN or infinite.`)
  if (answers.flat().some((count) => count < 0) || !(alpha > 0 && alpha < 1))
    return refuse(
      'out-of-range',
      `[kano] counts must be at least 0 and alpha within (0, 1); alpha is ${alpha}.`,
    )
  const counts = { M: 0, O: 0, A: 0, I: 0, R: 0, Q: 0 }
  for (const [f, row] of answers.entries())
    for (const [d, count] of row.entries()) counts[evaluation[f]?.[d] ?? 'Q'] += count
  return onlyFinite('kano', summary(counts, alpha))
}

function summary(counts: Record<KanoCategory, number>, alpha: number): Kano | Refusal {
  const n = categories.reduce((sum, category) => sum + counts[category], 0)
  const base = counts.A + counts.O + counts.M + counts.I
  if (n === 0) return refuse('too-few', `[kano] nobody answered; give at least one pair of answers.`)
  if (base === 0)
    return refuse(
      'empty-cell',
      `[kano] all answers are reverse or questionable; the coefficients have no base.`,
    )
  const ranked = categories.toSorted((a, b) => counts[b] - counts[a])
  const category = ranked[0] ?? 'Q'
  const first = counts[category]
  const second = counts[ranked[1] ?? 'Q']
  const chance = Math.sqrt(((first + second) * (2 * n - first - second)) / (2 * n))
  return {
    counts,
    category,
    better: (counts.A + counts.O) / base,
    worse: -(counts.O + counts.M) / base,
    totalStrength: (counts.A + counts.O + counts.M) / n,
    categoryStrength: (first - second) / n,
    clear: first - second > normalQuantile(1 - alpha / 2) * chance,
    n,
  }
}
