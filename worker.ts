/**
 * `node worker.ts`: runs the verbs and workflows of one project until it is told to stop. The project file is `SAYDO_CONFIG`, or
 * `saydo.config.ts` in the working directory; the environment is read here and nowhere further down.
 */
import { once } from 'node:events'
import { declareSchedules } from '#schedules.ts'
import { bringUp } from '#stack/bring-up.ts'
import { loadProjectFile } from '#stack/load-project.ts'
import { readSettings } from '#stack/settings.ts'
import { tidy } from '#stack/tidy.ts'

const say = (line: string) => console.log(line)

try {
  const settings = readSettings(process.env['SAYDO_CONFIG'] || 'saydo.config.ts', process.env)
  const file = await loadProjectFile(settings.configFile)
  await using stack = await bringUp({ settings, file, say, now: () => {} })
  await tidy(stack.state, say)
  await declareSchedules(stack.client, stack.taskQueue)
  const told = Promise.race(['SIGTERM', 'SIGINT'].map((signal) => once(process, signal)))
  await Promise.race([told.then(() => say('[worker] stopping')), stack.worker.done()])
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
