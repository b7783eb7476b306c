/** One metric from the published version: the same card that Cube serves. */
import { z } from 'zod'
import type { PublishedVersion } from '#lake/published-version.ts'
import { publishedSlices } from '#lake/published-slices.ts'
import { compileSql, metric, type MetricRequest } from '#metrics/index.ts'
import type { State } from '#stack/open-state.ts'

/** A row of an answer: the dimensions asked for, then the number with its uncertainty. */
export const MetricAnswer = z.looseObject({
  value: z.number().nullable(),
  n: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  suppressed: z.boolean(),
  version: z.number(),
})
export type MetricAnswer = z.infer<typeof MetricAnswer>

export async function askMetric(
  { storage, engine }: State,
  version: PublishedVersion,
  name: string,
  request: Omit<MetricRequest, 'publishedVersion'>,
): Promise<MetricAnswer[]> {
  const card = metric(name)
  const query = compileSql(card, { ...request, publishedVersion: version.version })
  const slices = publishedSlices(storage, version).filter(({ table }) => table === card.model)
  const rows = await engine.rows(query, slices)
  // Parsing would move the dimensions behind the number.
  return rows.map((row) => ({ ...row, ...MetricAnswer.parse(row) }))
}
