/** Several results of which one refusal is a refusal of all. */
import { isRefusal, type Refusal } from '#statistics/refusal.ts'

export function allAccepted<T>(results: readonly (T | Refusal)[]): T[] | Refusal {
  const accepted: T[] = []
  for (const result of results) {
    if (isRefusal(result)) return result
    accepted.push(result)
  }
  return accepted
}
