/** The columns that `*`, `table.*` and `columns(*)` stand for. */
import type { Origins } from './origins.ts'
import { QueryUnresolved } from './query-unresolved.ts'
import { lower, type OutputColumn, type Scope } from './scope.ts'
import type { Star } from './sql-tree.ts'

/** In order; a column that `using` merged comes once. Replaced columns still have the origins of the column they replace. */
export function starColumns(star: Star, scope: Scope): OutputColumn[] {
  const { context, merged } = scope
  if (star.expr !== null || star.rename_list.length > 0 || star.qualified_exclude_list.length > 0)
    throw new QueryUnresolved(
      context.model,
      'its query picks columns by a pattern or renames them in a star, which lineage cannot follow; name the columns.',
    )
  const relations = scope.relations.filter(
    ({ alias }) => star.relation_name === '' || lower(alias) === lower(star.relation_name),
  )
  if (relations.length === 0 || relations.some(({ open }) => open !== undefined))
    throw new QueryUnresolved(
      context.model,
      `its query selects all columns of ${star.relation_name || 'a table function'}, which are not known here; name them.`,
    )
  const excluded = new Set(star.exclude_list.map(lower))
  const columns = relations.flatMap((relation) => [...relation.columns.values()])
  const seen = new Set<string>()
  return columns.flatMap(({ name, origins }) => {
    const key = lower(name)
    const shared: Origins | undefined = star.relation_name === '' ? merged.get(key) : undefined
    if (excluded.has(key) || (shared !== undefined && seen.has(key))) return []
    seen.add(key)
    return [{ name, origins: shared ?? origins }]
  })
}
