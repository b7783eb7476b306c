/** Units (stores, agents, segments) with an estimate and its standard error: the input of every ranking. */
import { refuse, type Refusal } from '#statistics/refusal.ts'

export type NormalUnits = {
  readonly values: readonly number[]
  /** Standard errors, one per value, above 0. */
  readonly se: readonly number[]
}

export function refuseUnits(where: string, { values, se }: NormalUnits, least: number): Refusal | undefined {
  if (values.length !== se.length)
    return refuse(
      'mismatch',
      `[${where}] ${values.length} values for ${se.length} standard errors; give one of each per unit.`,
    )
  if (values.length < least)
    return refuse('too-few', `[${where}] ${values.length} units; at least ${least} are needed.`)
  if (![...values, ...se].every(Number.isFinite))
    return refuse(
      'not-finite',
      `[${where}] a value or standard error is NaN or infinite; leave that unit out.`,
    )
  if (se.some((value) => value <= 0))
    return refuse(
      'out-of-range',
      `[${where}] a standard error is not above 0; units answered by one voice have none, leave them out.`,
    )
  return undefined
}
