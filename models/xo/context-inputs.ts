/** What the answers of some days read to find their submission, person and event. */
import type { Kysely } from 'kysely'
import type { Survey } from '#models/mapping.ts'
import { lookup, type Reading, same, window } from '#models/partition.ts'
import { strongestKey } from '#models/people/person-of.ts'
import type { Warehouse } from '#models/tables.ts'

/** Events that submissions name are found by number, however old; those that may be guessed lie in the days before. */
export function contextInputs(
  db: Kysely<Warehouse>,
  surveys: readonly Survey[],
): Record<string, Reading | Reading[]> {
  const about = db.selectFrom('submission').select('about_id')
  const days = (kind: Survey['about']) => {
    const within = surveys.filter((survey) => survey.about === kind).map(({ withinDays }) => withinDays)
    // A day more, since an answer may be given up to a day after its questionnaire was sent.
    return within.length > 0 ? [window(-Math.ceil(Math.max(...within)) - 1, 0)] : []
  }
  return {
    answer: same(),
    submission: lookup('submission_id', db.selectFrom('answer').select('submission_id')),
    order: [lookup('order_number', about), ...days('order')],
    call: [lookup('ticket_number', about), lookup('call_id', about), ...days('call')],
    support_ticket: [lookup('ticket_number', about), ...days('ticket')],
    person_key: lookup(
      'person_key',
      db
        .selectFrom('submission')
        .select(strongestKey('submission').as('key'))
        .unionAll(db.selectFrom('order').select(strongestKey('order').as('key')))
        .unionAll(db.selectFrom('call').select(strongestKey('call').as('key')))
        .unionAll(db.selectFrom('support_ticket').select(strongestKey('support_ticket').as('key'))),
    ),
  }
}
