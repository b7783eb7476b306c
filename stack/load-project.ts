/** Loads a project file: a TypeScript module whose default export is `defineProject(…)`, wherever it lies. */
import { existsSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { dirname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { checkProject, ConfigInvalid, type Environment, type Project } from '#activities/project.ts'

/** A project of a company that does not exist: its systems are stand-ins, started before the file is read. */
const Simulation = z.strictObject({ seed: z.int(), size: z.enum(['tiny', 'small', 'large']) })
export type Simulation = z.infer<typeof Simulation>

export type ProjectFile = {
  readonly simulation: Simulation | undefined
  /** Evaluate and check the project with the environment it should see. */
  readonly project: (env: Environment) => Project
}

/** Throws ConfigInvalid when the file is missing, does not run, or exports no project. */
export async function loadProjectFile(path: string): Promise<ProjectFile> {
  if (!existsSync(path))
    throw new ConfigInvalid([
      `there is no project file ${path}; make one with \`saydo init <dir>\`, or name one with --config`,
    ])
  resolveSaydo()
  const module = await importFile(path)
  const simulation = Simulation.optional().safeParse(module['simulation'])
  if (!simulation.success)
    throw new ConfigInvalid(
      simulation.error.issues.map((issue) => `simulation.${issue.path.join('.')}: ${issue.message}`),
    )
  // Relative paths in a project file start from it.
  process.chdir(dirname(path))
  const exported = module['default']
  if (exported === undefined)
    throw new ConfigInvalid([
      `${path} has no default export; end it with export default defineProject({ … })`,
    ])
  return {
    simulation: simulation.data,
    project: (env) =>
      checkProject(
        typeof exported === 'function' ? (exported as (env: Environment) => unknown)(env) : exported,
      ),
  }
}

async function importFile(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(path).href)) as Record<string, unknown>
  } catch (error) {
    throw new ConfigInvalid([
      `${path} does not load: ${error instanceof Error ? error.message : String(error)}`,
    ])
  }
}

let hooked = false

/** Project files import from `saydo` although they may lie outside this checkout. */
function resolveSaydo(): void {
  if (hooked) return
  hooked = true
  const surface = import.meta.resolve('#index.ts')
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'saydo'
        ? { url: surface, format: 'module-typescript', shortCircuit: true }
        : next(specifier, context),
  })
}
