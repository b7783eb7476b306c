/** A published table with its totals: cells, and the sums that an attacker knows to hold between them. */
import { notCount } from '#statistics/argument-checks.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

export type TableCell = {
  readonly id: string
  /** Respondents behind the cell. */
  readonly n: number
}

/** n of `total` = Σ n of `parts`. */
export type TableSum = { readonly total: string; readonly parts: readonly string[] }

export type TableWithTotals = { readonly cells: readonly TableCell[]; readonly sums: readonly TableSum[] }

/** Category that stands for "all" in ids of `marginTable`. */
export const ALL = 'Σ'

export function notTable(where: string, { cells, sums }: TableWithTotals): Refusal | undefined {
  const known = new Map(cells.map((cell) => [cell.id, cell.n]))
  if (known.size === 0) return refuse('too-few', `[${where}] the table has no cells; give at least one.`)
  if (known.size < cells.length) return refuse('mismatch', `[${where}] cell ids repeat; give each cell once.`)
  for (const { id, n } of cells) {
    const refused = notCount(where, { [`n of ${id}`]: n })
    if (refused) return refused
  }
  for (const { total, parts } of sums) {
    const stray = [total, ...parts].find((id) => !known.has(id))
    if (stray !== undefined)
      return refuse('mismatch', `[${where}] a sum names cell ${stray}, which the table does not have.`)
    const sum = parts.reduce((so, id) => so + (known.get(id) ?? 0), 0)
    if (sum !== known.get(total))
      return refuse(
        'mismatch',
        `[${where}] the parts of ${total} sum to ${sum}, not ${known.get(total)}; give every part, an "other" included.`,
      )
  }
  return undefined
}

/**
 * All margins of a cross-classified table: one cell per combination of categories with `Σ` for "all", and every sum along every dimension.
 * `leaves` give n of the finest cells; combinations not given count 0. Ids are the categories joined by `/` in the order of `dimensions`.
 * Refuses no dimensions, a leaf that lacks a dimension or repeats, categories named `Σ` or containing `/`, and counts that are not whole.
 * Source: Willenborg & de Waal (2001), Elements of Statistical Disclosure Control, ch. 1 on tables with marginal totals.
 * @example
 * const leaves = [{ of: { region: 'n', month: '1' }, n: 4 }, { of: { region: 's', month: '1' }, n: 20 }]
 * marginTable({ dimensions: ['region', 'month'], leaves }).cells // [{ id: 'n/1', n: 4 }, { id: 'n/Σ', n: 4 }, { id: 's/1', n: 20 }, { id: 's/Σ', n: 20 }, { id: 'Σ/1', n: 24 }, { id: 'Σ/Σ', n: 24 }]
 */
export function marginTable({
  dimensions,
  leaves,
}: {
  dimensions: readonly string[]
  leaves: readonly { readonly of: Readonly<Record<string, string>>; readonly n: number }[]
}): TableWithTotals | Refusal {
  if (dimensions.length === 0) return refuse('too-few', '[marginTable] no dimensions; give at least one.')
  const counts = new Map<string, number>()
  const categories = dimensions.map(() => new Set<string>())
  for (const { of, n } of leaves) {
    const path = dimensions.map((dimension) => of[dimension] ?? '')
    const broken = path.find((category) => category === '' || category === ALL || category.includes('/'))
    if (broken !== undefined)
      return refuse(
        'mismatch',
        `[marginTable] a leaf has category "${broken}"; name every dimension, without Σ and /.`,
      )
    const refused = notCount('marginTable', { [`n of ${path.join('/')}`]: n })
    if (refused) return refused
    if (counts.has(path.join('/')))
      return refuse('mismatch', `[marginTable] leaf ${path.join('/')} repeats; add its counts first.`)
    counts.set(path.join('/'), n)
    for (const [d, category] of path.entries()) categories[d]?.add(category)
  }
  for (const set of categories) set.add(ALL)
  const paths = categories.reduce<string[][]>(
    (so, set) => so.flatMap((head) => [...set].map((c) => [...head, c])),
    [[]],
  )
  const sums = sumsOf(paths, categories)
  for (const { total, parts } of sums)
    counts.set(
      total,
      parts.reduce((so, id) => so + (counts.get(id) ?? 0), 0),
    )
  return { cells: paths.map((path) => ({ id: path.join('/'), n: counts.get(path.join('/')) ?? 0 })), sums }
}

/** Every total along every dimension; those with fewer Σ first, so that parts are known before their total. */
function sumsOf(paths: readonly string[][], categories: readonly ReadonlySet<string>[]): TableSum[] {
  const stars = (path: readonly string[]) => path.filter((category) => category === ALL).length
  const ordered = [...paths].sort((a, b) => stars(a) - stars(b))
  return ordered.flatMap((path) =>
    path.flatMap((category, d) => {
      if (category !== ALL) return []
      const parts = [...(categories[d] ?? [])].filter((c) => c !== ALL)
      return [{ total: path.join('/'), parts: parts.map((c) => path.with(d, c).join('/')) }]
    }),
  )
}
