/** What a table holds, told by sums over its rows: equal for equal rows, whatever their order, files and threads; additive over days. */
import { z } from 'zod'

export type Content = { readonly rows: number; readonly hash: bigint }

/** YYYY-MM-DD in UTC; empty for rows whose time is unknown. */
export type Day = string

export const undated: Day = ''

export const nothing: Content = { rows: 0, hash: 0n }

/** As the control database keeps it: [day, rows, hash in decimal digits]. */
export const DayContents = z.array(z.tuple([z.string(), z.int(), z.string()]))
export type DayContents = z.infer<typeof DayContents>

export function plus(a: Content, b: Content): Content {
  return { rows: a.rows + b.rows, hash: a.hash + b.hash }
}

export function minus(a: Content, b: Content): Content {
  return { rows: a.rows - b.rows, hash: a.hash - b.hash }
}

/** `3-17`: rows and hash; what fingerprints and comparisons use. */
export function contentText({ rows, hash }: Content): string {
  return `${rows}-${hash}`
}

/** Contents by day, answering for any span of days at once. */
export class Timeline {
  /** Days that hold rows, in order, without the undated. */
  readonly days: readonly Day[]
  readonly undated: Content
  /** Sums of all days before each, and of all at the end. */
  readonly #before: readonly Content[]

  constructor(contents: ReadonlyMap<Day, Content>) {
    const dated = [...contents].filter(
      ([day, { rows, hash }]) => day !== undated && (rows > 0 || hash !== 0n),
    )
    const sorted = dated.toSorted(([a], [b]) => (a < b ? -1 : 1))
    this.days = sorted.map(([day]) => day)
    this.undated = contents.get(undated) ?? nothing
    const before: Content[] = [nothing]
    for (const [, content] of sorted) before.push(plus(before.at(-1) ?? nothing, content))
    this.#before = before
  }

  /** Of days in [from, to); null is unbounded; undated rows are never in a span. */
  between(from: Day | null, to: Day | null): Content {
    return minus(this.#until(to), from === null ? nothing : this.#until(from))
  }

  get total(): Content {
    return plus(this.between(null, null), this.undated)
  }

  /** Days with rows in [from, to). */
  daysBetween(from: Day, to: Day): readonly Day[] {
    return this.days.slice(this.#place(from), this.#place(to))
  }

  #until(day: Day | null): Content {
    return this.#before[day === null ? this.days.length : this.#place(day)] ?? nothing
  }

  /** How many days lie before this one. */
  #place(day: Day): number {
    let [low, high] = [0, this.days.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.days[middle] ?? '') < day) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Of all days, the undated too. */
export function totalOf(days: DayContents): Content {
  return days.reduce((sum, [, rows, digits]) => plus(sum, { rows, hash: BigInt(digits) }), nothing)
}

/** Sums of several lists of day contents. */
export function sumOfDays(lists: Iterable<DayContents>): Map<Day, Content> {
  const sums = new Map<Day, Content>()
  for (const list of lists)
    for (const [day, rows, hash] of list)
      sums.set(day, plus(sums.get(day) ?? nothing, { rows, hash: BigInt(hash) }))
  return sums
}

export function dayContents(sums: ReadonlyMap<Day, Content>): DayContents {
  return [...sums]
    .filter(([, { rows, hash }]) => rows !== 0 || hash !== 0n)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([day, { rows, hash }]) => [day, rows, String(hash)])
}
