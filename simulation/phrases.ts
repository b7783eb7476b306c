/** The building blocks of comments in one language. */
import type { Mood } from './law.ts'

/** Remarks by touchpoint; `{n}`, `{day}` and `{item}` are filled in. */
export type Phrases = {
  readonly openings: Readonly<Record<Mood, readonly string[]>>
  readonly remarks: Readonly<
    Record<string, { readonly good: readonly string[]; readonly bad: readonly string[] }>
  >
  readonly endings: Readonly<Record<Mood, readonly string[]>>
  readonly items: readonly string[]
  readonly days: readonly string[]
  /** Between a good and a bad remark. */
  readonly but: string
  readonly join: string
}
