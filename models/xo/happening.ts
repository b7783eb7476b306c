/** What a person did, one row per deed: orders, calls, tickets, and questionnaires filled in. */
import { type NotNull, type QueryCreator, sql } from 'kysely'
import { strongestKey } from '#models/people/person-of.ts'
import type { Warehouse } from '#models/tables.ts'

type Kind = 'order' | 'call' | 'ticket' | 'submission'

type Deed = { key: string | null; happened_at: string; kind: Kind; revenue: string | null }

export type Happening = { person_id: string; happened_at: string; kind: Kind; revenue: string | null }

/** Orders that were not cancelled, of known persons. */
export function purchases(db: QueryCreator<Warehouse>) {
  return db
    .selectFrom('order')
    .innerJoin('person_key', (join) => join.on('person_key', '=', strongestKey('order')))
    .where('person_id', 'is not', null)
    .where(isKept)
    .select(['person_id', 'ordered_at', 'revenue'])
    .$narrowType<{ person_id: NotNull }>()
}

const isKept = sql<boolean>`(status is null or status not in ('cancelled', 'canceled'))`

const kind = (name: Kind) => sql<Kind>`${sql.lit(name)}`.as('kind')

const noMoney = sql<string | null>`cast(null as DECIMAL(18,2))`

/** By contact key, whoever's it is; of orders those that were not cancelled. */
export function deeds(db: QueryCreator<Warehouse>) {
  return db
    .selectFrom('order')
    .where(isKept)
    .select([strongestKey('order').as('key'), 'ordered_at as happened_at', kind('order'), 'revenue'])
    .unionAll(
      db
        .selectFrom('call')
        .select([strongestKey('call').as('key'), 'called_at as happened_at', kind('call')])
        .select(noMoney.as('revenue')),
    )
    .unionAll(
      db
        .selectFrom('support_ticket')
        .select([strongestKey('support_ticket').as('key'), 'opened_at as happened_at', kind('ticket')])
        .select(noMoney.as('revenue')),
    )
    .unionAll(
      db
        .selectFrom('submission')
        .select([strongestKey('submission').as('key'), 'submitted_at as happened_at', kind('submission')])
        .select(noMoney.as('revenue')),
    )
}

/** Of known persons. */
export function happenings(db: QueryCreator<Warehouse & { deed: Deed }>) {
  return db
    .selectFrom('deed')
    .innerJoin('person_key', 'person_key.person_key', 'deed.key')
    .where('person_id', 'is not', null)
    .select(['person_id', 'happened_at', 'kind', 'revenue'])
    .$narrowType<{ person_id: NotNull }>()
}
