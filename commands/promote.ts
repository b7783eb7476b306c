/** `saydo promote`: serve what another environment serves; one pointer move. */
import { production } from '#lake/versions.ts'
import { environment } from './environment.ts'
import { command, type GlobalOptions, openProject } from './global-options.ts'
import { printJson, printLine } from './output.ts'
import { withState } from './published.ts'

export const promoteCommand = command(
  'promote',
  'production serves what another environment serves; one move, nothing is built',
  ['promote dev', 'build --env dev && saydo diff 12 --env dev && saydo promote dev'],
)
  .argument('<env>', 'the environment whose version production shall serve', environment)
  .action(async (from: string, options: GlobalOptions) => {
    const { settings } = await openProject(options)
    const moved = await withState(settings, (state) => state.versions(production).promote(from))
    if (options.json) printJson({ from, ...moved })
    else
      printLine(
        moved.changed
          ? `Production serves version ${moved.version}, as ${from} does.`
          : `Production serves version ${moved.version} already.`,
      )
  })
