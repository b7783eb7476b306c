/** A value that a query could not convert, told without the value: it may be a customer's word. */
import type { Column } from './column.ts'

export class ValueRefused extends Error {
  override readonly name = 'ValueRefused'
  constructor(column: string | undefined, type: string | undefined) {
    const of = column === undefined ? '' : ` of column ${column}`
    const to = type === undefined ? 'what the query asks for' : type
    super(`a value${of} does not convert to ${to}; mend the column's type, or let the query try_cast it.`)
  }
}

const kinds = /^(Conversion|Invalid Input|Out of Range|Invalid|Mismatch Type) Error/
const types =
  /\bto (?:type )?(BIGINT|INT64|INT32|INTEGER|DOUBLE|BOOLEAN|BOOL|DATE|TIMESTAMP|DECIMAL\(\d+,\d+\))/g

/** DuckDB's error as ValueRefused where it quotes a value, else as it is; only known column names and types are told. */
export function withoutValues(error: unknown, columns: readonly Column[]): unknown {
  if (!(error instanceof Error) || !kinds.test(error.message)) return error
  const named = /from source column (\w+)/.exec(error.message)?.[1]
  const column = columns.find(({ name }) => name === named)?.name
  return new ValueRefused(column, [...error.message.matchAll(types)].at(-1)?.[1])
}
