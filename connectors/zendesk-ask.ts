/** How the parts of the Zendesk connector ask a question: an address, its query, and the shape of the answer. */
import type { z } from 'zod'

export type Ask = <Shape extends z.ZodType>(
  url: string,
  query: Readonly<Record<string, string | number | undefined>>,
  shape: Shape,
) => Promise<z.output<Shape>>
