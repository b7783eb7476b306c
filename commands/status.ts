/** `saydo status`: how each stream's last run ended, what waits in quarantine, which version is served. */
import { runningStack } from '#stack/stack-record.ts'
import type { State } from '#stack/open-state.ts'
import { command, type GlobalOptions, openProject } from './global-options.ts'
import { bold, printJson, printLine, printTable } from './output.ts'
import { withState } from './published.ts'

export const statusCommand = command(
  'status',
  'how the last runs ended, what is in quarantine, which version is served',
  ['status', 'status --json'],
).action(async (options: GlobalOptions) => {
  const { settings } = await openProject(options)
  const running = await runningStack(settings.home)
  const status = await withState(settings, async (state) => {
    const version = await state.versions().current()
    return {
      running: running !== undefined,
      cube: running?.cubeUrl ?? null,
      version: version?.version ?? null,
      publishedAt: version?.publishedAt ?? null,
      streams: await streams(state),
      audits: await failedAudits(state),
    }
  })
  if (options.json) return printJson(status)
  printLine(
    status.running
      ? `saydo is running${status.cube ? `, Cube at ${status.cube}` : ''}`
      : 'saydo is not running',
  )
  printLine(
    status.version === null
      ? 'nothing is published yet'
      : `version ${status.version}, published ${status.publishedAt}`,
  )
  printLine()
  printTable(status.streams, 'no stream was synced yet')
  if (status.audits.length === 0) return
  printLine(bold('\nAudits that found rows'))
  printTable(status.audits)
})

async function streams({ control }: State) {
  const rows = await control.db
    .selectFrom('sync_status')
    .selectAll()
    .orderBy('source')
    .orderBy('stream')
    .execute()
  const waiting = await control.db
    .selectFrom('quarantine')
    .select((eb) => ['source', 'stream', eb.fn.countAll<number>().as('records')])
    .where('status', '=', 'pending')
    .groupBy(['source', 'stream'])
    .execute()
  return rows.map((row) => ({
    source: row.source,
    stream: row.stream,
    state: row.error === null ? 'ok' : 'failed',
    rows: row.rows,
    quarantine:
      waiting.find((each) => each.source === row.source && each.stream === row.stream)?.records ?? 0,
    last_success: row.last_success_at,
    error: row.error,
  }))
}

/** Of the builds last audited, those with offending rows. */
async function failedAudits({ control }: State) {
  return control.db
    .selectFrom('audit_result')
    .select(['model', 'audit', 'severity', 'rows', 'audited_at'])
    .where('rows', '>', 0)
    .orderBy('audited_at', 'desc')
    .limit(20)
    .execute()
}
