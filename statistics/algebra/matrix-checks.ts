/** Shape and finiteness checks of matrices and vectors that come in as plain numbers. */
import { LARGEST } from '#statistics/argument-checks.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

export type MatrixRows = readonly (readonly number[])[]

export function notMatrix(where: string, a: MatrixRows): Refusal | undefined {
  const columns = a[0]?.length ?? 0
  if (columns === 0)
    return refuse('too-few', `[${where}] the matrix is empty; give at least one row and one column.`)
  for (const [i, row] of a.entries()) {
    if (row.length !== columns)
      return refuse(
        'mismatch',
        `[${where}] row ${i} has ${row.length} columns, row 0 has ${columns}; make them equal.`,
      )
    const j = row.findIndex((value) => !(Math.abs(value) <= LARGEST))
    if (j >= 0)
      return refuse(
        'not-finite',
        `[${where}] entry ${i},${j} is ${row[j]}; give finite numbers below ${LARGEST}.`,
      )
  }
  return undefined
}

export function notSquare(where: string, a: MatrixRows): Refusal | undefined {
  const columns = a[0]?.length ?? 0
  return (
    notMatrix(where, a) ??
    (a.length === columns
      ? undefined
      : refuse('mismatch', `[${where}] the matrix is ${a.length} × ${columns}; it must be square.`))
  )
}

/** Symmetric up to rounding of its largest entry. */
export function notSymmetric(where: string, a: MatrixRows): Refusal | undefined {
  const refused = notSquare(where, a)
  if (refused) return refused
  const largest = Math.max(...a.map((row) => Math.max(...row.map(Math.abs))))
  for (const [i, row] of a.entries())
    for (const [j, value] of row.entries())
      if (Math.abs(value - (a[j]?.[i] ?? 0)) > 1e-9 * largest)
        return refuse(
          'mismatch',
          `[${where}] entries ${i},${j} and ${j},${i} differ (${value}, ${a[j]?.[i]}); give a symmetric matrix.`,
        )
  return undefined
}

export function notVector(where: string, v: readonly number[], length: number): Refusal | undefined {
  if (v.length !== length)
    return refuse(
      'mismatch',
      `[${where}] the vector has ${v.length} entries for ${length} rows; make them equal.`,
    )
  const i = v.findIndex((value) => !(Math.abs(value) <= LARGEST))
  return i < 0
    ? undefined
    : refuse('not-finite', `[${where}] entry ${i} is ${v[i]}; give finite numbers below ${LARGEST}.`)
}
