/** A model as lineage sees it: its query, what a union is short for, or what a program says of itself. */
import { identifier } from '#lake/quote.ts'
import type { Model } from '#models/define-model.ts'
import type { Traceable } from './model-origins.ts'

export function traceable({ name, columns, raw, reads, make }: Model): Traceable {
  const model = { name, columns, raw, reads }
  if (make.by === 'query') return { ...model, query: make.query }
  if (make.by === 'program') return { ...model, derives: make.derives }
  if (reads.length === 0)
    return { ...model, derives: Object.fromEntries(columns.map((each) => [each.name, []])) }
  const list = columns.map((each) => identifier(each.name)).join(', ')
  const parts = reads.map((part) => `select ${list} from ${part.split('.').map(identifier).join('.')}`)
  return { ...model, query: { sql: parts.join(' union all ') } }
}
