/** EM on the employee-selection data of Enders: IQ complete, job performance and well-being with holes. */
import { accepted } from '#statistics/accepted.ts'
import type { KnownAnswers } from '#statistics/known-answers.ts'
import { emMoments, momentsFromRows } from './index.ts'

const IQ = [78, 84, 84, 85, 87, 91, 92, 94, 94, 96, 99, 105, 105, 106, 108, 112, 113, 115, 118, 134]
const JP = [null, null, null, null, null, null, null, null, null, null, 7, 10, 11, 15, 10, 10, 12, 14, 16, 12]
const WB = [13, 9, 10, 10, null, 3, 12, 3, 13, null, 6, 12, 14, 10, null, 10, 14, 14, 12, 11]

const em = (variables: string[], columns: readonly (readonly (number | null)[])[]) =>
  accepted(
    emMoments({
      moments: accepted(
        momentsFromRows({
          variables,
          rows: IQ.map((_, i) => ({ values: columns.map((column) => column[i] ?? null) })),
        }),
      ),
    }),
  )
const two = em(['IQ', 'JP'], [IQ, JP])
const three = em(['IQ', 'JP', 'WB'], [IQ, JP, WB])
const entry = (matrix: readonly (readonly number[])[], i: number, j: number) => matrix[i]?.[j] ?? Number.NaN

export const answers: KnownAnswers = {
  source:
    'Enders (2010), Applied Missing Data Analysis, employee data; equal to direct row-level maximum likelihood',
  tolerance: 1e-5,
  cases: [
    { what: 'two: mean JP', got: () => two.means[1] ?? Number.NaN, want: 10.280331 },
    { what: 'two: var IQ', got: () => entry(two.covariance, 0, 0), want: 189.6 },
    { what: 'two: cov IQ, JP', got: () => entry(two.covariance, 0, 1), want: 23.406025 },
    { what: 'two: var JP', got: () => entry(two.covariance, 1, 1), want: 8.209415 },
    { what: 'three: mean IQ', got: () => three.means[0] ?? Number.NaN, want: 100 },
    { what: 'three: mean JP', got: () => three.means[1] ?? Number.NaN, want: 10.230655 },
    { what: 'three: mean WB', got: () => three.means[2] ?? Number.NaN, want: 10.271357 },
    { what: 'three: var IQ', got: () => entry(three.covariance, 0, 0), want: 189.6 },
    { what: 'three: var JP', got: () => entry(three.covariance, 1, 1), want: 8.675836 },
    { what: 'three: var WB', got: () => entry(three.covariance, 2, 2), want: 11.036263 },
    { what: 'three: cov IQ, JP', got: () => entry(three.covariance, 0, 1), want: 22.305558 },
    { what: 'three: cov IQ, WB', got: () => entry(three.covariance, 0, 2), want: 12.206411 },
    { what: 'three: cov JP, WB', got: () => entry(three.covariance, 1, 2), want: 5.606341 },
  ],
}
