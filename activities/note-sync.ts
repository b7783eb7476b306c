/** The verb `noteSync`: how a stream's last run ended, for `saydo status`. */
import type { Lake } from '#lake/landing.ts'
import type { Activities } from './index.ts'

export function createNoteSync({ control, now }: Pick<Lake, 'control' | 'now'>): Activities['noteSync'] {
  return async ({ source, stream, failure, rows, rejected }) => {
    const at = now().toISOString()
    const ended = failure
      ? { last_failure_at: at, error: failure.error, error_kind: failure.kind }
      : { last_success_at: at, error: null, error_kind: null }
    await control.db
      .insertInto('sync_status')
      .values({ source, stream, rows, rejected, ...ended })
      .onConflict((conflict) =>
        conflict.columns(['source', 'stream']).doUpdateSet({ rows, rejected, ...ended }),
      )
      .execute()
  }
}
