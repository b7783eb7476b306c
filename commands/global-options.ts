/** What every command takes, and what every command opens first. */
import { Command } from 'commander'
import { readSettings, type Settings } from '#stack/settings.ts'
import { loadProjectFile, type ProjectFile } from '#stack/load-project.ts'

export type GlobalOptions = { readonly config: string; readonly json: boolean }

export const exitCodes = `
Exit codes: 0 done; 1 something failed (a source, a build, an audit); 2 the command or the project file is wrong.`

/** A command with \`--config\`, \`--json\` and examples under its help. */
export function command(name: string, summary: string, examples: readonly string[]): Command {
  return new Command(name)
    .summary(summary)
    .description(summary)
    .option('-c, --config <file>', 'project file', 'saydo.config.ts')
    .option('--json', 'answer as JSON on stdout', false)
    .addHelpText(
      'after',
      `\nExamples:\n${examples.map((example) => `  $ saydo ${example}`).join('\n')}\n${exitCodes}`,
    )
}

export type Opened = { readonly settings: Settings; readonly file: ProjectFile }

/** Settings and project file; throws ConfigInvalid. */
export async function openProject({ config }: GlobalOptions): Promise<Opened> {
  const settings = readSettings(config, process.env)
  return { settings, file: await loadProjectFile(settings.configFile) }
}
