/** The equations around a hidden cell: everything hidden that a chain of sums ties to it, with what is published moved to the right. */
import type { TableCell, TableWithTotals } from './table.ts'

/** One sum as Σ sign·n = 0 over all its cells. */
type Relation = readonly (readonly [id: string, sign: 1 | -1])[]

/** A table indexed once for many questions. */
export type IndexedTable = {
  readonly cells: readonly TableCell[]
  readonly counts: ReadonlyMap<string, number>
  readonly relations: readonly Relation[]
  readonly relationsOf: ReadonlyMap<string, readonly number[]>
}

export type Equation = { readonly terms: Relation; readonly right: number }

export type Component = {
  /** Hidden cells, the one asked for first. */
  readonly cells: readonly string[]
  readonly equations: readonly Equation[]
}

export function indexed({ cells, sums }: TableWithTotals): IndexedTable {
  const relations = sums.map(({ total, parts }): Relation => [
    [total, -1],
    ...parts.map((id) => [id, 1] as const),
  ])
  const relationsOf = new Map<string, number[]>(cells.map(({ id }) => [id, []]))
  for (const [r, relation] of relations.entries()) for (const [id] of relation) relationsOf.get(id)?.push(r)
  return { cells, counts: new Map(cells.map(({ id, n }) => [id, n])), relations, relationsOf }
}

/** Walks from a hidden cell through the sums it is in to the hidden cells of these, and so on. */
export function componentOf(table: IndexedTable, hidden: ReadonlySet<string>, start: string): Component {
  const cells = new Set([start])
  const seen = new Set<number>()
  const equations: Equation[] = []
  // A set grows while it is walked: cells found are visited too.
  for (const id of cells)
    for (const r of table.relationsOf.get(id) ?? []) {
      if (seen.has(r)) continue
      seen.add(r)
      const relation = table.relations[r] ?? []
      const terms = relation.filter(([cell]) => hidden.has(cell))
      for (const [cell] of terms) cells.add(cell)
      const published = relation.filter(([cell]) => !hidden.has(cell))
      equations.push({
        terms,
        right: -published.reduce((so, [cell, sign]) => so + sign * (table.counts.get(cell) ?? 0), 0),
      })
    }
  return { cells: [...cells], equations }
}
