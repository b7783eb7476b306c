/** A table of moments cut down to some of its variables, in the order asked for. */
import type { MomentGroup, Moments } from '#statistics/moments/index.ts'
import { packedAt } from '#statistics/moments/moments.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

/** Groups keep their bucket; patterns that differ only in variables left out stay apart and add up where they are summed. */
export function selectMoments(moments: Moments, names: readonly string[]): Moments | Refusal {
  const at = names.map((name) => moments.variables.indexOf(name))
  const unknown = names.find((_, i) => at[i] === -1)
  if (unknown !== undefined)
    return refuse(
      'mismatch',
      `[selectMoments] there is no variable ${unknown}; the table has ${moments.variables.join(', ')}.`,
    )
  if (new Set(names).size !== names.length)
    return refuse(
      'mismatch',
      `[selectMoments] a variable is named twice in ${names.join(', ')}; name each once.`,
    )
  const p = moments.variables.length
  const groups = moments.groups.map((group): MomentGroup => ({
    ...group,
    missing: at.reduce((mask, from, to) => ((group.missing >>> from) & 1 ? mask + 2 ** to : mask), 0),
    sums: at.map((from) => group.sums[from] ?? 0),
    products: at.flatMap((from, i) =>
      at.slice(i).map((other) => group.products[packedAt(from, other, p)] ?? 0),
    ),
  }))
  return { variables: [...names], origin: at.map((from) => moments.origin[from] ?? 0), groups }
}
