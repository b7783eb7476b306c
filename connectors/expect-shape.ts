/** Reads an answer's envelope: a page in a shape we do not know is a refusal, not a page of nothing. */
import type { z } from 'zod'
import { SourceRejected } from './source-error.ts'

/** The parsed envelope; a SourceRejected that names the paths (never the values) otherwise. */
export function expectShape<Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
  where: { readonly source: string; readonly what: string },
): z.output<Schema> {
  const parsed = schema.safeParse(body)
  if (parsed.success) return parsed.data
  const paths = [...new Set(parsed.error.issues.map((issue) => issue.path.join('.') || '(root)'))]
  throw new SourceRejected(
    `${where.what} answered in a shape this connector does not know (at ${paths.slice(0, 5).join(', ')}); check the source’s URL and the connector’s version.`,
    { source: where.source },
  )
}
