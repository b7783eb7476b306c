/** A project's sources ready to be read: each connector with its settings, its secrets and its HTTP client. */
import { ConfigInvalid, type Environment, type Project } from '#activities/project.ts'
import type { Connector, ConnectorContext } from '#connectors/connector.ts'
import { createContext } from '#connectors/context.ts'
import { secretVariable } from '#connectors/secret-variable.ts'

export type OpenSources = Readonly<
  Record<string, { readonly connector: Connector; readonly context: ConnectorContext }>
>

/** Throws ConfigInvalid naming every secret that the environment lacks, at once. */
export function openSources(project: Project, env: Environment): OpenSources {
  const missing = Object.entries(project.sources).flatMap(([source, { connector }]) =>
    connector.secrets
      .map((secret) => secretVariable(source, secret))
      .filter((variable) => !env[variable])
      .map((variable) => `${variable}: not set; source ${source} needs it (environment or .env)`),
  )
  if (missing.length > 0) throw new ConfigInvalid(missing)
  return Object.fromEntries(
    Object.entries(project.sources).map(([source, { connector, config }]) => {
      const secrets = Object.fromEntries(
        connector.secrets.map((secret) => [secret, env[secretVariable(source, secret)] ?? '']),
      )
      // Retry jitter only; no result depends on it.
      const context = createContext({ source, connector, config, secrets, random: Math.random })
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
