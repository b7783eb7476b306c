/** Which event a submission is about: the one it names, or the person's only candidate in the days before it. */
import { type QueryCreator, type RawBuilder, sql } from 'kysely'
import type { Survey } from '#models/mapping.ts'
import { strongestKey } from '#models/people/person-of.ts'
import type { Warehouse } from '#models/tables.ts'
import type { EventKind, EventRow } from './event.ts'

type RespondentRow = {
  submission_id: string
  survey_id: string
  submitted_at: string
  channel: string | null
  touchpoint: string | null
  store_id: string | null
  about_id: string | null
  person_id: string | null
  /** What its survey is about, and within how many days; null where the project does not say. */
  about: EventKind | null
  within_days: number | null
}

type LinkRow = {
  submission_id: string
  candidates: number
  kind: EventKind
  event_id: string
  guessed: boolean
}

type PersonEvent = Pick<EventRow, 'kind' | 'event_id' | 'happened_at'> & { person_id: string }

/** Grain: submission_id. */
export function respondents(
  db: QueryCreator<Warehouse & { keyed: Warehouse['person_key'] }>,
  surveys: readonly Survey[],
) {
  return db
    .selectFrom('submission')
    .leftJoin('keyed', (join) => join.on('keyed.person_key', '=', sql<string>`${strongestKey('submission')}`))
    .select([
      'submission_id',
      'survey_id',
      'submitted_at',
      'channel',
      'touchpoint',
      'store_id',
      'about_id',
      'person_id',
      perSurvey<EventKind>(surveys, (survey) => survey.about).as('about'),
      perSurvey<number>(surveys, (survey) => survey.withinDays).as('within_days'),
    ])
}

/** An id that events of several kinds have names a ticket before an order, and an order before a call. */
export function named(db: QueryCreator<{ respondent: RespondentRow; event: EventRow }>) {
  return db
    .selectFrom('respondent')
    .innerJoin('event', 'event.number', 'about_id')
    .where((eb) => eb.or([eb('about', 'is', null), eb('about', '=', eb.ref('kind'))]))
    .distinctOn('submission_id')
    .select([
      'submission_id',
      sql<number>`1`.as('candidates'),
      'kind',
      'event_id',
      sql<boolean>`false`.as('guessed'),
    ])
    .orderBy('submission_id')
    .orderBy('kind', 'desc')
    .orderBy('event_id')
}

/** Grain: submission_id, of those that name nothing. */
export function guessed(
  db: QueryCreator<{ respondent: RespondentRow; person_event: PersonEvent; named: LinkRow }>,
) {
  return db
    .selectFrom('respondent')
    .innerJoin('person_event', (join) =>
      join
        .onRef('person_event.person_id', '=', 'respondent.person_id')
        .onRef('kind', '=', 'about')
        .onRef('happened_at', '<=', 'submitted_at')
        .on('happened_at', '>=', sql<string>`submitted_at - to_days(cast(within_days as integer))`),
    )
    .where('submission_id', 'not in', db.selectFrom('named').select('submission_id'))
    .select((eb) => [
      'submission_id',
      eb.fn.countAll<number>().as('candidates'),
      'kind',
      eb.fn.min('event_id').as('event_id'),
      sql<boolean>`true`.as('guessed'),
    ])
    .groupBy(['submission_id', 'kind'])
}

function perSurvey<Value extends string | number>(
  surveys: readonly Survey[],
  value: (survey: Survey) => Value,
): RawBuilder<Value | null> {
  if (surveys.length === 0) return sql<Value | null>`null`
  const cases = surveys.map((survey) => sql`when ${sql.lit(survey.survey)} then ${sql.lit(value(survey))}`)
  return sql<Value | null>`case submission.survey_id ${sql.join(cases, sql` `)} end`
}
