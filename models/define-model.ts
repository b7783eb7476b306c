/** What a model is: a contract, a grain, audits, and one typed query whose tables are its inputs. */
import type { Compilable, Expression, Kysely } from 'kysely'
import type { z } from 'zod'
import type { Column } from '#lake/column.ts'
import { columnsOf } from '#lake/columns-of.ts'
import type { CompiledQuery } from '#lake/engine.ts'
import type { Row } from '#lake/engine.ts'
import { type Audit, notNull, unique } from './audit.ts'
import { none, type PartitionRule, type Reading, type Readings } from './partition.ts'
import { queryBuilder } from './query-builder.ts'
import { tablesRead } from './tables-read.ts'
import type { Warehouse } from './tables.ts'

/** A landed stream a source model reads, under the name its query gives it. */
export type RawInput<Record extends z.ZodObject = z.ZodObject> = {
  readonly source: string
  readonly stream: string
  /** The fields the model relies on; others may come and go. */
  readonly record: Record
  /** The field that says when a record happened, for models that read the stream by time. */
  readonly time?: string | undefined
}

export type Model = {
  readonly name: string
  readonly description: string
  readonly owner: string
  /** The columns that identify a row; audited as unique and not null. */
  readonly grain: readonly string[]
  readonly columns: readonly Column[]
  readonly audits: readonly Audit[]
  readonly raw: Readonly<Record<string, RawInput>>
  readonly make: Making
  /** Models that are read. */
  readonly reads: readonly string[]
  readonly partition: PartitionRule
  /** The column that says when a row happened: of a model cut by time, the one it is cut by. */
  readonly time?: string | undefined
  readonly inputs: Readings
  readonly growth?: Growth | undefined
}

/** How a table that is built whole takes what its inputs gained, so that it is not built anew for every new row. */
export type Growth = {
  /** Gives rows when what was built does not stay as it is, or, where these are not `sure`, may not; then the table is built whole. */
  readonly unless: CompiledQuery
  /** Asked when no row of `unless` is sure; it may read all that its inputs have now, and gives rows when the table is to be built whole. */
  readonly ifUnsure?: CompiledQuery | undefined
  /** The rows to add. */
  readonly rows: CompiledQuery
}

/** How a model's rows come about. */
export type Making =
  | { readonly by: 'query'; readonly query: CompiledQuery }
  /** The rows of other models, one after the other, as they are: nothing is copied. */
  | { readonly by: 'union' }
  | {
      readonly by: 'program'
      readonly program: Program
      readonly version: string
      /** Column → the `table.column`s it comes from; a column left out comes from all that is read. */
      readonly derives?: Readonly<Record<string, readonly string[]>> | undefined
    }

/**
 * Makes rows from rows, batch by batch; `read` gives what the partition may see of an input: instants as ISO 8601 text in UTC with
 * microseconds, decimals as text, JSON as its text. Equal inputs must give equal rows.
 */
export type Program = (read: (table: string) => AsyncIterable<Row[]>) => AsyncIterable<Row[]>

/** `unknown` when a query's row is exactly the contract's row, else an object whose key says what is wrong. */
type Exact<Row, Contract> = [Row] extends [Contract]
  ? [keyof Row] extends [keyof Contract]
    ? unknown
    : { 'The query selects columns that the contract does not have': Exclude<keyof Row, keyof Contract> }
  : {
      'The query does not meet the contract in these columns': {
        [K in keyof Contract]: K extends keyof Row ? ([Row[K]] extends [Contract[K]] ? never : K) : K
      }[keyof Contract]
    }

type Named<Prefix extends string, Tables> = {
  [Name in keyof Tables & string as `${Prefix}.${Name}`]: Tables[Name]
}

/**
 * What the queries of a growth see: the table as it was `built`, and of each input the rows it `gained` and `lost` since.
 * Rows that only moved to other files may be in both. `ifUnsure` also sees all rows that an input has `now`.
 */
export type Growing<Contract extends z.ZodObject> = { built: z.infer<Contract> } & Named<
  'gained',
  Warehouse
> &
  Named<'lost', Warehouse> &
  Named<'now', Warehouse>

/** The tables a source model's query sees. */
export type RawTables<Raw extends Readonly<Record<string, RawInput>>> = {
  [Name in keyof Raw]: z.infer<Raw[Name]['record']>
}

type Declaration<Contract extends z.ZodObject> = {
  readonly name: string
  readonly description: string
  readonly owner: string
  readonly grain: readonly (keyof z.infer<Contract> & string)[]
  /** An input of the same grain, when each row is of one row of it on the same day; audited, and then told apart as that is. */
  readonly rowsOf?: string
  readonly contract: Contract
  readonly audits?: readonly Audit[]
  /** How it is cut; whole when absent. */
  readonly partition?: PartitionRule
  /** The column that says when a row happened, when the model is not cut by it. */
  readonly time?: keyof z.infer<Contract> & string
}

/** What one partition reads of an input; inputs that are not named are read whole. */
type Inputs = Readonly<Record<string, Reading | readonly Reading[]>>

/** What a query must be: something that compiles, and whose row is exactly the contract's. */
type Meets<Row, Contract extends z.ZodObject> = Expression<Row> & Compilable & Exact<Row, z.infer<Contract>>

/** Declare a model over other models. Grain columns get `unique` and `not_null` audits by themselves. */
export function defineModel<Contract extends z.ZodObject, Row, Grown>(
  model: Declaration<Contract> & {
    readonly inputs?: (db: Kysely<Warehouse>) => Inputs
    readonly query: (db: Kysely<Warehouse>) => Meets<Row, Contract>
    readonly growth?: (db: Kysely<Growing<Contract>>) => {
      readonly unless: Expression<{ sure: boolean }> & Compilable
      readonly ifUnsure?: Compilable
      readonly rows: Meets<Grown, Contract>
    }
  },
): Model {
  const db = queryBuilder()
  const growth = model.growth?.(queryBuilder<Growing<Contract>>())
  return {
    ...declared(model, {}, model.query(db), model.inputs?.(db) ?? {}),
    ...(growth && {
      growth: {
        unless: compiled(growth.unless),
        ifUnsure: growth.ifUnsure && compiled(growth.ifUnsure),
        rows: compiled(growth.rows),
      },
    }),
  }
}

function compiled(query: Compilable): CompiledQuery {
  const { sql, parameters } = query.compile()
  return { sql, parameters }
}

/** Declare a model over landed streams, under the names `raw` gives them: the only way raw data enters the graph. */
export function defineSourceModel<
  Contract extends z.ZodObject,
  Row,
  Raw extends Readonly<Record<string, RawInput>>,
>(
  model: Declaration<Contract> & {
    readonly raw: Raw
    readonly inputs?: (db: Kysely<RawTables<Raw>>) => Inputs
    readonly query: (db: Kysely<RawTables<Raw>>) => Meets<Row, Contract>
  },
): Model {
  const db = queryBuilder<RawTables<Raw>>()
  return declared(model, model.raw, model.query(db), model.inputs?.(db) ?? {})
}

/** Declare a model whose rows a program makes. Change `version` whenever the program's rows may change: it is all that a fingerprint sees of it. */
export function defineProgram<Contract extends z.ZodObject>(
  model: Declaration<Contract> & {
    readonly version: string
    readonly reads: readonly string[]
    readonly inputs?: Inputs
    readonly program: Program
    readonly derives?: Readonly<Record<string, readonly string[]>>
  },
): Model {
  const { name, description, owner, grain, rowsOf, contract, audits, reads, program, version } = model
  return modelOf({
    ...cutOf(model),
    rowsOf,
    name,
    description,
    owner,
    grain,
    columns: columnsOf(contract),
    ...(audits && { audits }),
    raw: {},
    make: { by: 'program', program, version, derives: model.derives },
    reads: reads.toSorted(),
    inputs: listed(model.inputs ?? {}),
  })
}

type Optional = 'audits' | 'partition' | 'inputs'
type Parts = Omit<Model, Optional> & Partial<Pick<Model, Optional>> & { readonly rowsOf?: string | undefined }

/** A model from its parts; the last step of every way to declare one. */
export function modelOf({ rowsOf, ...model }: Parts): Model {
  const audits = [
    ...model.grain.map((column) => notNull(column)),
    unique(model.grain, { rowsOf }),
    ...(model.audits ?? []),
  ]
  const { partition = none, inputs = {} } = model
  return { ...model, partition, inputs, audits }
}

function declared(
  model: Declaration<z.ZodObject>,
  raw: Readonly<Record<string, RawInput>>,
  query: Compilable,
  inputs: Inputs,
): Model {
  const { sql, parameters, query: root } = query.compile()
  const { name, description, owner, grain, rowsOf, contract, audits } = model
  return modelOf({
    ...cutOf(model),
    rowsOf,
    name,
    description,
    owner,
    grain,
    columns: columnsOf(contract),
    ...(audits && { audits }),
    raw,
    make: { by: 'query', query: { sql, parameters } },
    reads: tablesRead(root).filter((table) => !(table in raw)),
    inputs: listed(inputs),
  })
}

function cutOf({ partition = none, time }: Pick<Declaration<z.ZodObject>, 'partition' | 'time'>) {
  return { partition, time: partition.by === 'time' ? partition.column : time }
}

function listed(inputs: Inputs): Readings {
  return Object.fromEntries(
    Object.entries(inputs).map(([table, reading]) => [table, 'read' in reading ? [reading] : [...reading]]),
  )
}
