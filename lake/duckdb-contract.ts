/** A query held to its contract: its columns cast to the declared types, anything missing, extra or unconvertible refused by name. */
import type { Column } from './column.ts'
import { ContractBroken } from './contract-broken.ts'
import type { CompiledQuery } from './engine.ts'
import { identifier } from './quote.ts'

export type Described = { readonly name: string; readonly type: string }

/** Throws ContractBroken. */
export function contractSelect(
  query: CompiledQuery,
  columns: readonly Column[],
  described: readonly Described[],
): string {
  const got = new Map(described.map(({ name, type }) => [name, type]))
  const wanted = new Map(columns.map((column) => [column.name, column.type]))
  const missing = [...wanted.keys()].filter((name) => !got.has(name))
  const extra = [...got.keys()].filter((name) => !wanted.has(name))
  const retyped = columns.flatMap(({ name, type }) => {
    const actual = got.get(name)
    return actual !== undefined && !widens(actual, type)
      ? [`${name} is ${actual}, the contract says ${type}`]
      : []
  })
  if (missing.length + extra.length + retyped.length > 0)
    throw new ContractBroken({ missing, extra, retyped })
  const list = columns.map(({ name, type }) => `CAST(${identifier(name)} AS ${type}) AS ${identifier(name)}`)
  return `SELECT ${list.join(', ')} FROM (${query.sql})`
}

const families: readonly RegExp[] = [
  /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|UTINYINT|USMALLINT|UINTEGER|UBIGINT)$/,
  /^(FLOAT|DOUBLE|DECIMAL\(\d+,\d+\)|TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/,
  /^(VARCHAR|JSON|ENUM.*|UUID)$/,
  /^(TIMESTAMP|TIMESTAMP_S|TIMESTAMP_MS|TIMESTAMP_NS|DATE)$/,
]
const familyOf: Readonly<Record<string, number>> = {
  BIGINT: 0,
  DOUBLE: 1,
  DECIMAL: 1,
  VARCHAR: 2,
  JSON: 2,
  TIMESTAMP: 3,
}

/** Whether a value of one type may be cast to the contract's without changing its meaning. */
function widens(actual: string, wanted: string): boolean {
  if (actual === wanted || actual === '"NULL"' || actual === 'NULL') return true
  const family = familyOf[wanted.replace(/\(.*/, '')]
  return family !== undefined && (families[family]?.test(actual) ?? false)
}
