/** The shape of a known-answer table: published or frozen numbers that a family of functions must reproduce. */

export type KnownAnswer = {
  /** What is computed, in the words of the source. */
  readonly what: string
  readonly got: () => number
  readonly want: number
}

export type KnownAnswers = {
  /** Where the numbers stand: author, year, table; or the program and version that made them. */
  readonly source: string
  /** Absolute deviation allowed, unless `relative`. */
  readonly tolerance: number
  /** Compare `|got − want| / |want|` instead. */
  readonly relative?: boolean
  readonly cases: readonly KnownAnswer[]
}

/** Deviation of one answer in the measure of its table; NaN when what was got is no number. */
export function deviation(answer: KnownAnswer, relative = false): number {
  const off = Math.abs(answer.got() - answer.want)
  return relative && answer.want !== 0 ? off / Math.abs(answer.want) : off
}
