/** The checks every public function makes before it computes: each names the first argument that is outside its definition, or nothing. */
import { refuse, type Refusal } from './refusal.ts'

type Named = Readonly<Record<string, number>>

/** Squares and products of numbers up to here stay finite; the reciprocal is the least number that counts as above 0. */
export const LARGEST = 1e75

/** One pass over the arguments; words are made for the first that does not hold only. */
function firstRefused(
  where: string,
  named: Named,
  { holds, must }: { holds: (value: number) => boolean; must: string },
): Refusal | undefined {
  for (const name in named) {
    const value = named[name] ?? Number.NaN
    if (Math.abs(value) <= LARGEST && holds(value)) continue
    const said = `[${where}] ${name} is ${value}`
    if (!Number.isFinite(value)) return refuse('not-finite', `${said}; give a finite number.`)
    if (Math.abs(value) > LARGEST)
      return refuse('out-of-range', `${said}; use a larger unit, so that it stays below ${LARGEST}.`)
    return refuse('out-of-range', `${said}; it must ${must}.`)
  }
  return undefined
}

/** NaN, ±∞ and numbers so large that their squares would overflow. */
export function notFinite(where: string, named: Named): Refusal | undefined {
  return firstRefused(where, named, finite)
}

const finite = { holds: () => true, must: 'be finite' }

export function notPositive(where: string, named: Named): Refusal | undefined {
  return firstRefused(where, named, positive)
}

const positive = { holds: (value: number) => value >= 1 / LARGEST, must: 'be above 0' }

/** Probabilities and shares, 0 and 1 included. */
export function notShare(where: string, named: Named): Refusal | undefined {
  return firstRefused(where, named, share)
}

const share = { holds: (value: number) => value >= 0 && value <= 1, must: 'lie between 0 and 1' }

/** Probabilities and levels, 0 and 1 excluded. */
export function notInsideUnit(where: string, named: Named): Refusal | undefined {
  return firstRefused(where, named, insideUnit)
}

const insideUnit = { holds: (value: number) => value > 0 && value < 1, must: 'lie strictly between 0 and 1' }

/** Parameters of distributions: above 0 and at most 1e10, up to where twelve digits are kept. */
export function notParameter(where: string, named: Named): Refusal | undefined {
  return firstRefused(where, named, parameter)
}

const parameter = {
  holds: (value: number) => value >= 1e-10 && value <= 1e10,
  must: 'lie between 1e-10 and 1e10',
}

/** Counts: whole numbers from 0. */
export function notCount(where: string, named: Named): Refusal | undefined {
  return firstRefused(where, named, count)
}

const count = {
  holds: (value: number) => value >= 0 && Number.isInteger(value),
  must: 'be a whole number from 0',
}

/** The value itself, or a refusal where it is too large for a number (a quantile of a very heavy tail). */
export function representable(where: string, value: number): number | Refusal {
  return Math.abs(value) < 1e150
    ? value
    : refuse('out-of-range', `[${where}] the result exceeds 1e150; take a probability further from 0 and 1.`)
}
