/** Answers of all sources, each with what its question measures and its score on that question's scale. */
import { columnsOf } from '#lake/columns-of.ts'
import { literal } from '#lake/quote.ts'
import { type Model, modelOf } from '#models/define-model.ts'
import type { Question } from '#models/mapping.ts'
import { same, time } from '#models/partition.ts'
import { Answer } from '#models/tables.ts'

/**
 * The question registry decides: the most specific entry wins (source and survey, then survey, then source, then the question alone).
 * A question it does not know keeps its answers, with no concept and the number as score.
 */
export function answer(questions: readonly Question[]): Model {
  const ranked = [...questions].sort((a, b) => specificity(b) - specificity(a))
  const choose = (value: (question: Question) => string | null) => {
    const cases = ranked.flatMap((question) => {
      const then = value(question)
      return then === null ? [] : [`when ${condition(question)} then ${then}`]
    })
    return cases.length > 0 ? `case ${cases.join(' ')} end` : 'null'
  }
  const score = choose((question) => {
    if (Object.keys(question.scores ?? {}).length === 0) return 'number'
    const scores = Object.entries(question.scores ?? {}).map(
      ([choice, value]) => `when ${literal(choice)} then ${value}`,
    )
    return `coalesce(number, case choice ${scores.join(' ')} end)`
  })
  return modelOf({
    name: 'answer',
    description: 'One scored or chosen answer, with the concept and scale of its question.',
    owner: 'saydo',
    grain: ['answer_id'],
    rowsOf: 'answer_part',
    columns: columnsOf(Answer),
    raw: {},
    partition: time('answered_at'),
    time: 'answered_at',
    inputs: { answer_part: [same()] },
    make: {
      by: 'query',
      query: {
        sql: `select answer_id, submission_id, source, question_id,
        cast(${choose((question) => literal(question.concept))} as VARCHAR) as concept,
        cast(${choose((question) => String(question.scale?.[0] ?? 'null'))} as DOUBLE) as scale_min,
        cast(${choose((question) => String(question.scale?.[1] ?? 'null'))} as DOUBLE) as scale_max,
        cast(coalesce(${score}, number) as DOUBLE) as score,
        choice, answered_at
      from answer_part`,
        parameters: [],
      },
    },
    reads: ['answer_part'],
  })
}

function condition({ question, survey, source }: Question): string {
  return [
    `question_id = ${literal(question)}`,
    survey === undefined ? '' : `survey_id = ${literal(survey)}`,
    source === undefined ? '' : `source = ${literal(source)}`,
  ]
    .filter((part) => part !== '')
    .join(' and ')
}

function specificity({ survey, source }: Question): number {
  return (survey === undefined ? 0 : 2) + (source === undefined ? 0 : 1)
}
