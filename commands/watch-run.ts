/** Waits for a run and says meanwhile how far it is. */
import { setInterval } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import type { State } from '#stack/open-state.ts'
import { buildIdOf } from '#workflows/run-id.ts'
import { runFailure } from './run-failure.ts'

type Watched = {
  readonly client: Client
  readonly state: State
  readonly now: (line: string) => void
  /** Whose build is told of. */
  readonly environment?: string
}

/** The run's result; throws RunFailed in the failing step's words. */
export async function watchRun<T>(result: Promise<T>, watched: Watched): Promise<T> {
  const ended = new AbortController()
  const watching = sayWhereItIs(watched, ended.signal)
  try {
    return await result
  } catch (error) {
    throw runFailure(error)
  } finally {
    ended.abort()
    await watching
  }
}

async function sayWhereItIs(
  { client, state, now, environment }: Watched,
  signal: AbortSignal,
): Promise<void> {
  const before = await landedRows(state)
  try {
    for await (const _ of setInterval(1000, undefined, { signal })) {
      const building = await buildProgress(client, environment)
      const landed = (await landedRows(state)) - before
      if (signal.aborted) return
      now(building ?? `landing: ${landed.toLocaleString('en')} records`)
    }
  } catch (error) {
    if (!signal.aborted) throw error
  }
}

/** How far a build is that is running now. */
async function buildProgress(client: Client, environment: string | undefined): Promise<string | undefined> {
  try {
    const run = client.workflow.getHandle(buildIdOf(environment))
    if ((await run.describe()).status.name !== 'RUNNING') return undefined
    const { done, models } = await run.query<{ done: number; models: number }>('progress')
    return `building models: ${done} of ${models}`
  } catch {
    // Not started yet, or just ended: then there is nothing to say about it.
    return undefined
  }
}

async function landedRows({ control }: State): Promise<number> {
  const row = await control.db
    .selectFrom('load_file')
    .select((eb) => eb.fn.sum<number | null>('rows').as('rows'))
    .executeTakeFirst()
  return row?.rows ?? 0
}
