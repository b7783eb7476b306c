/** Where a stream, or one window of it, stands. */
import type { StreamSlice } from './commit-part.ts'
import type { Control } from './control/open-control.ts'

export type StreamState = {
  readonly cursor: string | null
  readonly cursor_version: number
  readonly load_key: string | null
  readonly next_part: number
}

/** Read the state; the first reader makes it. */
export async function readStreamState(
  { control, now }: { readonly control: Control; readonly now: () => Date },
  of: StreamSlice,
): Promise<StreamState> {
  const read = () =>
    control.db
      .selectFrom('stream_state')
      .select(['cursor', 'cursor_version', 'load_key', 'next_part'])
      .where('source', '=', of.source)
      .where('stream', '=', of.stream)
      .where('slice', '=', of.slice)
  const found = await read().executeTakeFirst()
  if (found) return found
  await control.db
    .insertInto('stream_state')
    .values({
      ...of,
      cursor: null,
      cursor_version: 0,
      load_key: null,
      next_part: 0,
      updated_at: now().toISOString(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  return read().executeTakeFirstOrThrow()
}
