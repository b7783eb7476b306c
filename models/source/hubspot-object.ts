/** HubSpot objects as they land, and how their properties are read. */
import { type Expression, type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import { jsonText } from '#models/dialect.ts'

const CrmObject = z.object({
  id: z.string(),
  properties: z.looseObject({}),
  createdAt: z.iso.datetime(),
  archived: z.boolean(),
})

export const crm = (source: string, stream: string) => ({
  source,
  stream,
  record: CrmObject,
  time: 'createdAt',
})

export const property = (properties: Expression<unknown>) => (name: string) => jsonText(properties, name)

/** HubSpot clears a property by an empty text. */
export function filled(value: Expression<string | null>): RawBuilder<string | null> {
  return sql<string | null>`nullif(${value}, '')`
}
