/** What every engine promises, as tests: values, contracts, slices, programs, content, the sandbox, cancelling, and work larger than memory. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Column, ColumnType } from './column.ts'
import { ContractBroken } from './contract-broken.ts'
import {
  type CompiledQuery,
  type Engine,
  type EngineSession,
  QueryRefused,
  type Row,
  type RowFilter,
  type Slice,
} from './engine.ts'
import { identifier, literal } from './quote.ts'
import { ValueRefused } from './value-refused.ts'

export type EngineOptions = {
  readonly memoryMb: number
  readonly threads: number
  readonly tempFolder: string
}

/** Queries here are plain SQL with a few functions that every engine we know has in this spelling. */
export function engineConformance(name: string, create: (options: EngineOptions) => Engine): void {
  describe(`the engine ${name}`, () => {
    const bench = new Bench(create)
    beforeAll(() => bench.open())
    afterAll(() => bench.close())

    values(bench)
    times(bench)
    contracts(bench)
    slices(bench)
    filters(bench)
    programs(bench)
    contents(bench)
    questions(bench)
    cancelling(bench)
    memory(bench)

    it('leaves nothing in its temporary folder', async () => {
      await vi.waitFor(() => expect(readdirSync(bench.spill)).toEqual([]), { timeout: 5000 })
    })
  })
}

/** One engine of ordinary size, files made by itself, and the folder they are in. */
class Bench {
  readonly #create: (options: EngineOptions) => Engine
  readonly folder = mkdtempSync(join(tmpdir(), 'engine-'))
  readonly spill = join(this.folder, 'spill')
  #files = 0
  #engine: Engine | undefined

  constructor(create: (options: EngineOptions) => Engine) {
    this.#create = create
  }

  open(): void {
    mkdirSync(this.spill)
    this.#engine = this.engineWith({})
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }

  get engine(): Engine {
    if (this.#engine === undefined) throw new Error('The engine is not open yet.')
    return this.#engine
  }

  engineWith(options: Partial<EngineOptions>): Engine {
    return this.#create({ memoryMb: 500, threads: 1, tempFolder: this.spill, ...options })
  }

  path(): string {
    return join(this.folder, `${(this.#files += 1)}.parquet`)
  }

  async within<T>(work: (session: EngineSession) => Promise<T>, signal?: AbortSignal): Promise<T> {
    await using session = await this.engine.open(signal)
    return await work(session)
  }

  /** A file of these rows, as the query has them. */
  async file(select: string): Promise<string> {
    const file = this.path()
    await this.within((session) => session.write({ query: query(select), inputs: [], file }))
    return file
  }

  async rows(sql: string, ...inputs: readonly Slice[]): Promise<Row[]> {
    return this.engine.rows(query(sql), inputs)
  }

  /** What a query over inputs writes, read again. */
  async written(sql: string, columns: readonly Column[], inputs: readonly Slice[] = []): Promise<Row[]> {
    const file = this.path()
    await this.within((session) => session.write({ query: query(sql), inputs, columns, file }))
    return this.rows('select * from written order by all', { table: 'written', files: [file], columns })
  }

  /** The sum of row hashes, as contents are told. */
  async hashOf(files: readonly string[], columns: readonly Column[], engine = this.engine): Promise<string> {
    const { hash, sumOfHashes } = engine.spelling
    const hashed = `select ${hash(columns.map(({ name }) => name))} as h from given`
    const sql = `select count(*) as n, ${sumOfHashes('h')} as hash from (${hashed}) as hashed`
    const [row] = await engine.rows(query(sql), [{ table: 'given', files, columns }])
    return `${String(row?.['n'])}-${String(row?.['hash'])}`
  }
}

const query = (sql: string, ...parameters: unknown[]): CompiledQuery => ({ sql, parameters })
const column = (name: string, type: ColumnType): Column => ({ name, type })
const failure = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error)

function values(bench: Bench): void {
  describe('values', () => {
    it.each([
      ['VARCHAR', `'好 ''quoted'' 😀'`, "好 'quoted' 😀"],
      ['VARCHAR', `''`, ''],
      ['BIGINT', '-9007199254740991', -9007199254740991],
      ['BIGINT', '9223372036854775807', '9223372036854775807'],
      ['UBIGINT', '18446744073709551615', '18446744073709551615'],
      ['DOUBLE', '0.1', 0.1],
      ['DOUBLE', '-1e300', -1e300],
      ['BOOLEAN', 'false', false],
      ['DATE', `date '1969-12-31'`, '1969-12-31'],
      ['TIMESTAMP', `timestamp '2026-03-01 23:30:00.123'`, '2026-03-01T23:30:00.123Z'],
      ['TIMESTAMP', `timestamp '1912-02-29 00:00:00'`, '1912-02-29T00:00:00.000Z'],
      ['JSON', `'{"a":[1,null,{"好":"é"}]}'`, '{"a":[1,null,{"好":"é"}]}'],
      ['DECIMAL(18,2)', '-1234567890.05', -1234567890.05],
    ] as const)('a %s of %s comes back, and so does null', async (type, sql, expected) => {
      const select = `select cast(${sql} as ${type}) as v union all select null`
      const rows = await bench.written(select, [column('v', type)])
      expect(rows).toEqual([{ v: expected }, { v: null }])
    })

    it('decimals are added exactly, to the last digit they have', async () => {
      const columns = [column('v', 'DECIMAL(18,2)')]
      const cents = bench.path()
      const select = query('select cast(0.1 as DECIMAL(18,2)) as v union all select 9999999999999999.88')
      await bench.within((session) => session.write({ query: select, inputs: [], columns, file: cents }))
      const sum = 'select cast(sum(v) + cast(0.01 as DECIMAL(18,2)) as VARCHAR) as s from given'
      expect(await bench.rows(sum, { table: 'given', files: [cents], columns })).toEqual([
        { s: '9999999999999999.99' },
      ])
    })

    it('whole numbers beyond what JavaScript counts exactly come as text, all others as numbers', async () => {
      expect(
        await bench.rows('select cast(9007199254740993 as BIGINT) as large, cast(42 as BIGINT) as small'),
      ).toEqual([{ large: '9007199254740993', small: 42 }])
    })

    it('parameters are values, instants too', async () => {
      const select = query('select $1 as word, cast($2 as TIMESTAMP) as at', "it's", new Date(0))
      expect(await bench.engine.rows(select, [])).toEqual([{ word: "it's", at: '1970-01-01T00:00:00.000Z' }])
    })
  })
}

function times(bench: Bench): void {
  describe('times', () => {
    const at = column('at', 'TIMESTAMP')
    const daysOf = async (instants: readonly string[]) => {
      const file = await bench.file(
        instants.map((each, id) => `select ${id} as id, ${each} as at`).join(' union all '),
      )
      const { day, isUndated } = bench.engine.spelling
      const sql = `select ${day('at')} as day, ${isUndated('at')} as undated from given order by id`
      const slice = { table: 'given', files: [file], columns: [column('id', 'BIGINT'), at] }
      return (await bench.rows(sql, slice)).map((row) => [row['day'], row['undated']])
    }

    it('zoned instants are told in UTC', async () => {
      const rows = await bench.rows("select timestamptz '2026-03-01 23:30:00+08' as at")
      expect(rows).toEqual([{ at: '2026-03-01T15:30:00.000Z' }])
    })

    it('keep their microseconds', async () => {
      const file = await bench.file("select timestamp '2026-03-01 00:00:00.000001' as at")
      const sql = 'select cast(given."at" as VARCHAR) as "at" from given'
      expect(await bench.rows(sql, { table: 'given', files: [file], columns: [at] })).toEqual([
        { at: '2026-03-01 00:00:00.000001' },
      ])
    })

    it('have a day in UTC, before 1970 and until the last microsecond of it', async () => {
      expect(
        await daysOf([
          "timestamp '1969-12-31 23:59:59.999999'",
          "timestamp '1970-01-01 00:00:00'",
          "timestamp '0001-01-01 00:00:00'",
          "timestamp '9998-12-31 23:59:59.999999'",
        ]),
      ).toEqual([
        ['1969-12-31', false],
        ['1970-01-01', false],
        ['0001-01-01', false],
        ['9998-12-31', false],
      ])
    })

    it('that no calendar of four digits names are undated, and so is none', async () => {
      expect(
        await daysOf([
          "timestamp 'infinity'",
          "timestamp '-infinity'",
          "timestamp '12024-01-01 00:00:00'",
          "timestamp '9999-01-01 00:00:00'",
          'cast(null as TIMESTAMP)',
        ]),
      ).toEqual(Array.from({ length: 5 }, () => [null, true]))
    })
  })
}

function contracts(bench: Bench): void {
  describe('the contract', () => {
    const columns = [column('id', 'VARCHAR'), column('score', 'BIGINT')]

    it('names what a query lacks, adds and retypes', async () => {
      const broken = await failure(bench.written("select 'late' as score, 1 as extra", columns))
      expect(broken).toBeInstanceOf(ContractBroken)
      expect(broken).toMatchObject({
        breach: {
          missing: ['id'],
          extra: ['extra'],
          retyped: ['score is VARCHAR, the contract says BIGINT'],
        },
      })
    })

    it('widens what keeps its meaning, and writes the columns in the contract’s order', async () => {
      const rows = await bench.written("select cast(3 as SMALLINT) as score, 'a' as id", columns)
      expect(rows.map((row) => Object.entries(row))).toEqual([
        [
          ['id', 'a'],
          ['score', 3],
        ],
      ])
    })

    it.each([
      ['TIMESTAMP', 'timestamptz'],
      ['BIGINT', 'double'],
      ['DATE', 'timestamp'],
      ['BOOLEAN', 'integer'],
    ] as const)('does not make %s of a %s', async (type, actual) => {
      const select = `select cast(null as ${actual}) as n`
      await expect(bench.written(select, [column('n', type)])).rejects.toThrow(ContractBroken)
    })

    it('tells of a value that does not convert, never the value', async () => {
      const file = await bench.file("select 'call me at 13800138000' as words")
      const slice = { table: 'said', files: [file], columns: [column('words', 'VARCHAR')] }
      const select = 'select cast(words as BIGINT) as n from said'
      const refused = await failure(bench.written(select, [column('n', 'BIGINT')], [slice]))
      expect(refused).toBeInstanceOf(ValueRefused)
      expect(String(refused)).toContain('column words')
      expect(String(refused)).not.toContain('13800138000')
    })

    it('answers how many rows were written, and writes none as well as many', async () => {
      const count = (sql: string) =>
        bench.within((session) =>
          session.write({
            query: query(sql),
            inputs: [],
            columns: [column('n', 'BIGINT')],
            file: bench.path(),
          }),
        )
      expect(await count('select 1 as n union all select 2')).toBe(2)
      expect(await count('select 1 as n where false')).toBe(0)
      expect(await bench.written('select 1 as n where false', [column('n', 'BIGINT')])).toEqual([])
    })

    it('keeps only the rows it is told to, and counts these', async () => {
      const file = bench.path()
      const request = {
        query: query("select 'a' as id, 1 as score union all select 'b', 2 union all select null, 3"),
        inputs: [],
        columns,
        file,
      }
      const only = (bucket: number): RowFilter => ({ by: 'bucket', key: 'id', bucket, of: 2 })
      const counts = await Promise.all(
        [0, 1].map((bucket) =>
          bench.within((session) => session.write({ ...request, file: bench.path(), only: only(bucket) })),
        ),
      )
      expect(counts.reduce((sum, each) => sum + each, 0)).toBe(3)
      expect(existsSync(file)).toBe(false)
    })
  })
}

function slices(bench: Bench): void {
  describe('slices', () => {
    const columns = [column('id', 'VARCHAR'), column('mood', 'VARCHAR')]
    const said = (files: readonly string[], more: Partial<Slice> = {}): Slice => ({
      table: 'said',
      columns,
      files,
      ...more,
    })
    const all = 'select * from said order by all'

    it('fill columns that older files do not have, and hide those that are not declared', async () => {
      const older = await bench.file("select 'a' as id")
      const newer = await bench.file("select 'b' as id, 'ok' as mood, 1 as x")
      const empty = { mood: null }
      expect(await bench.rows(all, said([older, newer]))).toEqual([
        { id: 'a', ...empty },
        { id: 'b', mood: 'ok' },
      ])
      expect(await bench.rows(all, said([older]))).toEqual([{ id: 'a', ...empty }])
    })

    it('may be empty, and are then of the declared types', async () => {
      expect(await bench.rows(all, said([]))).toEqual([])
      const typed = said([], { columns: [column('n', 'BIGINT')], fileColumn: 'file' })
      expect(await bench.rows('select sum(n) + 1 as n, max(file) as file from said', typed)).toEqual([
        { n: null, file: null },
      ])
    })

    it('live in the schema their name says', async () => {
      const slice = said([], { table: 'xo.said' })
      expect(await bench.rows('select count(*) as n from xo.said', slice)).toEqual([{ n: 0 }])
    })

    it.each([
      'with mine as (select * from said) select id from mine',
      'with said as (select * from said) select id from said',
      '-- what they said\n/* with care */ with mine as (select * from said) select id from mine',
      'with "said"(id, mood) as not materialized (select * from said) select id from said',
      'WITH RECURSIVE up(id, n) AS (select id, 1 from said union all select id, n + 1 from up where n < 3) select distinct id from up',
      'select id from (with said as (select id from said) select * from said)',
      'select id from main.said',
      'select s.id from said as s join xo.said as t on t.id = s.id',
      'with two as (select id from said union select id from xo.said) select id from two',
    ])('are seen by %s', async (sql) => {
      const files = [await bench.file("select 'a' as id, 'ok' as mood")]
      const inputs = [said(files), said(files, { table: 'xo.said' })]
      expect(await bench.within((session) => session.rows(query(sql), inputs))).toEqual([{ id: 'a' }])
      expect(await bench.rows(sql, ...inputs)).toEqual([{ id: 'a' }])
      expect(await bench.written(sql, [column('id', 'VARCHAR')], inputs)).toEqual([{ id: 'a' }])
    })

    it('read a column whose type was widened between files', async () => {
      const whole = await bench.file('select cast(1 as BIGINT) as n')
      const broken = await bench.file('select cast(2.5 as DOUBLE) as n')
      for (const files of [
        [whole, broken],
        [broken, whole],
      ])
        expect(await bench.rows(all, said(files, { columns: [column('n', 'DOUBLE')] }))).toEqual([
          { n: 1 },
          { n: 2.5 },
        ])
    })

    it('tell the file of each row', async () => {
      const files = [await bench.file("select 'a' as id"), await bench.file("select 'b' as id")]
      const rows = await bench.rows(
        'select id, _file from said order by id',
        said(files, { fileColumn: '_file' }),
      )
      expect(rows).toEqual([
        { id: 'a', _file: files[0] },
        { id: 'b', _file: files[1] },
      ])
    })

    it('do not show landed rows that are named as replaced', async () => {
      const landed = (load: string, part: number, ids: readonly string[]) =>
        bench.file(
          ids
            .map(
              (id, pos) =>
                `select '${id}' as id, '${load}' as _load_key, cast(${part} as BIGINT) as _part, cast(${pos} as BIGINT) as _pos`,
            )
            .join(' union all '),
        )
      const files = [
        await landed('one', 0, ['a', 'b']),
        await landed('one', 1, ['c']),
        await landed('two', 0, ['d', 'e']),
      ]
      const replaced = await bench.file(
        "select 'one' as load_key, cast(0 as BIGINT) as part, cast(1 as BIGINT) as pos union all select 'two', 0, 0",
      )
      const ids = async (more: Partial<Slice>) =>
        (await bench.rows('select id from said order by id', said(files, more))).map((row) => row['id'])
      expect(await ids({ landed: { replaced: [replaced] } })).toEqual(['a', 'c', 'e'])
      expect(await ids({ landed: { replaced: [] } })).toEqual(['a', 'b', 'c', 'd', 'e'])
    })

    it('of one piece of work are gone in the next', async () => {
      const file = await bench.file("select 'a' as id")
      await bench.within(async (session) => {
        expect(await session.rows(query('select id from said'), [said([file])])).toEqual([{ id: 'a' }])
        await expect(session.rows(query('select id from said'), [])).rejects.toThrow('said')
        expect(await session.rows(query('select id from said'), [said([])])).toEqual([])
      })
    })
  })
}

/** MD5 of `a` begins 0cc175b9, of `b` 92eb5ffe, of `7` 8f14e45f, of `好` 4e7e2f5e or as the table says: modulo 16 the last digit of those. */
const buckets = [
  ["'a'", 9],
  ["'b'", 14],
  ['7', 15],
  ['null', 0],
] as const

function filters(bench: Bench): void {
  describe('filters', () => {
    const columns = [column('id', 'VARCHAR'), column('at', 'TIMESTAMP')]
    let file: string
    beforeAll(async () => {
      file = await bench.file(`select 'before' as id, timestamp '2024-02-29 23:59:59.999999' as at
        union all select 'first', timestamp '2024-03-01 00:00:00'
        union all select 'last', timestamp '2024-03-31 23:59:59.999999'
        union all select 'after', timestamp '2024-04-01 00:00:00'
        union all select 'old', timestamp '1960-01-01 00:00:00'
        union all select 'far', timestamp 'infinity'
        union all select 'none', null`)
    })
    const seen = async (...only: readonly RowFilter[]) =>
      (
        await bench.rows('select id from given order by id', { table: 'given', files: [file], columns, only })
      ).map((row) => row['id'])
    const span = (from: string | null, to: string | null): RowFilter => ({
      by: 'span',
      column: 'at',
      from,
      to,
    })
    const undated: RowFilter = { by: 'undated', column: 'at' }

    it('spans take their first day and not their last', async () => {
      expect(await seen(span('2024-03-01', '2024-04-01'))).toEqual(['first', 'last'])
    })

    it('spans without an end go on, and never to what has no day', async () => {
      expect(await seen(span('2024-03-01', null))).toEqual(['after', 'first', 'last'])
      expect(await seen(span(null, '2024-03-01'))).toEqual(['before', 'old'])
      expect(await seen(span(null, null))).toEqual(['after', 'before', 'first', 'last', 'old'])
    })

    it('the undated are what no span takes', async () => {
      expect(await seen(undated)).toEqual(['far', 'none'])
    })

    it('several let through what any of them does, and none of them nothing', async () => {
      expect(await seen(undated, span('2024-04-01', '2024-04-02'), span('2024-04-01', null))).toEqual([
        'after',
        'far',
        'none',
      ])
      expect(await seen()).toEqual([])
    })

    it.each(buckets)('the bucket of %s of 16 is %i, today and always', async (key, bucket) => {
      const one = await bench.file(`select ${key} as k`)
      const type = key === '7' ? 'BIGINT' : 'VARCHAR'
      const countIn = async (each: number) => {
        const only: RowFilter[] = [{ by: 'bucket', key: 'k', bucket: each, of: 16 }]
        const slice = { table: 'given', files: [one], columns: [column('k', type)], only }
        return (await bench.rows('select count(*) as n from given', slice))[0]?.['n']
      }
      expect(await Promise.all([bucket, (bucket + 1) % 16].map(countIn))).toEqual([1, 0])
    })

    it('buckets share the rows out, each row to one', async () => {
      const many = await bench.file('select cast(i as VARCHAR) as id from generate_series(1, 1000) as t(i)')
      const counts = await Promise.all(
        Array.from({ length: 8 }, async (_, bucket) => {
          const only: RowFilter[] = [{ by: 'bucket', key: 'id', bucket, of: 8 }]
          const slice = { table: 'given', files: [many], columns, only }
          return Number((await bench.rows('select count(*) as n from given', slice))[0]?.['n'])
        }),
      )
      expect(counts.reduce((sum, each) => sum + each, 0)).toBe(1000)
      expect(Math.min(...counts)).toBeGreaterThan(80)
    })

    it('keys are found whatever the type of the column that holds them', async () => {
      const { hashOfKey } = bench.engine.spelling
      const whole = await bench.file('select cast(7 as BIGINT) as id union all select 8')
      const keys = bench.path()
      const wanted = query(
        `select ${hashOfKey('key')} as k from (select '7' as "key" union all select 'last') as t`,
      )
      await bench.within((session) => session.write({ query: wanted, inputs: [], file: keys }))
      const only: RowFilter[] = [{ by: 'keys', column: 'id', files: [keys] }]
      expect(await seen(...only)).toEqual(['last'])
      const slice = { table: 'given', files: [whole], columns: [column('id', 'BIGINT')], only }
      expect(await bench.rows('select id from given', slice)).toEqual([{ id: 7 }])
      expect(await seen({ by: 'keys', column: 'id', files: [] })).toEqual([])
    })

    it('see a column as it is declared: null in files that lack it, widened where files differ', async () => {
      const bare = await bench.file("select 'bare' as id")
      const slice = { table: 'given', files: [bare], columns }
      const count = async (given: Slice, ...only: readonly RowFilter[]) =>
        (await bench.rows('select count(*) as n from given', { ...given, only }))[0]?.['n']
      expect(await count(slice, undated)).toBe(1)
      expect(await count(slice, span(null, null))).toBe(0)
      const numbers = [await bench.file('select cast(7 as BIGINT) as n'), await bench.file('select 0.5 as n')]
      const { hashOfKey } = bench.engine.spelling
      const keys = bench.path()
      const wanted = query(`select ${hashOfKey('n')} as k from (select cast(7 as DOUBLE) as n) as t`)
      await bench.within((session) => session.write({ query: wanted, inputs: [], file: keys }))
      const wide = { table: 'given', files: numbers, columns: [column('n', 'DOUBLE')] }
      expect(await count(wide, { by: 'keys', column: 'n', files: [keys] })).toBe(1)
    })
  })
}

function programs(bench: Bench): void {
  describe('programs', () => {
    const columns = [column('id', 'BIGINT'), column('word', 'VARCHAR')]
    type Program = Parameters<EngineSession['writeRows']>[0]['program']
    const run = async (program: Program, inputs: readonly Slice[] = [], only?: RowFilter) => {
      const folder = mkdtempSync(join(bench.folder, 'program-'))
      const file = join(folder, 'rows.parquet')
      const request = { program, inputs, columns, file, ...(only && { only }) }
      const count = await bench.within((session) => session.writeRows(request))
      expect(readdirSync(folder)).toEqual(['rows.parquet'])
      const rows = await bench.rows('select * from written order by all', {
        table: 'written',
        files: [file],
        columns,
      })
      expect(count).toBe(rows.length)
      return rows
    }
    const given = async (table: string, count: number): Promise<Slice> => ({
      table,
      files: [await bench.file(`select i as id, 'w' || i as word from generate_series(1, ${count}) as t(i)`)],
      columns,
    })

    it('read their inputs in batches, and write what they make', async () => {
      let batches = 0
      const rows = await run(
        async function* (read) {
          for await (const batch of read('x.given')) {
            batches += 1
            yield batch.map(({ id, word }) => ({ id: Number(id) * 2, word }))
          }
        },
        [await given('x.given', 10_000)],
      )
      expect(batches).toBeGreaterThan(1)
      expect(rows).toHaveLength(10_000)
      expect(rows[0]).toEqual({ id: 2, word: 'w1' })
    })

    it('may read several inputs side by side, and one of them twice', async () => {
      const inputs = [await given('left', 5000), await given('right', 5000)]
      const rows = await run(async function* (read) {
        let sum = 0
        for await (const left of read('left')) {
          sum += left.length
          for await (const right of read('right')) sum += right.length
        }
        yield [{ id: sum, word: 'rows' }]
      }, inputs)
      expect(Number(rows[0]?.['id']) % 5000).toBe(0)
      expect(Number(rows[0]?.['id'])).toBeGreaterThan(5000)
    })

    it('may make no rows at all, and leave columns empty', async () => {
      expect(await run(async function* () {})).toEqual([])
      expect(
        await run(async function* () {
          yield []
          yield [{ id: 1 }]
        }),
      ).toEqual([{ id: 1, word: null }])
    })

    it('are kept to their partition', async () => {
      const only: RowFilter = { by: 'bucket', key: 'word', bucket: 9, of: 16 }
      const program: Program = async function* () {
        yield [
          { id: 1, word: 'a' },
          { id: 2, word: 'b' },
        ]
      }
      expect(await run(program, [], only)).toEqual([{ id: 1, word: 'a' }])
    })

    it('that add a column, or read what they do not declare, are refused', async () => {
      await expect(
        run(async function* () {
          yield [{ id: 1, other: 2 }]
        }),
      ).rejects.toThrow('the program adds other')
      await expect(
        run(async function* (read) {
          yield* read('secret')
        }),
      ).rejects.toThrow('the program reads secret, which is not among its inputs')
    })

    it.each([
      ['VARCHAR', '好'],
      ['BIGINT', '9223372036854775807'],
      ['UBIGINT', '18446744073709551615'],
      ['DOUBLE', 0.1],
      ['BOOLEAN', false],
      ['DATE', '1969-12-31'],
      ['TIMESTAMP', '1912-02-29T00:00:00.000Z'],
      ['JSON', '{"a":[1]}'],
      ['DECIMAL(18,2)', 12.5],
    ] as const)('hand a %s on as they got it', async (type, value) => {
      const sole = [column('v', type)]
      const [first, second] = [bench.path(), bench.path()]
      const write = (file: string, program: Program, inputs: readonly Slice[]) =>
        bench.within((session) => session.writeRows({ program, inputs, columns: sole, file }))
      const made = type === 'JSON' ? { a: [1] } : value
      await write(
        first,
        async function* () {
          yield [{ v: made }, { v: null }]
        },
        [],
      )
      const slice = { table: 'given', files: [first], columns: sole }
      await write(second, (read) => read('given'), [slice])
      expect(await bench.rows('select v from given order by v', { ...slice, files: [second] })).toEqual([
        { v: value },
        { v: null },
      ])
      expect(await bench.hashOf([second], sole)).toBe(await bench.hashOf([first], sole))
    })
  })
}

function contents(bench: Bench): void {
  describe('content', () => {
    const columns = [column('id', 'BIGINT'), column('word', 'VARCHAR')]
    const rows = "select i as id, 'w' || i % 7 as word from generate_series(0, 499) as t(i)"
    const hashOf = async (...selects: readonly string[]) =>
      bench.hashOf(await Promise.all(selects.map((each) => bench.file(each))), columns)

    it('does not depend on the order of rows or on how they are split into files', async () => {
      const whole = await hashOf(rows)
      expect(await hashOf(`${rows} order by id desc`)).toBe(whole)
      expect(await hashOf(`${rows} where i >= 200`, `${rows} where i < 200`)).toBe(whole)
      expect(await hashOf(`${rows} where i < 200`, `${rows} where i >= 200`)).toBe(whole)
    })

    it('is the same for one thread and two', async () => {
      const many = await bench.file(rows.replace('499', '300000'))
      const two = bench.engineWith({ threads: 2 })
      expect(await bench.hashOf([many], columns, two)).toBe(await bench.hashOf([many], columns))
    })

    it('changes with one value, with a row more, less and twice, and with null for an empty text', async () => {
      const word = (changed: string) =>
        `select id, case when id = 3 then ${changed} else word end as word from (${rows}) as t`
      const hashes = [
        await hashOf(rows),
        await hashOf(word("'other'")),
        await hashOf(word('null')),
        await hashOf(word("''")),
        await hashOf(`${rows} union all select 500, 'w'`),
        await hashOf(`${rows} union all select 3, 'w3'`),
        await hashOf(`${rows} where i <> 3`),
      ]
      expect(new Set(hashes).size).toBe(hashes.length)
    })

    it('tells a value that moved to another column', async () => {
      const texts = [column('a', 'VARCHAR'), column('b', 'VARCHAR')]
      const one = await bench.file("select 'x' as a, null as b")
      const other = await bench.file("select null as a, 'x' as b")
      expect(await bench.hashOf([one], texts)).not.toBe(await bench.hashOf([other], texts))
    })
  })
}

function questions(bench: Bench): void {
  describe('questions', () => {
    const numbers = [column('n', 'BIGINT')]
    const given = async (select = 'select 1 as n'): Promise<Slice> => ({
      table: 'given',
      columns: numbers,
      files: [await bench.file(select)],
    })

    it.each([
      ['a file', () => `select * from read_text(${literal(join(bench.folder, 'secret.txt'))})`],
      [
        'a neighbour of its inputs',
        () => `select * from read_parquet(${literal(join(bench.folder, '*.parquet'))})`,
      ],
      ['the network', () => "select * from read_csv('http://127.0.0.1:1/x.csv')"],
      ['a copy', () => `copy (select 1) to ${literal(join(bench.folder, 'out.csv'))}`],
      ['several statements', () => 'select 1; select 2'],
      ['a change', () => 'create table t as select 1'],
      ['another database', () => `attach ${literal(join(bench.folder, 'x.db'))} as x`],
      ['a setting', () => "set memory_limit = '1TB'"],
      ['a table nobody gave', () => `select * from ${identifier('other')}`],
      ['nothing', () => '  '],
      ['nonsense', () => 'selekt 1'],
    ])('%s is refused', async (_, sql) => {
      writeFileSync(join(bench.folder, 'secret.txt'), 'secret')
      const refused = await failure(bench.rows(sql(), await given()))
      expect(refused).toBeInstanceOf(QueryRefused)
      expect(readdirSync(bench.folder).filter((file) => /out|x\.db/.test(file))).toEqual([])
    })

    it('are answered over their inputs, with parameters', async () => {
      const slice = await given('select i as n from generate_series(0, 4) as t(i)')
      const select = query('select n from given where n > $1 order by n', 2)
      expect(await bench.engine.rows(select, [slice])).toEqual([{ n: 3 }, { n: 4 }])
    })

    it('are refused without repeating a customer’s word', async () => {
      const file = await bench.file("select '李雷说太贵了' as words")
      const said = { table: 'said', columns: [column('words', 'VARCHAR')], files: [file] }
      const refused = String(await failure(bench.rows('select cast(words as DOUBLE) from said', said)))
      expect(refused).toMatch(/column words does not convert to DOUBLE/)
      expect(refused).not.toMatch(/太贵/)
    })
  })
}

function cancelling(bench: Bench): void {
  describe('cancelling', () => {
    const long = query('select count(*) as n from generate_series(1, 100000000000) as a(i) where i % 7 = 3')
    const columns = [column('n', 'BIGINT')]
    const stopped = () => {
      const controller = new AbortController()
      setTimeout(() => controller.abort(new Error('the run was cancelled')), 100)
      return controller.signal
    }

    it('ends a running question with the reason that was given', async () => {
      await expect(bench.engine.rows(long, [], stopped())).rejects.toThrow('the run was cancelled')
    })

    it('ends a build, and what is asked of the session afterwards', async () => {
      const file = bench.path()
      const work = bench.within(async (session) => {
        const written = await failure(session.write({ query: long, inputs: [], columns, file }))
        expect(String(written)).toContain('the run was cancelled')
        await session.rows(query('select 1 as n'), [])
      }, stopped())
      await expect(work).rejects.toThrow('the run was cancelled')
    })

    it('ends a program that would go on for ever', async () => {
      const program = async function* () {
        for (let n = 0; ; n += 1) {
          yield [{ n }]
          await new Promise((resolve) => setImmediate(resolve))
        }
      }
      const work = bench.within(
        (session) => session.writeRows({ program, inputs: [], columns, file: bench.path() }),
        stopped(),
      )
      await expect(work).rejects.toThrow('the run was cancelled')
    })

    it('does not begin when it is too late', async () => {
      const late = AbortSignal.abort(new Error('too late'))
      await expect(bench.engine.rows(long, [], late)).rejects.toThrow('too late')
      const work = bench.within((session) => session.rows(query('select 1 as n'), []), late)
      await expect(work).rejects.toThrow('too late')
    })
  })
}

function memory(bench: Bench): void {
  it('groups ten times what its memory holds, by way of its temporary folder', async () => {
    await using session = await bench.engineWith({ memoryMb: 64 }).open()
    const columns = [column('k', 'BIGINT'), column('text', 'VARCHAR')]
    const [input, grouped] = [bench.path(), bench.path()]
    const count = 2_500_000
    const many = query(
      `select i as k, repeat('said ', 50 + cast(i % 10 as INTEGER)) as text from generate_series(1, ${count}) as t(i)`,
    )
    await session.write({ query: many, inputs: [], file: input })
    const slice = { table: 'given', files: [input], columns }
    const select = query('select k, max(text) as text from given group by k')
    expect(await session.write({ query: select, inputs: [slice], columns, file: grouped })).toBe(count)
    const sum = 'select count(*) as n, sum(length(text)) as bytes from grouped'
    expect(await session.rows(query(sum), [{ table: 'grouped', files: [grouped], columns }])).toEqual([
      { n: count, bytes: count * 5 * 54.5 },
    ])
  }, 60_000)
}
