/** The `saydo` command: one file per subcommand, one place where errors become words and exit codes. */
import { Command, CommanderError } from 'commander'
import { auditCommand } from './audit.ts'
import { backfillCommand } from './backfill.ts'
import { buildCommand } from './build.ts'
import { checkCommand } from './check.ts'
import { diffCommand } from './diff.ts'
import { gcCommand } from './gc.ts'
import { initCommand } from './init.ts'
import { lineageCommand } from './lineage.ts'
import { metricCommand } from './metric.ts'
import { planCommand } from './plan.ts'
import { promoteCommand } from './promote.ts'
import { publishCommand } from './publish.ts'
import { quarantineCommand } from './quarantine.ts'
import { refreshCommand } from './refresh.ts'
import { rollbackCommand } from './rollback.ts'
import { sqlCommand } from './sql.ts'
import { startCommand } from './start.ts'
import { statusCommand } from './status.ts'
import { syncCommand } from './sync.ts'
import { truthCommand } from './truth.ts'
import { versionsCommand } from './versions.ts'

export function createProgram(): Command {
  const program = new Command('saydo')
    .description('What customers say, joined to what they do.')
    .version('0.1.0')
    .addHelpText('after', '\nStart with `saydo start`; every command has `--help` with examples.')
  for (const each of commands) program.addCommand(each)
  exitInWords(program)
  return program
}

/** Commander ends the process by itself otherwise. */
function exitInWords(command: Command): void {
  command.exitOverride()
  for (const each of command.commands) exitInWords(each)
}

const commands = [
  startCommand,
  initCommand,
  checkCommand,
  syncCommand,
  backfillCommand,
  planCommand,
  buildCommand,
  publishCommand,
  refreshCommand,
  auditCommand,
  versionsCommand,
  diffCommand,
  rollbackCommand,
  promoteCommand,
  gcCommand,
  metricCommand,
  sqlCommand,
  lineageCommand,
  statusCommand,
  quarantineCommand,
  truthCommand,
]

/** Errors a person mends in the command or the project file: exit code 2. */
const wrongUse = new Set([
  'ConfigInvalid',
  'ConfigMissing',
  'SourceUnknown',
  'MetricUnknown',
  'MetricRequestInvalid',
  'QueryRefused',
  'QueryFailed',
  'VersionUnknown',
  'EnvironmentUnknown',
  'ModelUnknown',
  'ModelGraphBroken',
  'QueryUnresolved',
  'LineageUnknown',
])

/** Runs the command line and answers with the exit code; what goes wrong is said on stderr in a sentence, never as a stack trace. */
export async function runProgram(argv: readonly string[]): Promise<number> {
  try {
    await createProgram().parseAsync(argv, { from: 'user' })
    return Number(process.exitCode ?? 0)
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
    const name = error instanceof Error ? error.name : ''
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    if (process.env['SAYDO_DEBUG'] && error instanceof Error) process.stderr.write(`${error.stack}\n`)
    return wrongUse.has(name) ? 2 : 1
  }
}
