/** The last gate of a public function: arithmetic on numbers of extreme size may overflow, and then the answer is a refusal. */
import { refuse, type Refusal } from './refusal.ts'

/** The result itself where all numbers in it are finite, else a refusal that says so. */
export function onlyFinite<T>(where: string, result: T | Refusal): T | Refusal {
  return allFinite(result)
    ? result
    : refuse(
        'out-of-range',
        `[${where}] the numbers are too large, too small or too far apart to compute with; rescale them.`,
      )
}

function allFinite(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (typeof value !== 'object' || value === null) return true
  return Object.values(value).every(allFinite)
}
