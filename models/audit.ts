/** Audits: questions about a built model whose answer must be "no rows". */
import { identifier } from '#lake/quote.ts'

export type Severity = 'fail' | 'warn'

type Named = { readonly name: string; readonly severity: Severity }

export type Audit = Named &
  (
    | {
        readonly by: 'rows'
        /** A select over the model (as `model`) and other models by name, that returns the offending rows. */
        readonly sql: string
        /** Models other than the audited one that the select names. */
        readonly reads: readonly string[]
        /** `new`: what holds for each row alone is asked of new partitions only; `all`: of the whole table. */
        readonly of: 'new' | 'all'
        /** When all that is asked is whether each value of a column is among those of a column of the other model. */
        readonly refers?: { readonly column: string; readonly target: string }
      }
    | {
        readonly by: 'unique'
        readonly columns: readonly string[]
        /** A table that is told apart by the same columns: each row is of one row of it, on the same day. */
        readonly rowsOf?: string
      }
    /** Rows may not fall, or grow, by more than this share of what is served. */
    | { readonly by: 'row count'; readonly drop: number; readonly growth: number }
    /** The newest day may not be older than this. */
    | { readonly by: 'freshness'; readonly days: number }
  )

type Options = { readonly severity?: Severity }

/** The tables an audit needs beside the audited one. */
export function auditReads(audit: Audit): readonly string[] {
  if (audit.by === 'unique') return audit.rowsOf === undefined ? [] : [audit.rowsOf]
  return audit.by === 'rows' ? audit.reads : []
}

function ofEachRow(name: string, condition: string, { severity = 'fail' }: Options): Audit {
  return {
    name,
    severity,
    by: 'rows',
    of: 'new',
    reads: [],
    sql: `select * from model where ${condition}`,
  }
}

export function notNull(column: string, options: Options = {}): Audit {
  return ofEachRow(`not_null(${column})`, `${identifier(column)} is null`, options)
}

/** No two rows share all of these values; rows with a null among them are left alone, as SQL's UNIQUE does. */
export function unique(
  columns: readonly string[],
  { severity = 'fail', rowsOf }: Options & { readonly rowsOf?: string | undefined } = {},
): Audit {
  const name = `unique(${columns.join(', ')})`
  if (rowsOf === undefined) return { name, severity, by: 'unique', columns }
  return { name: `${name} as in ${rowsOf}`, severity, by: 'unique', columns, rowsOf }
}

/** Values between the bounds, both included; null passes. */
export function between(column: string, low: number, high: number, options: Options = {}): Audit {
  const name = identifier(column)
  return ofEachRow(`between(${column}, ${low}, ${high})`, `${name} < ${low} or ${name} > ${high}`, options)
}

/** One of these values; null passes. */
export function accepted(
  column: string,
  values: readonly (string | number | boolean)[],
  options: Options = {},
): Audit {
  const list = values.map((value) =>
    typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value),
  )
  return ofEachRow(
    `accepted(${column}: ${values.join(', ')})`,
    `${identifier(column)} not in (${list.join(', ')})`,
    options,
  )
}

/** Every non-null value occurs in another model's column. */
export function refersTo(
  column: string,
  model: string,
  target: string,
  { severity = 'fail' }: Options = {},
): Audit {
  const table = model.split('.').map(identifier).join('.')
  return {
    name: `refers_to(${column} → ${model}.${target})`,
    severity,
    by: 'rows',
    of: 'new',
    reads: [model],
    refers: { column, target },
    // A null among the targets would make NOT IN find nothing.
    sql: `select * from model where ${identifier(column)} is not null and ${identifier(column)} not in (select ${identifier(target)} from ${table} where ${identifier(target)} is not null)`,
  }
}

/** `rowCount({ drop: 0.2 })`: a fifth fewer rows than served is too few. Shares of the served count; growth is free unless said. */
export function rowCount({
  drop = 1,
  growth = Infinity,
  severity = 'fail',
}: Options & { readonly drop?: number; readonly growth?: number }): Audit {
  const grows = Number.isFinite(growth) ? `, +${growth}` : ''
  return { name: `row_count(−${drop}${grows})`, severity, by: 'row count', drop, growth }
}

/** The newest row is at most so many days old. */
export function freshness(days: number, { severity = 'warn' }: Options = {}): Audit {
  return { name: `freshness(${days} days)`, severity, by: 'freshness', days }
}

/** A select of one's own that must return no rows; it names the audited model `model`, and other models it declares in `reads`. */
export function noRows(
  name: string,
  sql: string,
  {
    severity = 'fail',
    reads = [],
    of = 'all',
  }: Options & { readonly reads?: readonly string[]; readonly of?: 'new' | 'all' } = {},
): Audit {
  return { name, severity, by: 'rows', of, reads, sql }
}
