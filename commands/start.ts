/** `saydo start`: everything up, a first refresh with visible progress, then one page that says what runs where and what the numbers are. */
import { once } from 'node:events'
import { InvalidArgumentError } from 'commander'
import type { Simulation } from '#stack/load-project.ts'
import { cubeSecret } from '#stack/cube-secret.ts'
import { freePorts } from '#stack/free-ports.ts'
import { forgetStack, recordStack } from '#stack/stack-record.ts'
import { startRefresh } from '#stack/start-run.ts'
import { tidy } from '#stack/tidy.ts'
import { command, type GlobalOptions, openProject } from './global-options.ts'
import { printJson } from './output.ts'
import { printPage } from './page.ts'
import { noteFailures } from './refresh.ts'
import { watchRun } from './watch-run.ts'
import { withStack } from './with-stack.ts'

type Options = GlobalOptions & {
  readonly once?: boolean
  readonly size?: Simulation['size']
  readonly seed?: number
}

export const startCommand = command(
  'start',
  'start everything, refresh once, and keep the schedules running',
  ['start', 'start --once', 'start --once --seed 42'],
)
  .option('--once', 'end after the first refresh')
  .option(
    '--size <size>',
    'size of the simulated company: tiny (2k customers), small (20k) or large (460k, three years)',
    size,
  )
  .option('--seed <n>', 'seed of the simulated company', wholeNumber)
  .action(async (options: Options) => {
    const opened = await openProject(options)
    const { settings } = opened
    const simulation = {
      ...(options.seed !== undefined && { seed: options.seed }),
      ...(options.size !== undefined && { size: options.size }),
    }
    await withStack({ ...opened, simulation }, async (stack, progress) => {
      await tidy(stack.state, progress.say)
      const run = await startRefresh(stack.client, stack.taskQueue)
      const refresh = await watchRun(run.result(), { ...stack, now: progress.now })
      const { startCube } = await import('#stack/cube.ts')
      const cube = await startCube({
        lakeRoot: settings.lakeRoot,
        s3: settings.s3,
        secret: await cubeSecret(settings),
        port: (await freePorts([settings.cubePort]))[0] ?? 0,
        timezone: stack.project.timezone,
        say: progress.say,
      })
      try {
        progress.stop()
        if (options.json)
          printJson({ refresh, cube: cube.url, temporal: stack.temporal.address, ui: stack.temporal.uiUrl })
        else await printPage({ stack, cube, refresh })
        noteFailures(refresh)
        if (!options.once)
          await stayUp(async () => {
            const { declareSchedules } = await import('#schedules.ts')
            await declareSchedules(stack.client, stack.taskQueue)
            await recordStack(settings.home, { simulationEnv: stack.simulationEnv, cubeUrl: cube.url })
          })
      } finally {
        if (!options.once) await forgetStack(settings.home)
        await cube.close()
      }
    })
  })

/** Until Ctrl-C, or a service manager says so. */
async function stayUp(begin: () => Promise<void>): Promise<void> {
  const told = new AbortController()
  const signals = ['SIGINT', 'SIGTERM'].map((signal) => once(process, signal, { signal: told.signal }))
  await begin()
  await Promise.race(signals)
  told.abort()
  await Promise.allSettled(signals)
}

function size(text: string): Simulation['size'] {
  const known = (['tiny', 'small', 'large'] as const).find((each) => each === text)
  if (known === undefined) throw new InvalidArgumentError('Expected tiny, small or large.')
  return known
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Expected a whole number.')
  return Number(text)
}
