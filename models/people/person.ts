/** One row per person: how many keys and systems know them, and since when. */
import { type Kysely, type NotNull, type QueryCreator, sql } from 'kysely'
import { defineModel, type Growing } from '#models/define-model.ts'
import { strongestKey } from './person-of.ts'
import { Person, type Warehouse } from '#models/tables.ts'

type Known = Pick<Warehouse, 'contact' | 'person_key'>

export const person = defineModel({
  name: 'person',
  description: 'A person: a cluster of contact keys that occur together (deterministic keys only).',
  owner: 'saydo',
  grain: ['person_id'],
  contract: Person,
  query: persons,
  growth: (db) => ({ unless: changed(db), rows: persons(news(db)) }),
})

function persons(db: QueryCreator<Known>) {
  return db
    .with('sighting', (db) =>
      db
        .selectFrom('contact')
        .innerJoin('person_key', (join) => join.on('person_key', '=', strongestKey('contact')))
        .select((eb) => [
          'person_id',
          eb.fn.countAll<number>().as('contacts'),
          sql<number>`count(distinct source)`.as('sources'),
          eb.fn.min('seen_at').as('first_seen_at'),
        ])
        .groupBy('person_id'),
    )
    .with('person_keys', (db) =>
      db
        .selectFrom('person_key')
        .where('person_id', 'is not', null)
        .select((eb) => ['person_id', eb.fn.countAll<number>().as('keys')])
        .groupBy('person_id'),
    )
    .selectFrom('person_keys')
    .leftJoin('sighting', 'sighting.person_id', 'person_keys.person_id')
    .select((eb) => [
      'person_keys.person_id',
      'keys',
      eb.fn.coalesce('contacts', sql<number>`0`).as('contacts'),
      eb.fn.coalesce('sources', sql<number>`0`).as('sources'),
      'first_seen_at',
    ])
    .$narrowType<{ person_id: NotNull }>()
}

type Tables = Growing<typeof Person>

/** What was not there before, whatever files it lies in. */
function news(db: Kysely<Tables>) {
  return db
    .with('contact', (db) =>
      db.selectFrom('gained.contact').selectAll().except(db.selectFrom('lost.contact').selectAll()),
    )
    .with('person_key', (db) =>
      db.selectFrom('gained.person_key').selectAll().except(db.selectFrom('lost.person_key').selectAll()),
    )
}

/** A contact or key that went, a key that a known person gained, and a contact that no new key names. */
function changed(db: Kysely<Tables>) {
  const change = sql<boolean>`true`.as('sure')
  return news(db)
    .with('gone_contact', (db) =>
      db.selectFrom('lost.contact').selectAll().except(db.selectFrom('gained.contact').selectAll()),
    )
    .with('gone_key', (db) =>
      db.selectFrom('lost.person_key').selectAll().except(db.selectFrom('gained.person_key').selectAll()),
    )
    .selectFrom('gone_contact')
    .select(change)
    .unionAll((db) => db.selectFrom('gone_key').select(change))
    .unionAll((db) =>
      db
        .selectFrom('person_key')
        .innerJoin('built', 'built.person_id', 'person_key.person_id')
        .select(change),
    )
    .unionAll((db) =>
      db
        .selectFrom('contact')
        .leftJoin('person_key', (join) => join.on('person_key', '=', strongestKey('contact')))
        .where('person_id', 'is', null)
        .where(strongestKey('contact'), 'is not', null)
        .select(change),
    )
}
