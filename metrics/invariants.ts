/** What a card says is always true, tried on rows: a changed definition that breaks its own promise is found before it is published. */
import type { MetricCard } from './card.ts'
import { countPart, evaluate } from './evaluate.ts'
import { matches } from './predicate.ts'

/** Sentences naming each invariant that does not hold on these rows; empty when all hold. */
export function brokenInvariants(
  card: MetricCard,
  rows: readonly Readonly<Record<string, unknown>>[],
): string[] {
  const valid = rows.filter((row) => matches(card.population, row) && matches(card.valid, row))
  const count = (part: string) => countPart(card, part, valid)
  const [answer] = evaluate(card, { timezone: 'UTC' }, rows)
  const value = answer?.value ?? null
  return card.invariants.flatMap((rule) => {
    if (rule.kind === 'value-between')
      return value === null || (value >= rule.low && value <= rule.high)
        ? []
        : [`[metric ${card.name}] value ${value} is not between ${rule.low} and ${rule.high}.`]
    const sum = rule.parts.reduce((sum, part) => sum + count(part), 0)
    return sum === count(rule.total)
      ? []
      : [
          `[metric ${card.name}] ${rule.parts.join(' + ')} is ${sum}, but ${rule.total} is ${count(rule.total)}.`,
        ]
  })
}
