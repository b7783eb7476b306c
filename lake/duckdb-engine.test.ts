/** The engine on a real DuckDB: contracts, landed records, the read-only sandbox, content hashes, and values as they come back. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Column } from './column.ts'
import { ContractBroken } from './contract-broken.ts'
import { createDuckdbEngine } from './duckdb-engine.ts'
import { type CompiledQuery, type Engine, QueryRefused, type Slice } from './engine.ts'
import { literal } from './quote.ts'
import { ValueRefused } from './value-refused.ts'

let folder: string
let engine: Engine
let writer: DuckDBConnection
let files = 0

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'engine-'))
  mkdirSync(join(folder, 'spill'))
  engine = createDuckdbEngine({ memoryLimit: '500MB', threads: 1, tempFolder: join(folder, 'spill') })
  writer = await (await DuckDBInstance.create(':memory:')).connect()
})
afterAll(() => {
  writer.closeSync()
  rmSync(folder, { recursive: true, force: true })
})

const query = (sql: string, ...parameters: unknown[]): CompiledQuery => ({ sql, parameters })

async function file(select: string): Promise<string> {
  const path = join(folder, `given-${(files += 1)}.parquet`)
  await writer.run(`copy (${select}) to ${literal(path)} (format parquet)`)
  return path
}

function build(sql: string, columns: readonly Column[], inputs: readonly Slice[] = []) {
  const out = mkdtempSync(join(folder, 'build-'))
  return engine.build({ query: query(sql), columns, inputs, folder: out })
}

const numbers: readonly Column[] = [{ name: 'n', type: 'BIGINT' }]

describe('the contract', () => {
  const columns: readonly Column[] = [
    { name: 'id', type: 'VARCHAR' },
    { name: 'score', type: 'BIGINT' },
  ]

  it('names what a query lacks, adds and retypes', async () => {
    const broken = await build("select 'late' as score, 1 as extra", columns).catch((error: unknown) => error)
    expect(broken).toBeInstanceOf(ContractBroken)
    expect((broken as ContractBroken).breach).toEqual({
      missing: ['id'],
      extra: ['extra'],
      retyped: ['score is VARCHAR, the contract says BIGINT'],
    })
  })

  it('widens what keeps its meaning, and writes the columns in the contract’s order', async () => {
    const report = await build("select 3::SMALLINT as score, 'a' as id", columns)
    expect(report).toMatchObject({ rows: 1, files: ['part-00000.parquet'] })
    expect(report.bytes).toBeGreaterThan(0)
  })

  it.each([
    ['TIMESTAMP', 'timestamptz'],
    ['BIGINT', 'double'],
    ['DATE', 'timestamp'],
    ['BOOLEAN', 'integer'],
  ] as const)('does not make %s of a %s', async (type, actual) => {
    await expect(build(`select null::${actual} as n`, [{ name: 'n', type }])).rejects.toThrow(ContractBroken)
  })

  it('tells of a value that does not convert, never the value', async () => {
    const text = await file("select 'call me at 13800138000' as words")
    const slice: Slice = { table: 'said', files: [text], columns: [{ name: 'words', type: 'VARCHAR' }] }
    const refused = await build('select cast(words as BIGINT) as n from said', numbers, [slice]).catch(
      (error: unknown) => error,
    )
    expect(refused).toBeInstanceOf(ValueRefused)
    expect(String(refused)).toContain('column words')
    expect(String(refused)).not.toContain('13800138000')
  })

  it('leaves nothing beside its folder', () => {
    expect(readdirSync(join(folder, 'spill'))).toEqual([])
  })
})

describe('content hashes', () => {
  const columns: readonly Column[] = [
    { name: 'id', type: 'BIGINT' },
    { name: 'word', type: 'VARCHAR' },
  ]
  const rows = "select range as id, 'w' || range % 7 as word from range(500)"
  const hashOf = async (selects: readonly string[]) => {
    const slice = { table: 'given', columns, files: await Promise.all(selects.map(file)) }
    return (await build('select * from given', columns, [slice])).contentHash
  }

  it('do not depend on the order of rows or on how they are split into files', async () => {
    const whole = await hashOf([rows])
    expect(await hashOf([`${rows} order by id desc`])).toBe(whole)
    expect(await hashOf([`${rows} offset 200`, `${rows} limit 200`])).toBe(whole)
  })

  it('change with a value, with a row more, and with a row twice', async () => {
    const others = [
      `select id, if(id = 3, 'other', word) as word from (${rows})`,
      `select * from (${rows}) union all select 500, 'w'`,
      `select * from (${rows}) union all select 3, 'w3'`,
      `select id, if(id = 3, null, word) as word from (${rows})`,
    ]
    const hashes = new Set([
      await hashOf([rows]),
      ...(await Promise.all(others.map((each) => hashOf([each])))),
    ])
    expect(hashes.size).toBe(5)
  })
})

describe('slices', () => {
  const columns: readonly Column[] = [
    { name: 'id', type: 'VARCHAR' },
    { name: 'mood', type: 'VARCHAR' },
  ]
  /** Rows as landing writes them: `[id, mood, cursor, operation]`, in the order of their position. */
  const landedFile = (rows: readonly (readonly [string, string, number | null, string])[]) =>
    file(
      `select * from (values ${rows
        .map(
          ([id, mood, cursor, op], pos) =>
            `('${id}', '${mood}', '${id}', ${cursor}::BIGINT, '${op}', ${pos})`,
        )
        .join(', ')}) as t(id, mood, _row_key, _cursor, _op, _pos)`,
    )
  const read = async (paths: readonly string[]) =>
    engine.rows(query('select id, mood from said order by id'), [
      { table: 'said', columns, files: paths, landed: true },
    ])

  it('show the last version of a record: by cursor, then load order, then position', async () => {
    const early = await landedFile([
      ['a', 'newest by cursor', 9, 'upsert'],
      ['b', 'first', 1, 'upsert'],
      ['c', 'first of the file', 1, 'upsert'],
      ['c', 'last of the file', 1, 'upsert'],
    ])
    const late = await landedFile([
      ['a', 'came late, is older', 5, 'upsert'],
      ['b', 'same cursor, later load', 1, 'upsert'],
    ])
    expect(await read([early, late])).toEqual([
      { id: 'a', mood: 'newest by cursor' },
      { id: 'b', mood: 'same cursor, later load' },
      { id: 'c', mood: 'last of the file' },
    ])
  })

  it('show no record that was deleted, also when the deletion has no cursor, and show it again when it came back', async () => {
    const first = await landedFile([
      ['gone', 'x', 1, 'upsert'],
      ['gone without a time', 'x', 7, 'upsert'],
      ['back', 'x', 1, 'upsert'],
    ])
    const second = await landedFile([
      ['gone', 'x', 2, 'delete'],
      ['gone without a time', 'x', null, 'delete'],
      ['back', 'x', 2, 'delete'],
    ])
    const third = await landedFile([['back', 'again', 3, 'upsert']])
    expect(await read([first, second, third])).toEqual([{ id: 'back', mood: 'again' }])
  })

  it('order records without any cursor by load', async () => {
    const [first, second] = [
      await landedFile([['a', 'first', null, 'upsert']]),
      await landedFile([['a', 'second', null, 'upsert']]),
    ]
    expect(await read([first, second])).toEqual([{ id: 'a', mood: 'second' }])
    expect(await read([second, first])).toEqual([{ id: 'a', mood: 'first' }])
  })

  it('fill columns that older files do not have, hide those that are not declared, and may be empty', async () => {
    const [older, newer] = [
      await file("select 'a' as id"),
      await file("select 'b' as id, 'ok' as mood, 1 as x"),
    ]
    const rowsOf = (paths: readonly string[]) =>
      engine.rows(
        query('select * from said order by id'),
        [{ table: 'x.said', columns, files: paths }].map((slice) => ({ ...slice, table: 'said' })),
      )
    expect(await rowsOf([older, newer])).toEqual([
      { id: 'a', mood: null },
      { id: 'b', mood: 'ok' },
    ])
    expect(await rowsOf([])).toEqual([])
  })

  it('live in the schema their name says', async () => {
    const slice: Slice = { table: 'xo.said', columns, files: [] }
    expect(await engine.rows(query('select count(*) as n from xo.said'), [slice])).toEqual([{ n: 0 }])
  })
})

describe('read-only questions', () => {
  it.each([
    ['a file', () => `select * from read_text(${literal(join(folder, 'secret.txt'))})`],
    ['a neighbour of its inputs', () => `select * from read_parquet(${literal(join(folder, '*.parquet'))})`],
    ['the network', () => "select * from read_csv('http://127.0.0.1:1/x.csv')"],
    ['a copy', () => `copy (select 1) to ${literal(join(folder, 'out.csv'))}`],
    ['several statements', () => 'select 1; select 2'],
    ['a change', () => 'create table t as select 1'],
    ['another database', () => `attach ${literal(join(folder, 'x.db'))} as x`],
    ['a setting', () => "set memory_limit = '1TB'"],
    ['nothing', () => '  '],
    ['nonsense', () => 'selekt 1'],
  ])('%s is refused', async (_, sql) => {
    writeFileSync(join(folder, 'secret.txt'), 'secret')
    const given: Slice = { table: 'given', columns: numbers, files: [await file('select 1 as n')] }
    await expect(engine.rows(query(sql()), [given])).rejects.toThrow(QueryRefused)
  })

  it('reads its inputs and takes parameters', async () => {
    const given: Slice = {
      table: 'given',
      columns: numbers,
      files: [await file('select range as n from range(5)')],
    }
    expect(await engine.rows(query('select n from given where n > $1 order by n', 2), [given])).toEqual([
      { n: 3 },
      { n: 4 },
    ])
  })

  it('does not repeat a customer’s word in a refusal', async () => {
    const said: Slice = {
      table: 'said',
      columns: [{ name: 'words', type: 'VARCHAR' }],
      files: [await file("select '李雷说太贵了' as words")],
    }
    const refused = engine.rows(query('select cast(words as DOUBLE) from said'), [said])
    await expect(refused).rejects.toThrow(/column words does not convert to DOUBLE/)
    await expect(refused).rejects.not.toThrow(/太贵/)
  })

  it('answers instants in UTC, dates as days, whole numbers whole, and amounts as numbers', async () => {
    const [row] = await engine.rows(
      query(`select timestamp '2026-03-01 23:30:00' as instant, timestamptz '2026-03-01 23:30:00+08' as zoned,
        date '2026-03-01' as day, 9007199254740993::BIGINT as large, 42::BIGINT as small, 12.50::DECIMAL(18,2) as amount,
        true as yes, null as nothing, '好' as word`),
      [],
    )
    expect(row).toEqual({
      instant: '2026-03-01T23:30:00.000Z',
      zoned: '2026-03-01T15:30:00.000Z',
      day: '2026-03-01',
      large: '9007199254740993',
      small: 42,
      amount: 12.5,
      yes: true,
      nothing: null,
      word: '好',
    })
  })
})

describe('cancelling', () => {
  const long = query('select count(*) as n from range(100000000000) a where a.range % 7 = 3')

  it('interrupts a running query, with the reason that was given', async () => {
    const controller = new AbortController()
    const running = engine.rows(long, [], controller.signal)
    setTimeout(() => controller.abort(new Error('the run was cancelled')), 100)
    await expect(running).rejects.toThrow('the run was cancelled')
  })

  it('does not begin when it is too late, and builds stop too', async () => {
    const out = mkdtempSync(join(folder, 'build-'))
    const request = { query: long, inputs: [], columns: numbers, folder: out }
    await expect(
      engine.build({ ...request, signal: AbortSignal.abort(new Error('too late')) }),
    ).rejects.toThrow('too late')
    const controller = new AbortController()
    const running = engine.build({ ...request, signal: controller.signal })
    setTimeout(() => controller.abort(new Error('stop')), 100)
    await expect(running).rejects.toThrow('stop')
    expect(readdirSync(join(folder, 'spill'))).toEqual([])
  })
})
