/** `--env`: which environment a command reads, builds or publishes in. */
import { type Command, InvalidArgumentError } from 'commander'
import { z } from 'zod'
import { production } from '#lake/versions.ts'

export const EnvironmentName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,30}$/, 'Expected lower case letters, digits and dashes, at most 31')

export type EnvironmentOption = { readonly env: string }

/** The same command with `--env <name>`. */
export function withEnvironment(command: Command): Command {
  return command.option('--env <name>', 'environment; versions of each are its own', environment, production)
}

/** For commander: throws what it turns into a sentence. */
export function environment(text: string): string {
  const parsed = EnvironmentName.safeParse(text)
  if (parsed.success) return parsed.data
  throw new InvalidArgumentError(`${parsed.error.issues[0]?.message}.`)
}

/** ` --env dev` for a hint, nothing for the usual one. */
export function environmentFlag(environment: string): string {
  return environment === production ? '' : ` --env ${environment}`
}
