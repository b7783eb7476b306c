/** One row per person: how many keys and systems know them, and since when. */
import { type NotNull, sql } from 'kysely'
import { defineModel } from '#models/define-model.ts'
import { strongestKey } from './person-of.ts'
import { Person } from '#models/tables.ts'

export const person = defineModel({
  name: 'person',
  description: 'A person: a cluster of contact keys that occur together (deterministic keys only).',
  owner: 'saydo',
  grain: ['person_id'],
  contract: Person,
  query: (db) =>
    db
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
      .$narrowType<{ person_id: NotNull }>(),
})
