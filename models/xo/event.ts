/** What an answer may be about: orders, calls and tickets in one list. */
import { type QueryCreator, sql } from 'kysely'
import { strongestKey } from '#models/people/person-of.ts'
import type { Warehouse } from '#models/tables.ts'

export type EventKind = 'order' | 'call' | 'ticket'

/** Ids of one kind may occur in another kind of the same system, so an event is known by both. */
export type EventRow = {
  kind: EventKind
  event_id: string
  /** As surveys quote it. */
  number: string
  happened_at: string
  person_key: string | null
}

const kind = (name: EventKind) => sql<EventKind>`${sql.lit(name)}`.as('kind')

/** Grain: kind × event_id. */
export function events(db: QueryCreator<Warehouse>) {
  return db
    .selectFrom('order')
    .select([
      kind('order'),
      'order_id as event_id',
      'order_number as number',
      'ordered_at as happened_at',
      strongestKey('order').as('person_key'),
    ])
    .unionAll(
      db
        .selectFrom('call')
        .select([
          kind('call'),
          'call_id as event_id',
          sql<string>`coalesce(ticket_number, call_id)`.as('number'),
          'called_at as happened_at',
          strongestKey('call').as('person_key'),
        ]),
    )
    .unionAll(
      db
        .selectFrom('support_ticket')
        .select([
          kind('ticket'),
          'ticket_id as event_id',
          'ticket_number as number',
          'opened_at as happened_at',
          strongestKey('support_ticket').as('person_key'),
        ]),
    )
}
