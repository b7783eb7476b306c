/** Unwraps a result in tests and scripts, where a refusal is a failure and should say its reason. */
import { isRefusal, type Refusal } from './refusal.ts'

export function accepted<T>(result: T | Refusal): T {
  if (isRefusal(result)) throw new Error(`refused (${result.refused}): ${result.reason}`)
  return result
}
