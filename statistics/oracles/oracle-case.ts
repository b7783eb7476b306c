/** One comparison with another program: random inputs, our answer, and the tolerance at which theirs must agree. */
import type { Random } from '#statistics/random/index.ts'

export type Program = 'python' | 'r'

/** Named lists of numbers; what crosses the pipe to the other program. */
export type Numbers = Readonly<Record<string, readonly number[]>>

export type OracleCase = {
  /** The same name in the other program's script. */
  readonly name: string
  readonly programs: readonly Program[]
  /** Of |ours − theirs| over max(|theirs|, floor). */
  readonly tolerance: number
  /** Below this size differences count absolutely. Default 1. */
  readonly floor?: number
  readonly inputs: (random: Random) => Numbers
  readonly ours: (inputs: Numbers) => Numbers
}

/** The first number under a name. */
export function one(inputs: Numbers, name: string): number {
  return inputs[name]?.[0] ?? Number.NaN
}

/** Rows of a matrix that was sent as one list. */
export function rowsOf(values: readonly number[] | undefined, width: number): number[][] {
  return Array.from(
    { length: (values?.length ?? 0) / width },
    (_, i) => values?.slice(i * width, (i + 1) * width) ?? [],
  )
}

/** So many draws. */
export function draws(count: number, draw: () => number): number[] {
  return Array.from({ length: count }, draw)
}
