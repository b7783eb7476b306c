/**
 * The same models by hand, as a good engineer would script them: one DuckDB, raw records deduplicated once into tables, unions as views,
 * one COPY per month of a model cut by time and one of any other, and the audits as plain SQL.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { inOrder } from '#activities/lookups.ts'
import { addDays, nextMonth } from '#lake/calendar.ts'
import { columnsOf } from '#lake/columns-of.ts'
import type { Control } from '#lake/control/open-control.ts'
import { identifier, literal } from '#lake/quote.ts'
import { type RawFile, rawFiles } from '#lake/raw-files.ts'
import type { Model } from '#models/define-model.ts'
import { buildOrder } from '#models/build-order.ts'
import { type Reading, readingsOf } from '#models/partition.ts'

export type HandOptions = {
  readonly control: Control
  /** Of the lake whose raw files are read. */
  readonly absolute: (path: string) => string
  readonly folder: string
  /** One COPY per model, whatever it is cut by. */
  readonly whole: boolean
  readonly memoryMb: number
  readonly threads: number
}

type Span = { readonly from: string; readonly to: string }

/** Files of a built model; of one cut by time each with the month it holds. */
type Built = { readonly file: string; readonly span?: Span }

export class ByHand {
  readonly #session: DuckDBConnection
  readonly #options: HandOptions
  readonly #models: readonly Model[]
  readonly #built = new Map<string, Built[]>()
  readonly #exposed = new Map<string, 'view' | 'table'>()
  /** Seconds by model. */
  readonly spent: Record<string, number> = {}

  private constructor(session: DuckDBConnection, models: readonly Model[], options: HandOptions) {
    this.#session = session
    this.#models = models
    this.#options = options
  }

  static async open(models: readonly Model[], options: HandOptions): Promise<ByHand> {
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(options.threads),
      memory_limit: `${options.memoryMb}MB`,
      temp_directory: join(options.folder, 'spill'),
      preserve_insertion_order: 'false',
    })
    const session = await instance.connect()
    await session.run("set TimeZone = 'UTC'")
    return new ByHand(session, models, options)
  }

  async build(): Promise<void> {
    for (const [name, streams] of this.#streams())
      await this.#timed(name, () => this.#deduplicate(name, streams))
    for (const model of buildOrder(this.#models).flat())
      if (model.make.by !== 'union') await this.#timed(model.name, () => this.#make(model))
  }

  /** Answers how many audits found something. */
  async audit(): Promise<number> {
    let failed = 0
    for (const model of this.#models) {
      await this.#session.run(`create or replace temp view model as ${this.#select(model.name)}`)
      for (const audit of model.audits) {
        for (const name of audit.by === 'rows' ? audit.reads : []) await this.#view(name, this.#select(name))
        const list = audit.by === 'unique' ? audit.columns.map(identifier).join(', ') : ''
        const sql =
          audit.by === 'rows'
            ? audit.sql
            : audit.by === 'unique'
              ? `select ${list} from model group by ${list} having count(*) > 1`
              : undefined
        if (sql === undefined) continue
        const found = await this.#session.runAndReadAll(`select count(*) from (${sql})`)
        if (found.getRows()[0]?.[0] !== 0n) failed += 1
      }
    }
    return failed
  }

  async rows(): Promise<Record<string, number>> {
    const counts: Record<string, number> = {}
    for (const { name } of this.#models) {
      const found = await this.#session.runAndReadAll(`select count(*) from (${this.#select(name)})`)
      counts[name] = Number(found.getRows()[0]?.[0])
    }
    return counts
  }

  async #timed(name: string, work: () => Promise<void>): Promise<void> {
    const from = performance.now()
    await work()
    this.spent[name] = (performance.now() - from) / 1000
  }

  #streams(): Map<string, { source: string; stream: string }> {
    const streams = new Map<string, { source: string; stream: string }>()
    for (const { source, stream } of this.#models.flatMap(({ raw }) => Object.values(raw)))
      streams.set(`${source}.${stream}`, { source, stream })
    return streams
  }

  async #deduplicate(name: string, { source, stream }: { source: string; stream: string }): Promise<void> {
    const files = await rawFiles(this.#options.control, source, stream)
    const columns = [
      ...new Map(
        this.#models
          .flatMap(({ raw }) => Object.values(raw))
          .filter((raw) => `${raw.source}.${raw.stream}` === name)
          .flatMap(({ record }) => columnsOf(record).map((column) => [column.name, column] as const)),
      ).keys(),
    ]
    await this.#session.run(
      `create table ${identifier(`raw ${name}`)} as ${deduplicated(files, columns.map(identifier).join(', '), this.#options.absolute)}`,
    )
  }

  async #make(model: Model): Promise<void> {
    if (model.make.by !== 'query') throw new Error(`[bench] ${model.name} is not made by a query.`)
    const folder = join(this.#options.folder, model.name)
    mkdirSync(folder, { recursive: true })
    const columns = model.columns.map(
      ({ name, type }) => `cast(${identifier(name)} as ${type}) as ${identifier(name)}`,
    )
    const rule = model.partition
    const bucket = rule.by === 'bucket' ? `, ${bucketOf(rule.key, rule.of)} as _bucket` : ''
    const select = `select ${columns.join(', ')}${bucket} from (${model.make.query.sql})`
    const parameters = model.make.query.parameters as never[]
    const built: Built[] = []
    const copy = async (file: string, span?: Span) => {
      const time = span && rule.by === 'time' ? ` where ${inSpan(rule.column, span)}` : ''
      const options = rule.by === 'bucket' ? ', partition_by (_bucket)' : ''
      await this.#session.run(
        `copy (${select}${time}) to ${literal(file)} (format parquet, compression zstd${options})`,
        parameters,
      )
      built.push({ file: rule.by === 'bucket' ? join(file, '*', '*.parquet') : file, ...(span && { span }) })
    }
    if (rule.by === 'time' && !this.#options.whole) {
      for (const span of await this.#months(model)) {
        await this.#expose(model, span)
        await copy(join(folder, `${span.from}.parquet`), span)
      }
    } else {
      await this.#expose(model, undefined)
      await copy(rule.by === 'bucket' ? folder : join(folder, 'whole.parquet'))
    }
    this.#built.set(model.name, built)
  }

  /** The months in which the inputs that a partition reads by time have rows. */
  async #months(model: Model): Promise<Span[]> {
    const tables = this.#inputs(model)
    const same = tables.filter((table) => readingsOf(model, table).some(({ read }) => read === 'same'))
    const windows = tables.filter((table) =>
      readingsOf(model, table).some((r) => r.read === 'window' && r.from !== null),
    )
    const selects = (same.length > 0 ? same : windows).map(
      (table) =>
        `select distinct date_trunc('month', ${identifier(this.#timeOf(model, table))})::date::varchar as month from (${this.#selectInput(model, table)})`,
    )
    const found = await this.#session.runAndReadAll(`${selects.join(' union ')} order by month`)
    return found
      .getRows()
      .flatMap(([month]) => (typeof month === 'string' ? [{ from: month, to: nextMonth(month) }] : []))
  }

  #inputs({ reads, raw }: Model): string[] {
    return [...reads, ...Object.keys(raw)]
  }

  #timeOf(model: Model, table: string): string {
    return model.raw[table]?.time ?? this.#models.find(({ name }) => name === table)?.time ?? ''
  }

  #selectInput(model: Model, table: string, span?: Span): string {
    const raw = model.raw[table]
    return raw ? `select * from ${identifier(`raw ${raw.source}.${raw.stream}`)}` : this.#select(table, span)
  }

  /** What a partition reads of each input: rows of its time, rows that its keys name, or all. */
  async #expose(model: Model, span: Span | undefined): Promise<void> {
    const tables = this.#inputs(model)
    if (span === undefined) {
      for (const table of tables) await this.#view(table, this.#selectInput(model, table))
      return
    }
    const waiting = new Map<string, string[]>()
    for (const table of tables) {
      const conditions = readingsOf(model, table).map((reading) =>
        this.#condition(model, table, reading, span),
      )
      if (conditions.includes('true')) await this.#view(table, this.#selectInput(model, table))
      else if (!conditions.includes(null)) {
        const wide = reach(readingsOf(model, table), span)
        await this.#view(
          table,
          `select * from (${this.#selectInput(model, table, wide)}) where ${conditions.join(' or ')}`,
        )
      } else waiting.set(table, [])
    }
    if (waiting.size === 0) return
    const shapes = new Map(tables.map((table) => [table, shapeOf(this.#models, model, table)]))
    for (const { table, lookup } of inOrder(model, shapes as never)) {
      const keys = lookup.keys?.sql ?? sameKey(model, tables, lookup.key, this.#models)
      const selects = waiting.get(table) ?? []
      const name = `keys_${table.replace('.', '_')}_${selects.length}`
      await this.#session.run(
        `create or replace temp table ${identifier(name)} as select distinct "key" from (${keys}) as t("key") where "key" is not null`,
        (lookup.keys?.parameters ?? []) as never[],
      )
      selects.push(`${identifier(lookup.key)} in (from ${identifier(name)})`)
      waiting.set(table, selects)
      const timed = readingsOf(model, table).flatMap(
        (reading) => this.#condition(model, table, reading, span) ?? [],
      )
      // Looked up once per month, since queries name what they look up more than once.
      await this.#table(
        table,
        `select * from (${this.#selectInput(model, table)}) where ${[...timed, ...selects].join(' or ')}`,
      )
    }
  }

  /** null for a lookup. */
  #condition(model: Model, table: string, reading: Reading, span: Span): string | null {
    if (reading.read === 'lookup') return null
    if (reading.read === 'all') return 'true'
    const column = this.#timeOf(model, table)
    if (reading.read === 'same') return inSpan(column, span)
    return inSpan(column, {
      from: reading.from === null ? '0001-01-01' : addDays(span.from, reading.from),
      to: reading.to === null ? '9999-01-01' : addDays(span.to, reading.to),
    })
  }

  #view(name: string, select: string): Promise<void> {
    return this.#show('view', name, select)
  }

  #table(name: string, select: string): Promise<void> {
    return this.#show('table', name, select)
  }

  async #show(kind: 'view' | 'table', name: string, select: string): Promise<void> {
    const [schema = '', table = ''] = name.includes('.') ? name.split('.', 2) : ['main', name]
    const named = `${identifier(schema)}.${identifier(table)}`
    const before = this.#exposed.get(named)
    if (before === undefined) await this.#session.run(`create schema if not exists ${identifier(schema)}`)
    else if (before !== kind) await this.#session.run(`drop ${before} ${named}`)
    await this.#session.run(`create or replace ${kind} ${named} as ${select}`)
    this.#exposed.set(named, kind)
  }

  #select(name: string, span?: Span): string {
    const model = this.#models.find((each) => each.name === name)
    if (model === undefined) throw new Error(`[bench] there is no model ${name}.`)
    if (model.make.by === 'union')
      return model.reads.length > 0
        ? model.reads.map((part) => this.#select(part, span)).join(' union all by name ')
        : emptyOf(model)
    const files = (this.#built.get(name) ?? []).filter(
      (built) => !span || !built.span || (built.span.from < span.to && built.span.to > span.from),
    )
    if (files.length === 0) return emptyOf(model)
    const columns = model.columns.map((column) => identifier(column.name)).join(', ')
    return `select ${columns} from read_parquet([${files.map(({ file }) => literal(file)).join(', ')}], hive_partitioning = false)`
  }
}

/** Of each record the last version. Only keys that occur twice are put in order: the others have one version. */
export function deduplicated(
  files: readonly RawFile[],
  columns: string,
  absolute: (path: string) => string,
): string {
  const read = `read_parquet([${files.map(({ path }) => literal(absolute(path))).join(', ')}])`
  return `with repeated as (select _row_key from ${read} group by _row_key having count(*) > 1)
    select ${columns} from ${read} where _row_key not in (from repeated) and _op <> 'delete'
    union all
    select ${columns} from (
      select * from ${read} where _row_key in (from repeated)
      qualify row_number() over (partition by _row_key order by _cursor desc nulls first, _extracted_at desc, _load_key desc, _part desc, _pos desc) = 1
    ) where _op <> 'delete'`
}

function inSpan(column: string, { from, to }: Span): string {
  return `(${identifier(column)} >= timestamp ${literal(from)} and ${identifier(column)} < timestamp ${literal(to)})`
}

function reach(readings: readonly Reading[], span: Span): Span {
  const spans = readings.map((reading) => {
    if (reading.read === 'window')
      return {
        from: reading.from === null ? '0001-01-01' : addDays(span.from, reading.from),
        to: reading.to === null ? '9999-01-01' : addDays(span.to, reading.to),
      }
    return span
  })
  return {
    from: spans.map(({ from }) => from).toSorted()[0] ?? span.from,
    to:
      spans
        .map(({ to }) => to)
        .toSorted()
        .at(-1) ?? span.to,
  }
}

function shapeOf(models: readonly Model[], model: Model, table: string) {
  const raw = model.raw[table]
  const columns = raw ? columnsOf(raw.record) : (models.find(({ name }) => name === table)?.columns ?? [])
  return { table, columns }
}

function sameKey(model: Model, tables: readonly string[], key: string, models: readonly Model[]): string {
  return tables
    .filter((table) => {
      const byTime = readingsOf(model, table).some(({ read }) => read === 'same' || read === 'window')
      return byTime && shapeOf(models, model, table).columns.some(({ name }) => name === key)
    })
    .map((table) => `select ${identifier(key)} from ${table.split('.').map(identifier).join('.')}`)
    .join(' union all ')
}

function bucketOf(key: string, of: number): string {
  return `(hash(${identifier(key)}) % ${of})`
}

function emptyOf({ columns }: Model): string {
  return `select ${columns.map(({ name, type }) => `null::${type} as ${identifier(name)}`).join(', ')} where false`
}
