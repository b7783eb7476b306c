/** The cuts that a model by time is built in. */
import { array, assert, integer, property, uniqueArray } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addDays } from '#lake/calendar.ts'
import { piecesOf, type Span, spansOf } from './spans.ts'

const today = '2024-06-30'
const spans = (days: string[], built: Span[] = [], unit: 'day' | 'month' = 'day') =>
  spansOf({ days, unit, built, today }).map(({ from, to }) => `${from} ${to}`)

describe('spans', () => {
  it('are whole months, and the newest month so far', () => {
    expect(spans(['2024-01-05', '2024-01-31', '2024-03-02', '2024-03-10'])).toEqual([
      '2024-01-01 2024-02-01',
      '2024-03-01 2024-03-11',
    ])
  })

  it('put a new day beside the month so far', () => {
    const built = [{ from: '2024-03-01', to: '2024-03-11' }]
    expect(spans(['2024-03-02', '2024-03-10', '2024-03-11'], built)).toEqual([
      '2024-03-01 2024-03-11',
      '2024-03-11 2024-03-12',
    ])
  })

  it('let a late day of the newest month fall into the span that is built', () => {
    const built = [{ from: '2024-03-01', to: '2024-03-11' }]
    expect(spans(['2024-03-05', '2024-03-10'], built)).toEqual(['2024-03-01 2024-03-11'])
  })

  it('make a month whole once a later one has begun', () => {
    const built = [
      { from: '2024-03-01', to: '2024-03-11' },
      { from: '2024-03-11', to: '2024-03-12' },
    ]
    const days = ['2024-03-05', '2024-03-11', '2024-04-01']
    expect(spans(days, built)).toEqual(['2024-03-01 2024-04-01', '2024-04-01 2024-04-02'])
    expect(piecesOf({ from: '2024-03-01', to: '2024-04-01' }, days, built)).toEqual(built)
    expect(piecesOf({ from: '2024-03-01', to: '2024-04-01' }, [...days, '2024-03-20'], built)).toBeUndefined()
  })

  it('are never cut inside a month of a model per month', () => {
    expect(spans(['2024-03-01', '2024-04-01'], [], 'month')).toEqual([
      '2024-03-01 2024-04-01',
      '2024-04-01 2024-05-01',
    ])
  })

  it('do not let a day of the year 2099 close the month at hand', () => {
    expect(spans(['2024-06-02', '2099-01-01'])).toEqual(['2024-06-01 2024-06-03', '2099-01-01 2099-02-01'])
  })

  it('hold days of this month that have not come yet', () => {
    expect(spans(['2024-05-20', '2024-06-02'], [])).toEqual([
      '2024-05-01 2024-06-01',
      '2024-06-01 2024-06-03',
    ])
    const early = spansOf({ days: ['2024-06-02', '2024-06-20'], unit: 'day', built: [], today: '2024-06-10' })
    expect(early).toEqual([{ from: '2024-06-01', to: '2024-06-21' }])
  })

  it('cover every day once, whatever was built before', () => {
    const day = integer({ min: 0, max: 120 }).map((n) => addDays('2024-02-01', n))
    assert(
      property(array(uniqueArray(day, { minLength: 1 }), { minLength: 1, maxLength: 6 }), (runs) => {
        let built: Span[] = []
        let today = '2024-02-20'
        const seen = new Set<string>()
        for (const run of runs) {
          for (const each of run) seen.add(each)
          const days = [...seen].toSorted()
          today = addDays(today, 20)
          built = spansOf({ days, unit: 'day', built, today })
          for (const each of days)
            expect(built.filter(({ from, to }) => each >= from && each < to)).toHaveLength(1)
        }
      }),
    )
  })
})
