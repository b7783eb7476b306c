/** Audits: questions about a built model whose answer must be "no rows". */
import { identifier } from '#lake/quote.ts'

export type Audit = {
  readonly name: string
  readonly severity: 'fail' | 'warn'
  /** A select over the model (as `model`) and other models by name, that returns the offending rows. */
  readonly sql: string
  /** Models other than the audited one that the select names. */
  readonly reads: readonly string[]
}

type Options = { readonly severity?: 'fail' | 'warn' }

export function notNull(column: string, { severity = 'fail' }: Options = {}): Audit {
  return {
    name: `not_null(${column})`,
    severity,
    reads: [],
    sql: `select * from model where ${identifier(column)} is null`,
  }
}

/** No two rows share all of these values; rows with a null among them are left alone, as SQL's UNIQUE does. */
export function unique(columns: readonly string[], { severity = 'fail' }: Options = {}): Audit {
  const list = columns.map(identifier).join(', ')
  const filled = columns.map((column) => `${identifier(column)} is not null`).join(' and ')
  return {
    name: `unique(${columns.join(', ')})`,
    severity,
    reads: [],
    sql: `select model.* from model join (select ${list} from model where ${filled} group by ${list} having count(*) > 1) as repeated using (${list})`,
  }
}

/** Values between the bounds, both included; null passes. */
export function between(
  column: string,
  low: number,
  high: number,
  { severity = 'fail' }: Options = {},
): Audit {
  return {
    name: `between(${column}, ${low}, ${high})`,
    severity,
    reads: [],
    sql: `select * from model where ${identifier(column)} < ${low} or ${identifier(column)} > ${high}`,
  }
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
    reads: [model],
    // A null among the targets would make NOT IN find nothing.
    sql: `select * from model where ${identifier(column)} is not null and ${identifier(column)} not in (select ${identifier(target)} from ${table} where ${identifier(target)} is not null)`,
  }
}
