/** Lands the company's records as landing leaves them: Parquet files with all record columns, committed with their loads; made by DuckDB, from a seed. */
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { landingStream } from '#activities/parse-page.ts'
import { commitPart } from '#lake/commit-part.ts'
import type { Control } from '#lake/control/open-control.ts'
import { fingerprintSql } from '#lake/fingerprint.ts'
import { loadKey } from '#lake/load-key.ts'
import { identifier, literal } from '#lake/quote.ts'
import { type LandingStream, recordColumns, schemaHash } from '#lake/record-columns.ts'
import type { Storage } from '#lake/storage.ts'
import { readStreamState } from '#lake/stream-state.ts'
import { company, today } from './company.ts'

const SOURCE = 'shop'
const FIRST_DAY = '2022-06-16'
const DAYS = 1096
/** As landing cuts its files. */
const ROWS_PER_FILE = 100_000
const ROW_GROUP = 16_384
/** Of a thousand records, how many come again unchanged, and how many come again changed. */
const [REPEATED, CHANGED] = [2, 2]

export type Company = {
  readonly storage: Storage
  readonly control: Control
  /** Survey answers of the three years; the other streams follow from it. */
  readonly answers: number
  readonly tempFolder: string
}

/** What happens on the day after the three years. */
export type NewDay = {
  /** Records of days before, most of the month that is open and some of the month before. */
  readonly late: boolean
  /** A contact that shows that two persons are one. */
  readonly merge: boolean
  /** Whether its other records name keys together that were never seen together, as any day's do; else they merge nobody. */
  readonly churn?: boolean
}

/** Three years of records. Months are landed one after the other, the last days of the newest month one by one. */
export async function landThreeYears(company: Company): Promise<void> {
  await using made = await generator(company)
  const { session } = made
  for (const stream of streams()) {
    await session.run(`create or replace table base as ${recordsOf(stream.stream, company.answers)}`)
    await session.run(`create or replace table landed as
      with again as (
        select *, hash(row_id, 77) % 1000 as luck from base
      ), placed as (
        select * exclude (luck), ${loadOf('"at"')} as load from again
        union all
        select * exclude (luck) replace (${changed(stream.stream)}, updated_at + interval 9 hour as updated_at), ${loadOf('"at" + interval 20 day')} from again where luck < ${CHANGED}
        union all
        select * exclude (luck), ${loadOf('"at" + interval 20 day')} from again where luck >= ${CHANGED} and luck < ${CHANGED + REPEATED}
      )
      select *, row_number() over (partition by load order by "at", row_id, updated_at) - 1 as place from placed order by load, place`)
    await commitLoads(company, session, stream)
  }
}

/** The day after, as one load per stream. */
export async function landNewDay(company: Company, { late, merge, churn = false }: NewDay): Promise<void> {
  await using made = await generator(company)
  const { session } = made
  const { answers } = company
  await session.run(
    `create table recent as select row_number() over (order by i) - 1 as nth, i as number from range(${countOf('orders', answers)}) as r(i)
      where ${orderedAt('i')} >= timestamp '${today}' - interval 10 day`,
  )
  for (const stream of streams()) {
    const { stream: name } = stream
    const first = countOf(name, answers)
    const count = name === 'answers' ? 2 * perDay('submissions', answers) : perDay(name, answers)
    const few = { submissions: 6, answers: 12, orders: 3, contacts: 0 }[name] ?? 0
    const records = name === 'contacts' && merge ? `union all ${mergingContact(answers)}` : ''
    await session.run(`create or replace table landed as
      select * exclude (ordinal), '${today}' as load, row_number() over (order by "at", row_id) - 1 as place from (
        select *, 0 as ordinal from (${recordsOf(name, answers, { first, count, day: 'all', churn })}) as fresh
        ${late ? `union all select *, 1 from (${recordsOf(name, answers, { first: first + count, count: few, day: 'before', churn })}) as late` : ''}
        ${records}
      ) as all_of_it`)
    await commitLoads(company, session, stream)
  }
}

function streams(): LandingStream[] {
  const source = company().sources[SOURCE]
  return (source?.connector.streams(source.config) ?? []).map((stream) => landingStream(SOURCE, stream))
}

async function generator({ tempFolder }: Company) {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: '6GB',
    temp_directory: tempFolder,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  const session = await instance.connect()
  await session.run("set TimeZone = 'UTC'")
  return {
    session,
    async [Symbol.asyncDispose]() {
      session.closeSync()
      instance.closeSync()
    },
  }
}

/** A load per month, and a load per day for the last two weeks. */
function loadOf(time: string): string {
  return `case when ${time} < timestamp '2025-06-01' then strftime(${time}, '%Y-%m') when ${time} < timestamp '${today}' then strftime(${time}, '%Y-%m-%d') else '2025-06-15' end`
}

function countOf(stream: string, answers: number): number {
  const share: Readonly<Record<string, number>> = {
    answers: 1,
    submissions: 1 / 2,
    orders: 1 / 3,
    contacts: 1 / 20,
  }
  return Math.round(answers * (share[stream] ?? 0))
}

function perDay(stream: string, answers: number): number {
  return Math.max(1, Math.round(countOf(stream, answers) / DAYS))
}

function changed(stream: string): string {
  const by: Readonly<Record<string, string>> = {
    submissions: `'web' as channel`,
    answers: '1.0 as score',
    orders: `'returned' as status`,
    contacts: 'null as member',
  }
  return by[stream] ?? ''
}

function orderedAt(record: string): string {
  return `timestamp '${FIRST_DAY}' + to_microseconds(${pick(record, 2, String(micros(DAYS)))})`
}

type Fresh = {
  /** Number of the first record. */
  readonly first: number
  readonly count: number
  /** Records of the new day, or of days before it. */
  readonly day: 'all' | 'before'
  readonly churn: boolean
}

/** A number from 0 up to a bound that depends on a record alone. */
const pick = (record: string, salt: number, bound: string) => `(hash(${record}, ${salt}) % ${bound})::BIGINT`

const micros = (days: number) => days * 86_400_000_000

/** As in the three years, what a submission is about happened in the ten days before. */
const recentOrder = `(select number from recent where nth = ${pick('s', 31, '(select count(*) from recent)')})`

/** The stream's records by number, with their columns and `row_id`. */
function recordsOf(stream: string, answers: number, fresh?: Fresh): string {
  const total = fresh?.count ?? countOf(stream, answers)
  const first = fresh?.first ?? 0
  const [customers, orders] = [countOf('contacts', answers), countOf('orders', answers)]
  const time = (record: string, salt: number) => {
    if (fresh?.day === 'all')
      return `timestamp '${today}' + to_microseconds(${pick(record, salt, String(micros(1)))})`
    if (fresh)
      return `timestamp '${today}' - to_microseconds(${pick(record, salt, String(micros(20)))} + ${micros(1)})`
    return `timestamp '${FIRST_DAY}' + to_microseconds(${pick(record, salt, String(micros(DAYS)))})`
  }
  const order = (record: string) => ({
    customer: pick(record, 1, String(customers)),
    at: orderedAt(record),
  })
  // One key alone ties nothing together.
  const onlyMail = fresh !== undefined && !fresh.churn
  const beside = (condition: string) => (onlyMail ? 'false' : condition)
  const newcomer = onlyMail ? 'i' : pick('i', 24, String(customers))
  const key = (kind: string, customer: string) => `'h1:' || md5('${kind}' || ${customer})`
  const range = `range(${first}, ${first + total})`
  if (stream === 'orders')
    return `select 'O' || lpad(i::varchar, 9, '0') as number, t as "at", t + interval 2 hour as updated_at,
        date_trunc('day', t + interval 3 day) as promised_at,
        date_trunc('day', t + to_days(1 + ${pick('i', 3, '6')}::int)) as delivered_at,
        case when ${pick('i', 4, '20')} = 0 then 'cancelled' else 'delivered' end as status,
        list_extract(['store', 'web', 'app'], 1 + ${pick('i', 5, '3')}) as channel,
        'S' || ${pick('i', 6, '200')} as store,
        (${pick('i', 7, '200000')} / 100)::decimal(18,2) as amount,
        case when ${pick('i', 8, '10')} < 7 then ${key('e', 'c')} end as email,
        case when ${beside(`${pick('i', 9, '10')} < 4`)} then ${key('p', 'c')} end as phone,
        case when ${beside(`${pick('i', 10, '10')} < 3`)} then ${key('m', 'c')} end as member,
        i as row_id
      from (select i, ${order('i').customer} as c, ${fresh ? time('i', 2) : order('i').at} as t from ${range} as r(i))`
  if (stream === 'contacts')
    return `select 'C' || lpad(i::varchar, 9, '0') as id, ${time('i', 21)} as "at", ${time('i', 21)} as updated_at,
        ${key('e', 'c')} as email, case when ${pick('i', 22, '10')} < 8 then ${key('p', 'c')} end as phone,
        case when ${pick('i', 23, '10')} < 6 then ${key('m', 'c')} end as member,
        i as row_id from (select i, ${newcomer} as c from ${range} as r(i))`
  const about = fresh ? time('s', 34) : `o_at + to_microseconds(${pick('s', 32, String(micros(10)))})`
  const end = `timestamp '${today}'`
  const submissions = (range: string) => `select s, about_order, o,
      case when about_order ${fresh ? '' : `and ${about} < ${end}`} then ${about} else ${time('s', 34)} end as t,
      case when about_order then o_customer else ${pick('s', 35, String(customers))} end as c
    from (select s, about_order, o, ${order('o').customer} as o_customer, ${order('o').at} as o_at
      from (select s, ${pick('s', 30, '10')} < 6 as about_order, ${fresh ? recentOrder : pick('s', 31, String(orders))} as o from ${range} as r(s)))`
  if (stream === 'submissions')
    return `select 'R' || lpad(s::varchar, 9, '0') as id, t as "at", t + interval 1 minute as updated_at,
        case when ${pick('s', 36, '4')} = 0 then 'relationship' else 'after-order' end as survey,
        list_extract(['store', 'web', 'wechat'], 1 + ${pick('s', 37, '3')}) as channel,
        'S' || ${pick('s', 38, '200')} as store,
        case when about_order and ${pick('s', 39, '3')} < 2 then 'O' || lpad(o::varchar, 9, '0') end as about,
        case when ${pick('s', 40, '10')} < 8 then ${key('e', 'c')} end as email,
        case when ${beside(`${pick('s', 41, '10')} < 2`)} then ${key('p', 'c')} end as phone,
        null::varchar as member,
        s as row_id from (${submissions(range)})`
  return `select 'A' || lpad(i::varchar, 9, '0') as id, t as "at", t + interval 1 minute as updated_at,
      'R' || lpad(s::varchar, 9, '0') as submission,
      case when ${pick('s', 36, '4')} = 0 then 'relationship' else 'after-order' end as survey,
      case when i % 2 = 0 then 'recommend' else 'satisfied' end as question,
      case when i % 2 = 0 then greatest(0, 10 - ${pick('i', 50, '14')} // 2 * (${pick('s', 51, '3')} // 1)) else 1 + ${pick('i', 52, '5')} end::double as score,
      i as row_id
    from (select 2 * s + question as i, s, t from (${submissions(`range(${first / 2}, ${(first + total) / 2})`)}), (values (0), (1)) as q(question))`
}

/** It names the mail address of one customer and the telephone of another. */
function mergingContact(answers: number): string {
  const customers = countOf('contacts', answers)
  const [one, other] = [Math.floor(customers / 3), Math.floor(customers / 2)]
  return `select 'C-merge' as id, timestamp '${today} 09:00' as "at", timestamp '${today} 09:00' as updated_at,
    'h1:' || md5('e' || ${one}) as email, 'h1:' || md5('p' || ${other}) as phone, null as member, -1 as row_id, 2 as ordinal`
}

async function commitLoads(
  company: Company,
  session: DuckDBConnection,
  stream: LandingStream,
): Promise<void> {
  const { control, storage } = company
  const of = { source: stream.source, stream: stream.stream, slice: '' }
  const columns = recordColumns(stream)
  const loads = await session.runAndReadAll('select load, count(*) from landed group by load order by load')
  for (const [load, rows] of loads.getRows() as [string, bigint][]) {
    const parts = Math.ceil(Number(rows) / ROWS_PER_FILE)
    const { cursor_version: generation, cursor: from } = await readStreamState(
      { control, now: () => new Date() },
      of,
    )
    const key = loadKey({ ...of, generation, from })
    const day = load.length === 7 ? `${load}-28` : load
    for (let part = 0; part < parts; part += 1) {
      const path = `raw/source=${of.source}/stream=${of.stream}/ingest_date=${day}/${key.slice(0, 16)}-${part}.parquet`
      const local = storage.absolute(path)
      await mkdir(dirname(local), { recursive: true })
      const [first, last] = [part * ROWS_PER_FILE, (part + 1) * ROWS_PER_FILE]
      const where = `load = ${literal(load)} and place >= ${first} and place < ${last}`
      await session.run(
        `copy (select ${selected(stream, { key, part, first })} from landed where ${where} order by place) to ${literal(local)} (format parquet, compression zstd, row_group_size ${ROW_GROUP})`,
      )
      const told = await session.runAndReadAll(
        `select count(*)::int, strftime(min("at"), '%Y-%m-%dT%H:%M:%S.%fZ'), strftime(max("at"), '%Y-%m-%dT%H:%M:%S.%fZ') from landed where ${where}`,
      )
      const [count, eventFrom, eventTo] = told.getRows()[0] as [number, string, string]
      const stored = await storage.stat(path)
      const committed = await commitPart(control, {
        of,
        kind: 'sync',
        loadKey: key,
        part,
        expectedVersion: generation + part,
        cursor: JSON.stringify({ load, part }),
        file: {
          path,
          rows: count,
          bytes: stored?.bytes ?? 0,
          sha256: await storage.sha256(local),
          schemaHash: schemaHash(columns),
          eventFrom,
          eventTo,
          statistics: '{}',
        },
        columns,
        rejected: [],
        unknownFields: [],
        replayed: [],
        last: part === parts - 1,
        at: `${day}T12:00:00.000Z`,
      })
      if (!committed) throw new Error(`[bench] ${path} was not committed.`)
    }
  }
}

/** The columns of a raw file, as `recordColumns` names them. */
function selected(
  stream: LandingStream,
  { key, part, first }: { key: string; part: number; first: number },
): string {
  const named = (names: readonly string[]) => stream.columns.filter(({ name }) => names.includes(name))
  const names = stream.columns.map(({ name }) => name)
  const derived: Readonly<Record<string, string>> = {
    _extra: 'null::varchar',
    _row_key: fingerprintSql(`${stream.source}\u001F${stream.stream}`, named(stream.primaryKey)),
    _row_hash: fingerprintSql('', named(names)),
    _op: `'upsert'`,
    _cursor: identifier(stream.cursorField ?? ''),
    _extracted_at: `timestamp '${today}'`,
    _load_key: literal(key),
    _part: `${part}::bigint`,
    _pos: `(place - ${first})::bigint`,
    _schema_hash: literal(schemaHash(recordColumns(stream))),
  }
  return recordColumns(stream)
    .map(
      ({ name, type }) =>
        `(${derived[name] ?? identifier(name)})::${type === 'JSON' ? 'varchar' : type} as ${identifier(name)}`,
    )
    .join(', ')
}
