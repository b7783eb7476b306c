/** Audits: questions about a built model whose answer must be "no rows". */

export type Audit = {
  readonly name: string
  readonly severity: 'fail' | 'warn'
  /** A select over the model (as `model`) and other models by name, that returns the offending rows. */
  readonly sql: string
  /** Models other than the audited one that the select names. */
  readonly reads: readonly string[]
}

type Options = { readonly severity?: 'fail' | 'warn' }

const quoted = (column: string) => `"${column}"`

export function notNull(column: string, { severity = 'fail' }: Options = {}): Audit {
  return {
    name: `not_null(${column})`,
    severity,
    reads: [],
    sql: `select * from model where ${quoted(column)} is null`,
  }
}

export function unique(columns: readonly string[], { severity = 'fail' }: Options = {}): Audit {
  const list = columns.map(quoted).join(', ')
  return {
    name: `unique(${columns.join(', ')})`,
    severity,
    reads: [],
    sql: `select ${list}, count(*) as rows from model group by ${list} having count(*) > 1`,
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
    sql: `select * from model where ${quoted(column)} < ${low} or ${quoted(column)} > ${high}`,
  }
}

/** Every non-null value occurs in another model's column. */
export function refersTo(
  column: string,
  model: string,
  target: string,
  { severity = 'fail' }: Options = {},
): Audit {
  const table = model.split('.').map(quoted).join('.')
  return {
    name: `refers_to(${column} → ${model}.${target})`,
    severity,
    reads: [model],
    sql: `select * from model where ${quoted(column)} is not null and ${quoted(column)} not in (select ${quoted(target)} from ${table})`,
  }
}
