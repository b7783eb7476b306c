/** Typeform responses as submissions, answers and comments. */
import { sql } from 'kysely'
import { z } from 'zod'
import { defineSourceModel, type Model } from '#models/define-model.ts'
import { asNumber, eachElement, jsonText, jsonValue, noNumber, noText } from '#models/dialect.ts'
import { Comment, Submission } from '#models/tables.ts'
import { AnswerPart } from '#models/x/answer-part.ts'

const Response = z.object({
  response_id: z.string(),
  form_id: z.string(),
  submitted_at: z.iso.datetime(),
  hidden: z.looseObject({}).nullable(),
  answers: z.array(z.looseObject({})).nullable(),
})

/**
 * Hidden fields name the context: `member_id`, `email`, `phone`, `channel`, `touchpoint`, `store_id`, `order_id`, `lang`.
 * A question's id is its field's ref, or the field's id where the form sets no ref.
 */
export function typeformModels(source: string): Model[] {
  const raw = { responses: { source, stream: 'responses', record: Response } }
  const submissionId = sql<string>`${sql.lit(`${source}:`)} || response_id`

  const submission = defineSourceModel({
    name: `${source}.submission`,
    description: 'Completed Typeform responses.',
    owner: 'saydo',
    grain: ['submission_id'],
    contract: Submission,
    raw,
    query: (db) =>
      db.selectFrom('responses').select((eb) => {
        const hidden = (name: string) => jsonText(eb.ref('hidden'), name)
        return [
          submissionId.as('submission_id'),
          sql<string>`${sql.lit(source)}`.as('source'),
          'form_id as survey_id',
          'submitted_at',
          hidden('lang').as('language'),
          hidden('channel').as('channel'),
          hidden('touchpoint').as('touchpoint'),
          hidden('store_id').as('store_id'),
          hidden('order_id').as('about_id'),
          hidden('email').as('email_key'),
          hidden('phone').as('phone_key'),
          hidden('member_id').as('member_key'),
        ]
      }),
  })

  const answer = defineSourceModel({
    name: `${source}.answer`,
    description: 'Scored and chosen answers of Typeform responses.',
    owner: 'saydo',
    grain: ['answer_id'],
    contract: AnswerPart,
    raw,
    query: (db) =>
      db
        .with('given', (db) =>
          db
            .selectFrom('responses')
            .select((eb) => [
              'response_id',
              'form_id',
              'submitted_at',
              eachElement(eb.ref('answers')).as('answer'),
            ]),
        )
        .with('value', (db) =>
          db
            .selectFrom('given')
            .select((eb) => {
              const text = (path: string) => jsonText(eb.ref('answer'), path)
              return [
                'response_id',
                'form_id',
                'submitted_at',
                sql<string>`coalesce(${text('field.ref')}, ${text('field.id')})`.as('question_id'),
                noText.as('option'),
                asNumber(text('number')).as('number'),
                sql<
                  string | null
                >`coalesce(${text('choice.ref')}, ${text('choice.label')}, ${text('boolean')})`.as('choice'),
              ]
            })
            .where(
              (eb) => sql<boolean>`${jsonText(eb.ref('answer'), 'type')} in ('number', 'choice', 'boolean')`,
            )
            .unionAll(
              db.selectFrom('given').select((eb) => {
                const text = (path: string) => jsonText(eb.ref('answer'), path)
                const option = eachElement(jsonValue(eb.ref('answer'), 'choices.labels'))
                return [
                  'response_id',
                  'form_id',
                  'submitted_at',
                  sql<string>`coalesce(${text('field.ref')}, ${text('field.id')})`.as('question_id'),
                  sql<string | null>`${option}->>'$'`.as('option'),
                  noNumber.as('number'),
                  sql<string | null>`${option}->>'$'`.as('choice'),
                ]
              }),
            ),
        )
        .selectFrom('value')
        .select([
          sql<string>`${submissionId} || ':' || question_id || coalesce(':' || option, '')`.as('answer_id'),
          submissionId.as('submission_id'),
          sql<string>`${sql.lit(source)}`.as('source'),
          'form_id as survey_id',
          'question_id',
          'number',
          'choice',
          'submitted_at as answered_at',
        ]),
  })

  const comment = defineSourceModel({
    name: `${source}.comment`,
    description: 'Open answers of Typeform responses.',
    owner: 'saydo',
    grain: ['comment_id'],
    contract: Comment,
    raw,
    query: (db) =>
      db
        .with('given', (db) =>
          db
            .selectFrom('responses')
            .select((eb) => [
              'response_id',
              'submitted_at',
              'hidden',
              eachElement(eb.ref('answers')).as('answer'),
            ]),
        )
        .selectFrom('given')
        .where((eb) => sql<boolean>`trim(coalesce(${jsonText(eb.ref('answer'), 'text')}, '')) <> ''`)
        .select((eb) => {
          const hidden = (name: string) => jsonText(eb.ref('hidden'), name)
          const text = (path: string) => jsonText(eb.ref('answer'), path)
          return [
            sql<string>`${submissionId} || ':' || coalesce(${text('field.ref')}, ${text('field.id')})`.as(
              'comment_id',
            ),
            sql<string>`${sql.lit(source)}`.as('source'),
            sql<'survey'>`'survey'`.as('kind'),
            sql<string | null>`${submissionId}`.as('submission_id'),
            'submitted_at as written_at',
            hidden('lang').as('language'),
            hidden('channel').as('channel'),
            sql<string>`${text('text')}`.as('text'),
            hidden('email').as('email_key'),
            hidden('phone').as('phone_key'),
            hidden('member_id').as('member_key'),
          ]
        }),
  })

  return [submission, answer, comment]
}
