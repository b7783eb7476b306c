/** Objects that HubSpot archived since the last run: search does not find them, a listing in order of id does, for ninety days. */
import { z } from 'zod'
import type { Checkpoint, SourceEvent } from './connector.ts'
import { SourceUnavailable } from './source-error.ts'

export const ArchivedPage = z.looseObject({
  results: z.array(z.looseObject({ id: z.string(), archivedAt: z.iso.datetime({ offset: true }).nullish() })),
  paging: z.looseObject({ next: z.looseObject({ after: z.string() }).nullish() }).nullish(),
})

export type ListArchived = (after: string | undefined) => Promise<z.output<typeof ArchivedPage>>

/** Deletions at or after `from` (unix milliseconds). The checkpoint stays where it was: a run that breaks off lists them again. */
export async function* readDeletions(
  list: ListArchived,
  from: number,
  checkpoint: Checkpoint,
  source: string,
): AsyncGenerator<SourceEvent> {
  let after: string | undefined
  for (;;) {
    const { results, paging } = await list(after)
    const keys = results.flatMap(({ id, archivedAt }) =>
      typeof archivedAt === 'string' && Date.parse(archivedAt) < from ? [] : [{ id }],
    )
    if (keys.length > 0) yield { type: 'deleted', keys, checkpoint }
    const next = paging?.next?.after
    if (next === undefined) return
    if (next === after)
      throw new SourceUnavailable('lists the same archived objects again; paging stands still.', { source })
    after = next
  }
}
