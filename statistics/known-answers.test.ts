/** Runs every `*.answers.ts` of the room: published and frozen numbers must be met at their tolerance. */
import { describe, expect, it } from 'vitest'
import { deviation } from './known-answers.ts'
import { tables } from './known-answers-tables.ts'

const all = await tables()

it('there are tables to match', () => {
  expect(all.length).toBeGreaterThan(0)
})

describe.each(all)('$file', ({ answers }) => {
  it('names its source and has cases', () => {
    expect(answers.source.length).toBeGreaterThan(8)
    expect(answers.cases.length).toBeGreaterThan(0)
    expect(answers.tolerance).toBeGreaterThan(0)
  })
  it.each(answers.cases)('$what', (answer) => {
    expect(
      deviation(answer, answers.relative),
      `${answer.what}: got ${answer.got()}, want ${answer.want}, ${answers.source}`,
    ).toBeLessThanOrEqual(answers.tolerance)
  })
})
