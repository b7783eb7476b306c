/** A project's sources ready to be read: each connector with its settings, its secrets and its HTTP client. */
import { ConfigInvalid, type Environment, type Project } from '#activities/project.ts'
import type { OpenSources } from '#activities/stream-of.ts'
import { createContext } from '#connectors/context.ts'
import { secretVariable } from '#connectors/secret-variable.ts'

/** Throws ConfigInvalid naming every secret that the environment lacks, at once. */
export function openSources(project: Project, env: Environment): OpenSources {
  const missing = Object.entries(project.sources).flatMap(([source, { connector }]) =>
    connector.secrets
      .map((secret) => secretVariable(source, secret))
      .filter((variable) => !env[variable])
      .map((variable) => `${variable}: not set; source ${source} needs it (environment or .env)`),
  )
  if (missing.length > 0) throw new ConfigInvalid(missing)
  return opened(project, env)
}

/** Sources whose records can be parsed but which cannot be reached: nothing secret is asked for. */
export function offlineSources(project: Project): OpenSources {
  return opened(project, {})
}

function opened(project: Project, env: Environment): OpenSources {
  return Object.fromEntries(
    Object.entries(project.sources).map(([source, { connector, config }]) => {
      const given = connector.secrets.flatMap((secret) => {
        const value = env[secretVariable(source, secret)]
        return value === undefined ? [] : [[secret, value] as const]
      })
      // Retry jitter only; no result depends on it.
      const context = createContext({
        source,
        connector,
        config,
        secrets: Object.fromEntries(given),
        random: Math.random,
      })
      return [source, { connector, context }]
    }),
  )
}

/** Every secret's value, for redaction. */
export function secretValues(project: Project, env: Environment): string[] {
  return Object.entries(project.sources).flatMap(([source, { connector }]) =>
    connector.secrets.flatMap((secret) => env[secretVariable(source, secret)] ?? []),
  )
}
