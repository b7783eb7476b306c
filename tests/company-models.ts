/** A small company's models with every way to cut a table and every way to read one; each has a number in its code that a test may change. */
import { type Model, modelOf } from '#models/define-model.ts'
import { all, bucket, lookup, none, type Reading, same, time, window } from '#models/partition.ts'
import type { Column } from '#lake/column.ts'
import type { Row } from '#lake/engine.ts'
import { answers, contacts, orders, rawInputOf } from './company-streams.ts'

/** Model → the number in its code; 0 when it is not named. */
export type Code = Readonly<Record<string, number>>

type Parts = Partial<Model> & { readonly sql: string; readonly columns: readonly Column[] }

const id: Column = { name: 'id', type: 'VARCHAR' }
const key: Column = { name: 'key', type: 'VARCHAR' }
const person: Column = { name: 'person', type: 'VARCHAR' }
const ts: Column = { name: 'ts', type: 'TIMESTAMP' }
const whole = (name: string): Column => ({ name, type: 'BIGINT' })
const eventColumns = [id, key, whole('value'), ts]

function modelIn(name: string, { sql, columns, ...parts }: Parts): Model {
  const { partition = none } = parts
  return modelOf({
    name,
    description: name,
    owner: 'test',
    grain: ['id'],
    raw: {},
    reads: [],
    make: { by: 'query', query: { sql, parameters: [] } },
    time: partition.by === 'time' ? partition.column : undefined,
    ...parts,
    columns,
  })
}

/** The rows for the keys that a select over other inputs gives. */
function lookupOf(by: string, sql: string, ...among: readonly string[]): Reading {
  return { read: 'lookup', key: by, keys: { sql, parameters: [] }, among }
}

export function companyModels(code: Code = {}): Model[] {
  const number = (model: string) => code[model] ?? 0
  return [...sources(number), ...people(number), ...events(number), ...summaries(number)]
}

type NumberOf = (model: string) => number

function sources(number: NumberOf): Model[] {
  return [
    modelIn('answer_event', {
      partition: time('ts'),
      raw: { answer: rawInputOf(answers) },
      inputs: { answer: [same()] },
      columns: eventColumns,
      sql: `select 'a' || id as id, key, value + ${number('answer_event')} as value, ts from answer`,
    }),
    modelIn('order_event', {
      partition: time('ts', { unit: 'month' }),
      raw: { purchase: rawInputOf(orders) },
      inputs: { purchase: [same()] },
      columns: eventColumns,
      sql: `select 'o' || id as id, key, value + ${number('order_event')} as value, cast(ts as TIMESTAMP) as ts from purchase`,
    }),
    modelIn('contact', {
      raw: { landed: rawInputOf(contacts) },
      columns: [id, key, { name: 'other', type: 'VARCHAR' }, ts],
      time: 'ts',
      sql: 'select id, key, other, seen as ts from landed',
    }),
    modelIn('contact_event', {
      reads: ['contact'],
      time: 'ts',
      columns: eventColumns,
      sql: `select 'c' || id as id, key, cast(${number('contact_event')} as BIGINT) as value, ts from contact`,
    }),
    modelOf({
      name: 'event',
      description: 'everything that happened',
      owner: 'test',
      grain: ['id'],
      columns: eventColumns,
      raw: {},
      make: { by: 'union' },
      reads: ['answer_event', 'contact_event', 'order_event'],
      time: 'ts',
    }),
  ]
}

function people(number: NumberOf): Model[] {
  return [
    modelIn('person', {
      reads: ['contact'],
      grain: ['key'],
      columns: [key, person],
      sql: `with recursive
        edge as (select key as a, other as b from contact where key is not null and other is not null),
        both_ways as (select a, b from edge union select b, a from edge),
        reach as (
          select a as key, a as found from both_ways
          union select reach.key, both_ways.b from reach join both_ways on both_ways.a = reach.found
        )
        select key, 'p' || min(found) || repeat('x', ${number('person')}) as person from reach group by key`,
    }),
    modelIn('event_person', {
      partition: time('ts'),
      reads: ['event', 'person'],
      inputs: { event: [same()], person: [lookup('key')] },
      columns: [...eventColumns, person],
      sql: `select event.id, event.key, event.value + ${number('event_person')} as value, event.ts, coalesce(person.person, event.key) as person
        from event left join person on person.key = event.key`,
    }),
    modelIn('journey', {
      partition: time('ts'),
      reads: ['answer_event', 'event', 'person'],
      inputs: {
        answer_event: [same()],
        person: [lookup('key'), lookupOf('person', 'select person from person', 'person')],
        event: [lookupOf('key', 'select key from person', 'person')],
      },
      columns: [id, ts, whole('events'), whole('total')],
      sql: `select answer_event.id, answer_event.ts, count(event.id) as events, cast(coalesce(sum(event.value), ${number('journey')}) as BIGINT) as total
        from answer_event left join person as own on own.key = answer_event.key
        left join person as every on every.person = own.person left join event on event.key = every.key
        group by answer_event.id, answer_event.ts`,
    }),
  ]
}

function events(number: NumberOf): Model[] {
  return [
    modelIn('near', {
      partition: time('ts'),
      reads: ['event'],
      inputs: { event: [same(), window(-7, 7)] },
      columns: [id, ts, whole('events')],
      sql: `select event.id, event.ts, count(other.id) + ${number('near')} as events from event
        left join event as other on other.key = event.key
          and other.ts::DATE between event.ts::DATE - 7 and event.ts::DATE + 7
        group by event.id, event.ts`,
    }),
    modelIn('month', {
      partition: time('month', { unit: 'month' }),
      reads: ['event'],
      inputs: { event: [window(-1, 40)] },
      grain: ['month', 'key'],
      columns: [{ name: 'month', type: 'TIMESTAMP' }, key, whole('events'), whole('total')],
      sql: `with spine as (
          select distinct cast(date_trunc('month', ts) as TIMESTAMP) as month, coalesce(key, 'none') as key from event where ts is not null
        )
        select spine.month, spine.key, count(event.id) as events, cast(coalesce(sum(event.value), 0) + ${number('month')} as BIGINT) as total
        from spine left join event on coalesce(event.key, 'none') = spine.key
          and event.ts >= spine.month - interval 1 day and event.ts < spine.month + interval 1 month + interval 40 days
        group by spine.month, spine.key`,
    }),
    modelIn('rank', {
      partition: time('ts'),
      reads: ['event_person'],
      inputs: { event_person: [same()] },
      columns: [id, ts, whole('rank')],
      sql: '',
      make: { by: 'program', version: String(number('rank')), program: rankedFrom(number('rank')) },
    }),
  ]
}

/** Of each event the place among its person's events of that day. */
function rankedFrom(first: number) {
  return async function* (read: (table: string) => AsyncIterable<Row[]>): AsyncIterable<Row[]> {
    const rows: Row[] = []
    for await (const batch of read('event_person')) rows.push(...batch)
    const ofDay = (row: Row) => `${String(row['person'])} ${String(row['ts']).slice(0, 10)}`
    for (const together of Map.groupBy(rows, ofDay).values()) {
      const sorted = together.toSorted((a, b) => (String(a['id']) < String(b['id']) ? -1 : 1))
      yield sorted.map((row, place) => ({ id: row['id'], ts: row['ts'], rank: first + place }))
    }
  }
}

function summaries(number: NumberOf): Model[] {
  return [
    modelIn('spend', {
      partition: bucket('key', 3),
      reads: ['event', 'person'],
      inputs: { event: [same()], person: [lookup('key')] },
      grain: ['key'],
      columns: [key, person, whole('total')],
      sql: `select event.key, coalesce(max(person.person), event.key) as person, cast(sum(event.value) + ${number('spend')} as BIGINT) as total
        from event left join person on person.key = event.key where event.key is not null group by event.key`,
    }),
    modelIn('spend_of_person', {
      partition: bucket('key', 3),
      reads: ['event_person', 'spend'],
      inputs: { spend: [same()], event_person: [lookup('person')] },
      grain: ['key'],
      columns: [key, whole('total'), whole('together')],
      sql: `select spend.key, spend.total, cast(coalesce(sum(event_person.value), 0) + ${number('spend_of_person')} as BIGINT) as together
        from spend left join event_person on event_person.person = spend.person group by spend.key, spend.total`,
    }),
    modelIn('share', {
      partition: time('ts'),
      reads: ['answer_event', 'spend'],
      inputs: { answer_event: [same()], spend: [all()] },
      columns: [id, ts, whole('world')],
      sql: `select id, ts, cast((select coalesce(sum(total), 0) from spend) + ${number('share')} as BIGINT) as world from answer_event`,
    }),
  ]
}
