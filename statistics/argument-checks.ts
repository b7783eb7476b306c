/** The checks every public function makes before it computes: each names the first argument that is outside its definition, or nothing. */
import { refuse, type Refusal } from './refusal.ts'

type Named = Readonly<Record<string, number>>

function firstRefused(
  named: Named,
  bad: (value: number) => boolean,
  say: (name: string, value: number) => Refusal,
): Refusal | undefined {
  for (const [name, value] of Object.entries(named)) if (bad(value)) return say(name, value)
  return undefined
}

/** Squares and products of numbers up to here stay finite; the reciprocal is the least number that counts as above 0. */
export const LARGEST = 1e75

/** NaN, ±∞ and numbers so large that their squares would overflow. */
export function notFinite(where: string, named: Named): Refusal | undefined {
  return (
    firstRefused(
      named,
      (value) => !Number.isFinite(value),
      (name, value) => refuse('not-finite', `[${where}] ${name} is ${value}; give a finite number.`),
    ) ??
    firstRefused(
      named,
      (value) => Math.abs(value) > LARGEST,
      (name, value) =>
        refuse(
          'out-of-range',
          `[${where}] ${name} is ${value}; use a larger unit, so that it stays below ${LARGEST}.`,
        ),
    )
  )
}

export function notPositive(where: string, named: Named): Refusal | undefined {
  return (
    notFinite(where, named) ??
    firstRefused(
      named,
      (value) => value < 1 / LARGEST,
      (name, value) => refuse('out-of-range', `[${where}] ${name} is ${value}; it must be above 0.`),
    )
  )
}

/** Probabilities and shares, 0 and 1 included. */
export function notShare(where: string, named: Named): Refusal | undefined {
  return (
    notFinite(where, named) ??
    firstRefused(
      named,
      (value) => value < 0 || value > 1,
      (name, value) => refuse('out-of-range', `[${where}] ${name} is ${value}; it must lie between 0 and 1.`),
    )
  )
}

/** Probabilities and levels, 0 and 1 excluded. */
export function notInsideUnit(where: string, named: Named): Refusal | undefined {
  return (
    notFinite(where, named) ??
    firstRefused(
      named,
      (value) => value <= 0 || value >= 1,
      (name, value) =>
        refuse('out-of-range', `[${where}] ${name} is ${value}; it must lie strictly between 0 and 1.`),
    )
  )
}

/** Parameters of distributions: above 0 and at most 1e10, up to where twelve digits are kept. */
export function notParameter(where: string, named: Named): Refusal | undefined {
  return (
    notPositive(where, named) ??
    firstRefused(
      named,
      (value) => value > 1e10 || value < 1e-10,
      (name, value) =>
        refuse('out-of-range', `[${where}] ${name} is ${value}; it must lie between 1e-10 and 1e10.`),
    )
  )
}

/** Counts: whole numbers from 0. */
export function notCount(where: string, named: Named): Refusal | undefined {
  return (
    notFinite(where, named) ??
    firstRefused(
      named,
      (value) => value < 0 || !Number.isInteger(value),
      (name, value) =>
        refuse('out-of-range', `[${where}] ${name} is ${value}; it must be a whole number from 0.`),
    )
  )
}

/** The value itself, or a refusal where it is too large for a number (a quantile of a very heavy tail). */
export function representable(where: string, value: number): number | Refusal {
  return Math.abs(value) < 1e150
    ? value
    : refuse('out-of-range', `[${where}] the result exceeds 1e150; take a probability further from 0 and 1.`)
}
