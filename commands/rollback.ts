/** `saydo rollback`: serve an earlier version; one pointer move, no rebuild. */
import { InvalidArgumentError } from 'commander'
import { command, type GlobalOptions, openProject } from './global-options.ts'
import { printJson, printLine } from './output.ts'
import { withState } from './published.ts'

export const rollbackCommand = command(
  'rollback',
  'serve an earlier version; the next refresh publishes a new one',
  ['rollback', 'rollback 3'],
)
  .argument('[version]', 'version to serve; the one before the current when absent', wholeNumber)
  .action(async (version: number | undefined, options: GlobalOptions) => {
    const { settings } = await openProject(options)
    const served = await withState(settings, (state) => state.versions().rollback(version))
    if (options.json) printJson({ version: served })
    else printLine(`Version ${served} is served.`)
  })

function wholeNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text))
    throw new InvalidArgumentError('Expected a version number; see `saydo versions`.')
  return Number(text)
}
