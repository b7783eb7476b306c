import { expect, test } from 'vitest'
import { defineMetric } from './card.ts'
import { compileSql, evaluate, metric } from './index.ts'
import { nps } from './nps.ts'

const { confidence: _confidence, ...card } = nps
const request = { timezone: 'UTC' }

/** `count` answers of each score on one day. */
function answers(scores: Readonly<Record<number, number>>) {
  return Object.entries(scores).flatMap(([score, count]) =>
    Array.from({ length: count }, () => ({
      concept: 'nps',
      score: Number(score),
      scale_min: null,
      scale_max: null,
      answered_at: '2026-03-01T00:00:00Z',
    })),
  )
}

test('ten answers with 5 promoters and 2 detractors are an NPS of 30', () => {
  const [answer] = evaluate(nps, request, answers({ 10: 3, 9: 2, 8: 2, 7: 1, 6: 1, 0: 1 }))
  expect(answer).toMatchObject({ value: 30, n: 10, suppressed: false, dropped: 0, version: 1 })
})

test('a passive answers 7 or 8, a detractor 0 to 6, a promoter 9 or 10', () => {
  const value = (score: number) => evaluate(nps, request, answers({ [score]: 10 }))[0]?.value
  expect([0, 6, 7, 8, 9, 10].map(value)).toEqual([-100, -100, 0, 0, 100, 100])
})

test('scores outside 0 to 10, on another scale or absent are dropped and counted', () => {
  const rows = [
    ...answers({ 10: 10, 11: 1 }),
    ...answers({ 5: 1 }).map((row) => ({ ...row, scale_max: 5 })),
    ...answers({ 5: 1 }).map((row) => ({ ...row, score: null })),
    ...answers({ 5: 1 }).map((row) => ({ ...row, score: Number.NaN })),
  ]
  expect(evaluate(nps, request, rows)[0]).toMatchObject({ value: 100, n: 10, dropped: 4 })
})

test('nine answers are too few to show, and none is a row without a value', () => {
  expect(evaluate(nps, request, answers({ 10: 9 }))[0]).toMatchObject({
    value: null,
    n: 9,
    low: null,
    high: null,
    suppressed: true,
  })
  expect(evaluate(nps, request, [])[0]).toMatchObject({ value: null, n: 0, suppressed: true })
})

test('satisfaction is the share of 4 and 5, with the Wilson interval', () => {
  const rows = answers({ 5: 50, 4: 31, 3: 100, 1: 82 }).map((row) => ({ ...row, concept: 'csat' }))
  const [answer] = evaluate(metric('csat'), request, rows)
  expect(answer?.value).toBeCloseTo(0.307985, 6)
  expect(answer?.low).toBeCloseTo(0.255289, 6)
  expect(answer?.high).toBeCloseTo(0.36621, 6)
})

test('responses are counted once per questionnaire, and a count has no width', () => {
  const rows = ['a:1', 'a:1', 'a:2'].map((submission_id) => ({ submission_id }))
  expect(evaluate(metric('response_count'), request, rows)[0]).toMatchObject({
    value: 2,
    low: 2,
    high: 2,
    n: 2,
  })
})

test('a customer month whose 90 days have not passed is dropped and counted', () => {
  const rows = [null, true, false].flatMap((repurchased) =>
    Array.from({ length: 10 }, () => ({ orders: 1, repurchased, month: '2026-01-01' })),
  )
  expect(evaluate(metric('repurchase_rate'), request, rows)[0]).toMatchObject({
    value: 0.5,
    n: 20,
    dropped: 10,
  })
})

test('months are cut in the zone that is asked', () => {
  const rows = answers({ 10: 10 }).map((row) => ({ ...row, answered_at: '2026-02-28T17:00:00Z' }))
  const period = (timezone: string) => evaluate(nps, { timezone, grain: 'month' }, rows)[0]?.['period']
  expect([period('UTC'), period('Asia/Shanghai')]).toEqual(['2026-02-01', '2026-03-01'])
})

test.each([
  [
    { by: ['weather'] },
    /cannot split by "weather"; allowed are channel, touchpoint, store_id, source, survey_id/,
  ],
  [{ where: { score: '9' } }, /cannot filter on "score"; allowed are channel/],
  [{ from: 'last week' }, /"last week" is no date; write YYYY-MM-DD/],
  [{ from: '2026-01-01T00:00:00' }, /an instant with its offset/],
  [{ from: '2026-02-01', to: '2026-02-01' }, /is not before/],
  [{ timezone: 'Mars/Olympus' }, /not an IANA time zone/],
])('a question that cannot be asked is refused and says what can: %j', (more, message) => {
  expect(() => compileSql(nps, { ...request, ...more })).toThrow(message)
  expect(() => evaluate(nps, { ...request, ...more }, [])).toThrow(message)
})

test('an unknown metric is refused by naming the ones there are', () => {
  expect(() => metric('nsp')).toThrow(
    'no metric is called "nsp"; there are nps, csat, response_count, repurchase_rate.',
  )
})

test.each([
  [{ population: { column: 'concpt', in: ['nps'] } }, /population: xo.response_context has no column concpt/],
  [
    { dimensions: { weather: { title: { en: 'Weather', zh: '天气' } } } },
    /dimensions.weather: .* has no column/,
  ],
  [{ estimator: { ...card.estimator, n: 'size' } }, /no part is called size; there are promoters/],
  [{ minimumN: 0 }, /minimumN: Expected at least 1/],
])('a card with a mistake does not load: %j', (change, message) => {
  expect(() => defineMetric({ ...card, ...change })).toThrow(message)
})
