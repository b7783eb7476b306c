/** A canonical table: the union of what every source contributes, knowing no vendor. */
import type { z } from 'zod'
import { columnsOf } from '#lake/columns-of.ts'
import { identifier } from '#lake/quote.ts'
import type { Audit } from './audit.ts'
import { type Model, modelOf } from './define-model.ts'

export function unionOf(
  table: {
    readonly name: string
    readonly description: string
    readonly grain: readonly string[]
    readonly contract: z.ZodObject
  },
  parts: readonly Model[],
  audits: readonly Audit[] = [],
): Model {
  const columns = columnsOf(table.contract)
  const list = columns.map(({ name }) => identifier(name)).join(', ')
  const empty = `select ${columns.map(({ name, type }) => `cast(null as ${type}) as ${identifier(name)}`).join(', ')} where false`
  const selects = parts.map((part) => `select ${list} from ${part.name.split('.').map(identifier).join('.')}`)
  return modelOf({
    ...table,
    owner: 'saydo',
    columns,
    audits,
    raw: {},
    query: { sql: selects.length > 0 ? selects.join(' union all ') : empty, parameters: [] },
    reads: parts.map((part) => part.name).sort(),
  })
}
