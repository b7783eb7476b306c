/** The margins a raking must meet, checked against the cells that are there. */
import { notFinite } from '#statistics/argument-checks.ts'
import { neumaierSum } from '#statistics/algebra/index.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

export type RakingCell = {
  /** Category by dimension. */
  readonly categories: Readonly<Record<string, string>>
  /** Base weight of all its respondents together. */
  readonly weight: number
  /** Respondents. */
  readonly n: number
}

/** Target by dimension and category. */
export type MarginMap = Readonly<Record<string, Readonly<Record<string, number>>>>

export type Margin = {
  readonly dimension: string
  readonly categories: readonly string[]
  readonly targets: readonly number[]
  /** Cells of each category. */
  readonly members: readonly (readonly number[])[]
}

export function marginsOf(cells: readonly RakingCell[], margins: MarginMap): Margin[] | Refusal {
  const refused = notCells(cells) ?? notMargins(margins)
  if (refused) return refused
  const parsed: Margin[] = []
  for (const [dimension, targetsOf] of Object.entries(margins)) {
    const stray = cells.find((cell) => !Object.hasOwn(targetsOf, cell.categories[dimension] ?? ''))
    if (stray)
      return refuse(
        'mismatch',
        `[rake] category ${stray.categories[dimension]} of ${dimension} has no target; give one or merge it.`,
      )
    const categories = Object.keys(targetsOf)
    const members = categories.map((category) =>
      cells.flatMap((cell, i) => (cell.categories[dimension] === category && cell.weight > 0 ? [i] : [])),
    )
    const empty = categories.findIndex(
      (category, c) => (targetsOf[category] ?? 0) > 0 && members[c]?.length === 0,
    )
    if (empty >= 0)
      return refuse(
        'empty-cell',
        `[rake] category ${categories[empty]} of ${dimension} has a target but no respondents; merge it with another.`,
      )
    parsed.push({
      dimension,
      categories,
      targets: categories.map((category) => targetsOf[category] ?? 0),
      members,
    })
  }
  return parsed
}

function notCells(cells: readonly RakingCell[]): Refusal | undefined {
  for (const [i, { weight, n }] of cells.entries()) {
    const refused = notFinite('rake', { weight, n })
    if (refused) return refused
    if (weight < 0 || n < 0)
      return refuse('no-weight', `[rake] cell ${i} has weight ${weight} and n ${n}; both must be at least 0.`)
    if (n === 0 && weight > 0)
      return refuse('mismatch', `[rake] cell ${i} has weight ${weight} but no respondents; check n.`)
  }
  return cells.some((cell) => cell.weight > 0)
    ? undefined
    : refuse('no-weight', '[rake] no cell has weight; give respondents.')
}

function notMargins(margins: MarginMap): Refusal | undefined {
  const dimensions = Object.entries(margins)
  if (dimensions.length === 0) return refuse('too-few', '[rake] no margins; give at least one dimension.')
  const totals: number[] = []
  for (const [dimension, targets] of dimensions) {
    const refused = notFinite('rake', targets)
    if (refused) return refused
    if (Object.values(targets).some((target) => target < 0))
      return refuse(
        'out-of-range',
        `[rake] a target of ${dimension} is negative; targets are population totals.`,
      )
    totals.push(neumaierSum(Object.values(targets)))
  }
  const [first = 0] = totals
  if (first <= 0) return refuse('out-of-range', '[rake] the targets sum to 0; give population totals.')
  const odd = totals.findIndex((total) => Math.abs(total - first) > 1e-9 * first)
  return odd < 0
    ? undefined
    : refuse(
        'mismatch',
        `[rake] ${dimensions[odd]?.[0]} sums to ${totals[odd]}, ${dimensions[0]?.[0]} to ${first}; margins must agree in total.`,
      )
}
