/** Contents by day: sums for any span of days are what adding up day by day gives. */
import { array, assert, bigInt, constantFrom, integer, option, property, tuple } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from './calendar.ts'
import {
  type Content,
  contentText,
  dayContents,
  minus,
  nothing,
  plus,
  sumOfDays,
  Timeline,
  undated,
} from './content.ts'

const day = integer({ min: 0, max: 40 }).map((n) => addDays('2024-02-10', n))
const content = tuple(integer({ min: 0, max: 3 }), bigInt({ min: 0n, max: 2n ** 64n }))
const lists = array(array(tuple(day, content), { maxLength: 12 }), { maxLength: 4 }).map((some) =>
  some.map((list) => list.map(([d, [rows, hash]]): [string, number, string] => [d, rows, String(hash)])),
)
const sum = (contents: Iterable<Content>) => [...contents].reduce(plus, nothing)

describe('a timeline', () => {
  it('answers for any span what the sum over its days is, whatever the span', () => {
    assert(
      property(lists, option(day), option(day), integer({ min: 0, max: 9 }), (some, from, to, rows) => {
        const sums = sumOfDays([...some, [[undated, rows, '7']]])
        const timeline = new Timeline(sums)
        const dated = [...sums].filter(([d]) => d !== undated)
        const inside = dated.filter(([d]) => (from === null || d >= from) && (to === null || d < to))
        const isBackwards = from !== null && to !== null && from > to
        if (!isBackwards) expect(timeline.between(from, to)).toEqual(sum(inside.map(([, each]) => each)))
        expect(timeline.total).toEqual(sum(sums.values()))
        expect(timeline.undated).toEqual({ rows, hash: 7n })
        if (from !== null && to !== null && !isBackwards)
          expect(timeline.daysBetween(from, to)).toEqual(
            inside
              .filter(([, each]) => each.rows > 0 || each.hash !== 0n)
              .map(([d]) => d)
              .toSorted(),
          )
      }),
      { numRuns: 300, seed: 3 },
    )
  })

  it('of nothing holds nothing', () => {
    const timeline = new Timeline(new Map())
    expect([timeline.total, timeline.undated, timeline.between('2024-01-01', null)]).toEqual([
      nothing,
      nothing,
      nothing,
    ])
    expect(timeline.days).toEqual([])
  })
})

describe('contents', () => {
  it('are taken away as they were added, in any order', () => {
    assert(
      property(array(content, { minLength: 1 }), constantFrom(0, 1, 2), (some, at) => {
        const contents = some.map(([rows, hash]) => ({ rows, hash }))
        const one = contents[at % contents.length] ?? nothing
        expect(minus(sum(contents), one)).toEqual(minus(sum(contents.toReversed()), one))
        expect(minus(plus(sum(contents), one), one)).toEqual(sum(contents))
      }),
      { seed: 4 },
    )
  })

  it('by day come back as the control database keeps them, without days that hold nothing', () => {
    const sums = sumOfDays([
      [['2024-03-02', 2, '18446744073709551616']],
      [
        ['2024-03-01', 1, '5'],
        ['2024-03-02', 1, '1'],
        ['', 0, '0'],
      ],
    ])
    expect(dayContents(sums)).toEqual([
      ['2024-03-01', 1, '5'],
      ['2024-03-02', 3, '18446744073709551617'],
    ])
    expect(contentText({ rows: 3, hash: 17n })).toBe('3-17')
  })
})
