/** What a person did, one row per deed: orders, calls, tickets, and questionnaires filled in. */
import { type NotNull, type QueryCreator, sql } from 'kysely'
import { strongestKey } from '#models/people/person-of.ts'
import type { Warehouse } from '#models/tables.ts'

type Kind = 'order' | 'call' | 'ticket' | 'submission'

export type Purchase = { person_id: string; ordered_at: string; revenue: string | null }

export type Happening = { person_id: string; happened_at: string; kind: Kind; revenue: string | null }

/** Orders that were not cancelled, of known persons. */
export function purchases(db: QueryCreator<Warehouse>) {
  return db
    .selectFrom('order')
    .innerJoin('person_key', (join) => join.on('person_key', '=', strongestKey('order')))
    .where('person_id', 'is not', null)
    .where((eb) => eb.or([eb('status', 'is', null), eb('status', 'not in', ['cancelled', 'canceled'])]))
    .select(['person_id', 'ordered_at', 'revenue'])
    .$narrowType<{ person_id: NotNull }>()
}

const kind = (name: Kind) => sql<Kind>`${sql.lit(name)}`.as('kind')

const noMoney = sql<string | null>`cast(null as DECIMAL(18,2))`

export function happenings(db: QueryCreator<Warehouse & { purchase: Purchase }>) {
  return db
    .selectFrom('purchase')
    .select(['person_id', 'ordered_at as happened_at', kind('order'), 'revenue'])
    .unionAll(
      db
        .selectFrom('call')
        .innerJoin('person_key', (join) => join.on('person_key', '=', strongestKey('call')))
        .where('person_id', 'is not', null)
        .select(['person_id', 'called_at as happened_at', kind('call'), noMoney.as('revenue')])
        .$narrowType<{ person_id: NotNull }>(),
    )
    .unionAll(
      db
        .selectFrom('support_ticket')
        .innerJoin('person_key', (join) => join.on('person_key', '=', strongestKey('support_ticket')))
        .where('person_id', 'is not', null)
        .select(['person_id', 'opened_at as happened_at', kind('ticket'), noMoney.as('revenue')])
        .$narrowType<{ person_id: NotNull }>(),
    )
    .unionAll(
      db
        .selectFrom('submission')
        .innerJoin('person_key', (join) => join.on('person_key', '=', strongestKey('submission')))
        .where('person_id', 'is not', null)
        .select(['person_id', 'submitted_at as happened_at', kind('submission'), noMoney.as('revenue')])
        .$narrowType<{ person_id: NotNull }>(),
    )
}
