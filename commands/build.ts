/** `saydo build`: build, audit and publish from what is landed. */
import { startBuild } from '#stack/start-run.ts'
import { command, type GlobalOptions, openProject } from './global-options.ts'
import { printJson, printLine } from './output.ts'
import { watchRun } from './watch-run.ts'
import { withStack } from './with-stack.ts'

export const buildCommand = command(
  'build',
  'build, audit and publish from what is landed, without syncing',
  ['build', 'build --json'],
).action(async (options: GlobalOptions) => {
  const opened = await openProject(options)
  const summary = await withStack(opened, async (stack, { now }) => {
    const run = await startBuild(stack.client, stack.taskQueue)
    return watchRun(run.result(), { ...stack, now })
  })
  if (options.json) return printJson(summary)
  const { built, published, warnings } = summary
  const news = published.changed
    ? `published version ${published.version}`
    : `nothing changed, version ${published.version} stays`
  printLine(`${built} of ${published.models} models built, ${warnings} audit warnings; ${news}.`)
})
