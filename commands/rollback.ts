/** `saydo rollback`: serve an earlier version; one pointer move, no rebuild. */
import { type EnvironmentOption, withEnvironment } from './environment.ts'
import { command, type GlobalOptions, openProject } from './global-options.ts'
import { printJson, printLine } from './output.ts'
import { withState } from './published.ts'
import { versionNumber } from './version-number.ts'

export const rollbackCommand = withEnvironment(
  command('rollback', 'serve an earlier version; the next refresh publishes a new one', [
    'rollback',
    'rollback 3',
    'rollback --env dev',
  ]),
)
  .argument('[version]', 'version to serve; the one before the current when absent', versionNumber)
  .action(async (version: number | undefined, options: GlobalOptions & EnvironmentOption) => {
    const { settings } = await openProject(options)
    const served = await withState(settings, (state) => state.versions(options.env).rollback(version))
    if (options.json) printJson({ environment: options.env, version: served })
    else printLine(`Version ${served} is served.`)
  })
