/** What a model is: a contract, a grain, audits, and one typed query whose tables are its inputs. */
import type { Compilable, Expression, Kysely } from 'kysely'
import type { z } from 'zod'
import type { Column } from '#lake/column.ts'
import { columnsOf } from '#lake/columns-of.ts'
import type { CompiledQuery } from '#lake/engine.ts'
import { type Audit, notNull, unique } from './audit.ts'
import { queryBuilder } from './query-builder.ts'
import { tablesRead } from './tables-read.ts'
import type { Warehouse } from './tables.ts'

/** A landed stream a source model reads, under the name its query gives it. */
export type RawInput<Record extends z.ZodObject = z.ZodObject> = {
  readonly source: string
  readonly stream: string
  /** The fields the model relies on; others may come and go. */
  readonly record: Record
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
  readonly query: CompiledQuery
  /** Models the query reads. */
  readonly reads: readonly string[]
}

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

/** The tables a source model's query sees. */
export type RawTables<Raw extends Readonly<Record<string, RawInput>>> = {
  [Name in keyof Raw]: z.infer<Raw[Name]['record']> & { _row_key: string; _extracted_at: string }
}

type Declaration<Contract extends z.ZodObject> = {
  readonly name: string
  readonly description: string
  readonly owner: string
  readonly grain: readonly (keyof z.infer<Contract> & string)[]
  readonly contract: Contract
  readonly audits?: readonly Audit[]
}

/** What a query must be: something that compiles, and whose row is exactly the contract's. */
type Meets<Row, Contract extends z.ZodObject> = Expression<Row> & Compilable & Exact<Row, z.infer<Contract>>

/** Declare a model over other models. Grain columns get `unique` and `not_null` audits by themselves. */
export function defineModel<Contract extends z.ZodObject, Row>(
  model: Declaration<Contract> & { readonly query: (db: Kysely<Warehouse>) => Meets<Row, Contract> },
): Model {
  return declared(model, {}, model.query(queryBuilder()))
}

/** Declare a model over landed streams, under the names `raw` gives them: the only way raw data enters the graph. */
export function defineSourceModel<
  Contract extends z.ZodObject,
  Row,
  Raw extends Readonly<Record<string, RawInput>>,
>(
  model: Declaration<Contract> & {
    readonly raw: Raw
    readonly query: (db: Kysely<RawTables<Raw>>) => Meets<Row, Contract>
  },
): Model {
  return declared(model, model.raw, model.query(queryBuilder()))
}

/** A model from a compiled query and the tables it reads; the last step of every way to declare one. */
export function modelOf(model: Omit<Model, 'audits'> & { readonly audits?: readonly Audit[] }): Model {
  const audits = [
    ...model.grain.map((column) => notNull(column)),
    unique(model.grain),
    ...(model.audits ?? []),
  ]
  return { ...model, audits }
}

function declared(
  { name, description, owner, grain, contract, audits }: Declaration<z.ZodObject>,
  raw: Readonly<Record<string, RawInput>>,
  query: Compilable,
): Model {
  const { sql, parameters, query: root } = query.compile()
  return modelOf({
    name,
    description,
    owner,
    grain,
    columns: columnsOf(contract),
    audits,
    raw,
    query: { sql, parameters },
    reads: tablesRead(root).filter((table) => !(table in raw)),
  })
}
