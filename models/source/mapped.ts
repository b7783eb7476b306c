/** A source model made from a project file's mapping: no code, the same contract as any other source model. */
import { z } from 'zod'
import { columnsOf } from '#lake/columns-of.ts'
import type { Column } from '#lake/column.ts'
import { identifier, literal } from '#lake/quote.ts'
import { type Model, modelOf, type RawInput } from '#models/define-model.ts'
import { contributions, type MappedColumn, type TableMapping, timeOf } from '#models/mapping.ts'
import { type Reading, same, time } from '#models/partition.ts'

/** The record schema of a stream, or undefined when the source has no such stream. */
export type RecordOf = (source: string, stream: string) => z.ZodObject | undefined

/** The field of a stream that says when a record happened, or undefined. */
export type EventTimeOf = (source: string, stream: string) => string | undefined

export type MappedOptions = {
  /** Where the mapping stands in the project file. */
  readonly where: string
  readonly name: string
  readonly recordOf: RecordOf
  readonly eventTimeOf: EventTimeOf
}

/** Ids that carry their source's name in front, so that they stay unique when sources meet. */
const qualified = new Set(['submission_id', 'answer_id', 'comment_id', 'order_id', 'call_id', 'ticket_id'])

/** Columns that follow from another when a mapping leaves them out. */
const implied: Readonly<Record<string, string>> = { order_number: 'order_id', ticket_number: 'ticket_id' }

/**
 * The model of one mapping.
 * Throws `[tables.<n>] …` when the mapping names a stream or column that does not exist, or leaves a required column out.
 */
export function mappedModel(
  mapping: TableMapping,
  { where, name, recordOf, eventTimeOf }: MappedOptions,
): Model {
  const [source = '', stream = ''] = mapping.from.split('.')
  const column = timeOf[mapping.to]
  const eventTime = eventTimeOf(source, stream)
  // What happened when it landed as happening can be cut by it; another time column tells days, but not which records to read.
  const isCut =
    eventTime !== undefined &&
    mapping.columns[column] === eventTime &&
    Object.values(mapping.columns).every((mapped) => isFoundByKey(mapped, stream))
  const inputs = new RawReferences(source, where, recordOf)
  const columns = columnsOf(contributions[mapping.to])
  refuseUnknown(mapping, columns, where)
  const joins: string[] = []
  const base = inputs.table(stream)
  const selected = columns.map((column) => {
    const mapped = mapping.columns[column.name] ?? mapping.columns[implied[column.name] ?? '']
    const value = mapped === undefined ? undefined : valueOf(mapped, { inputs, base: stream, joins })
    return `${castOf(column, value, { mapping, source, where })} as ${identifier(column.name)}`
  })
  const filters = Object.entries(mapping.where ?? {}).map(([column, values]) => {
    inputs.use(stream, column)
    return `${identifier(base)}.${identifier(column)} in (${values.map(constant).join(', ')})`
  })
  const filter = filters.length > 0 ? ` where ${filters.join(' and ')}` : ''
  const grain = `${mapping.to === 'support_ticket' ? 'ticket' : mapping.to}_id`
  return modelOf({
    name,
    description: `${mapping.from} as ${mapping.to}, mapped in the project file`,
    owner: 'project',
    grain: mapping.to === 'contact' ? ['source', 'source_id'] : [grain],
    columns,
    raw: inputs.raw(isCut ? { [stream]: eventTime } : {}),
    make: {
      by: 'query',
      query: {
        sql: `select ${selected.join(', ')} from ${identifier(base)}${joins.join('')}${filter}`,
        parameters: [],
      },
    },
    reads: [],
    time: column,
    ...(isCut && { partition: time(column), inputs: { [base]: [same()], ...inputs.lookups(base) } }),
  })
}

/** Whether a column's value needs no rows but its own and those that a plain column of another stream finds. */
function isFoundByKey(mapped: MappedColumn | undefined, base: string): boolean {
  if (typeof mapped !== 'object' || mapped === null || Array.isArray(mapped) || !('from' in mapped))
    return true
  const there = typeof mapped.on === 'string' ? mapped.on : mapped.on[1]
  return mapped.from !== base && !there.includes('.')
}

function refuseUnknown(mapping: TableMapping, columns: readonly Column[], where: string): void {
  const known = new Set(columns.map((column) => column.name))
  const unknown = Object.keys(mapping.columns).filter((name) => !known.has(name))
  if (unknown.length > 0)
    throw new Error(
      `[${where}.columns] ${mapping.to} has no column ${unknown.join(', ')}; it has ${[...known].join(', ')}.`,
    )
}

function castOf(
  column: Column,
  value: string | undefined,
  { mapping, source, where }: { mapping: TableMapping; source: string; where: string },
): string {
  if (column.name === 'source') return literal(source)
  if (value !== undefined)
    return qualified.has(column.name)
      ? `${literal(`${source}:`)} || cast(${value} as VARCHAR)`
      : `cast(${value} as ${column.type})`
  if (column.name === 'survey_id') return literal(mapping.from)
  const schema = contributions[mapping.to].shape[column.name as never] as z.ZodType
  if (!schema.safeParse(null).success)
    throw new Error(
      `[${where}.columns] ${mapping.to} needs ${column.name}; map it to a column of ${mapping.from}.`,
    )
  return `cast(null as ${column.type})`
}

type Place = { inputs: RawReferences; base: string; joins: string[] }

function valueOf(mapped: MappedColumn, place: Place): string {
  if (typeof mapped === 'string') return place.inputs.column(place.base, mapped)
  if (Array.isArray(mapped))
    return mapped
      .map((each) => `cast(${place.inputs.column(place.base, each)} as VARCHAR)`)
      .join(` || ':' || `)
  if ('value' in mapped) return constant(mapped.value)
  if ('codes' in mapped) {
    const column = place.inputs.column(place.base, mapped.column)
    const cases = Object.entries(mapped.codes).map(
      ([code, value]) => `when cast(${column} as VARCHAR) = ${literal(code)} then ${constant(value)}`,
    )
    return `case ${cases.join(' ')} end`
  }
  return lookup(mapped, place)
}

/** A value of another stream of the source, one per key. */
function lookup(mapped: Extract<MappedColumn, { from: string }>, { inputs, base, joins }: Place): string {
  const [here, there] = typeof mapped.on === 'string' ? [mapped.on, mapped.on] : mapped.on
  const alias = `lookup_${joins.length}`
  const other = identifier(inputs.table(mapped.from))
  const key = inputs.column(mapped.from, there)
  const take = inputs.column(mapped.from, mapped.take)
  inputs.lookedUp(mapped.from, there, inputs.column(base, here))
  const aggregate = mapped.as === 'first' ? `min(${take})` : `${mapped.as}(${take})`
  joins.push(
    ` left join (select ${key} as key, ${aggregate} as value from ${other} group by 1) as ${alias} on ${alias}.key = ${inputs.column(base, here)}`,
  )
  return mapped.as === 'count' ? `coalesce(${alias}.value, 0)` : `${alias}.value`
}

function constant(value: string | number | boolean | null): string {
  return typeof value === 'string' ? literal(value) : String(value)
}

/** Which streams and columns a mapping uses, checked against the connector's records. */
class RawReferences {
  private readonly used = new Map<string, Set<string>>()
  private readonly joined: { table: string; there: string; here: string }[] = []
  private readonly source: string
  private readonly where: string
  private readonly recordOf: RecordOf

  constructor(source: string, where: string, recordOf: RecordOf) {
    this.source = source
    this.where = where
    this.recordOf = recordOf
  }

  table(stream: string): string {
    if (!this.used.has(stream)) this.used.set(stream, new Set())
    return `raw_${stream}`
  }

  /** A column, or a dotted path into a JSON column. */
  column(stream: string, path: string): string {
    const shape = this.shape(stream)
    const [name = '', ...rest] = path in shape ? [path] : path.split('.')
    this.use(stream, name)
    const column = `${identifier(this.table(stream))}.${identifier(name)}`
    if (rest.length === 0) return column
    return `json_extract_string(${column}, ${literal(`$.${rest.map((step) => `"${step}"`).join('.')}`)})`
  }

  use(stream: string, column: string): void {
    const shape = this.shape(stream)
    if (!(column in shape))
      throw new Error(
        `[${this.where}] ${this.source}.${stream} has no column ${JSON.stringify(column)}; it has ${Object.keys(shape).join(', ')}.`,
      )
    this.table(stream)
    this.used.get(stream)?.add(column)
  }

  /** The rows of another stream that those of the base name. */
  lookedUp(stream: string, there: string, here: string): void {
    this.joined.push({ table: this.table(stream), there, here })
  }

  /** How a partition of the base reads the streams it takes values from. */
  lookups(base: string): Record<string, Reading[]> {
    const byTable = Map.groupBy(this.joined, ({ table }) => table)
    return Object.fromEntries(
      [...byTable].map(([table, joins]) => [
        table,
        joins.map(({ there, here }): Reading => ({
          read: 'lookup',
          key: there,
          keys: { sql: `select ${here} from ${identifier(base)}`, parameters: [] },
          among: [base],
        })),
      ]),
    )
  }

  raw(times: Readonly<Record<string, string>>): Record<string, RawInput> {
    return Object.fromEntries(
      [...this.used].map(([stream, columns]) => {
        const shape = this.shape(stream)
        const record = z.object(
          Object.fromEntries([...columns].map((column) => [column, shape[column] as z.ZodType])),
        )
        return [this.table(stream), { source: this.source, stream, record, time: times[stream] }]
      }),
    )
  }

  private shape(stream: string): Readonly<Record<string, unknown>> {
    const record = this.recordOf(this.source, stream)
    if (record === undefined)
      throw new Error(`[${this.where}] there is no stream ${this.source}.${stream}; see \`saydo check\`.`)
    return record.shape
  }
}
