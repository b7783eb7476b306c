/** Typeform responses as submissions, answers and comments. */
import { type Expression, type QueryCreator, type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import { defineSourceModel, type Model, type RawTables } from '#models/define-model.ts'
import { asNumber, eachElement, jsonText, jsonValue, noNumber, noText } from '#models/dialect.ts'
import { same, time } from '#models/partition.ts'
import { Comment, Submission } from '#models/tables.ts'
import { AnswerPart } from '#models/x/answer-part.ts'
import { idIn, sourceName } from './source-id.ts'

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
  return [submission, answer, comment].map((model) => model(source))
}

const responses = { stream: 'responses', record: Response, time: 'submitted_at' }

/** A response's hidden fields that every row about it carries. */
function contextOf(hidden: Expression<unknown>) {
  const field = (name: string) => jsonText(hidden, name)
  return [
    field('lang').as('language'),
    field('channel').as('channel'),
    field('email').as('email_key'),
    field('phone').as('phone_key'),
    field('member_id').as('member_key'),
  ] as const
}

function submission(source: string): Model {
  return defineSourceModel({
    name: `${source}.submission`,
    description: 'Completed Typeform responses.',
    owner: 'saydo',
    grain: ['submission_id'],
    contract: Submission,
    raw: { responses: { source, ...responses } },
    partition: time('submitted_at'),
    inputs: () => ({ responses: same() }),
    query: (db) =>
      db
        .selectFrom('responses')
        .select((eb) => [
          idIn(source, 'response_id').as('submission_id'),
          sourceName(source).as('source'),
          'form_id as survey_id',
          'submitted_at',
          ...contextOf(eb.ref('hidden')),
          jsonText(eb.ref('hidden'), 'touchpoint').as('touchpoint'),
          jsonText(eb.ref('hidden'), 'store_id').as('store_id'),
          jsonText(eb.ref('hidden'), 'order_id').as('about_id'),
        ]),
  })
}

type Tables = RawTables<{ responses: typeof responses & { source: string } }>
type Given = Tables & { given: z.infer<typeof Response> & { answer: string } }

/** One row per answer of a response. */
function givenIn(db: QueryCreator<Tables>) {
  return db
    .selectFrom('responses')
    .select((eb) => [
      'response_id',
      'form_id',
      'submitted_at',
      'hidden',
      'answers',
      eachElement(eb.ref('answers')).as('answer'),
    ])
}

function questionOf(given: Expression<unknown>): RawBuilder<string> {
  return sql<string>`coalesce(${jsonText(given, 'field.ref')}, ${jsonText(given, 'field.id')})`
}

/** Numbers, and choices of which one may be made. */
function oneValue(db: QueryCreator<Given>) {
  return db
    .selectFrom('given')
    .where((eb) => sql<boolean>`${jsonText(eb.ref('answer'), 'type')} in ('number', 'choice', 'boolean')`)
    .select((eb) => {
      const text = (path: string) => jsonText(eb.ref('answer'), path)
      const choice = sql`coalesce(${text('choice.ref')}, ${text('choice.label')}, ${text('boolean')})`
      return [
        'response_id',
        'form_id',
        'submitted_at',
        questionOf(eb.ref('answer')).as('question_id'),
        noText.as('option'),
        asNumber(text('number')).as('number'),
        sql<string | null>`${choice}`.as('choice'),
      ]
    })
}

/** One row per option chosen, of questions with several. */
function eachOption(db: QueryCreator<Given>) {
  return db.selectFrom('given').select((eb) => {
    const option = eachElement(jsonValue(eb.ref('answer'), 'choices.labels'))
    const label = sql<string | null>`${option}->>'$'`
    return [
      'response_id',
      'form_id',
      'submitted_at',
      questionOf(eb.ref('answer')).as('question_id'),
      label.as('option'),
      noNumber.as('number'),
      label.as('choice'),
    ]
  })
}

function answer(source: string): Model {
  const submissionId = idIn(source, 'response_id')
  return defineSourceModel({
    name: `${source}.answer`,
    description: 'Scored and chosen answers of Typeform responses.',
    owner: 'saydo',
    grain: ['answer_id'],
    contract: AnswerPart,
    raw: { responses: { source, ...responses } },
    partition: time('answered_at'),
    inputs: () => ({ responses: same() }),
    query: (db) =>
      db
        .with('given', givenIn)
        .with('value', (db) => oneValue(db).unionAll(eachOption(db)))
        .selectFrom('value')
        .select([
          sql<string>`${submissionId} || ':' || question_id || coalesce(':' || option, '')`.as('answer_id'),
          submissionId.as('submission_id'),
          sourceName(source).as('source'),
          'form_id as survey_id',
          'question_id',
          'number',
          'choice',
          'submitted_at as answered_at',
        ]),
  })
}

function comment(source: string): Model {
  const submissionId = idIn(source, 'response_id')
  return defineSourceModel({
    name: `${source}.comment`,
    description: 'Open answers of Typeform responses.',
    owner: 'saydo',
    grain: ['comment_id'],
    contract: Comment,
    raw: { responses: { source, ...responses } },
    partition: time('written_at'),
    inputs: () => ({ responses: same() }),
    query: (db) =>
      db
        .with('given', givenIn)
        .selectFrom('given')
        .where((eb) => sql<boolean>`trim(coalesce(${jsonText(eb.ref('answer'), 'text')}, '')) <> ''`)
        .select((eb) => [
          sql<string>`${submissionId} || ':' || ${questionOf(eb.ref('answer'))}`.as('comment_id'),
          sourceName(source).as('source'),
          sql<'survey'>`'survey'`.as('kind'),
          sql<string | null>`${submissionId}`.as('submission_id'),
          'submitted_at as written_at',
          sql<string>`${jsonText(eb.ref('answer'), 'text')}`.as('text'),
          ...contextOf(eb.ref('hidden')),
        ]),
  })
}
