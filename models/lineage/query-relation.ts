/** The relation a query makes: its columns with their origins, and what decides its rows. */
import { ofAll, originsOf } from './expression-origins.ts'
import { byName, renamed, scopeOf, shownBy } from './from-clause.ts'
import { allOf, type Origins, together } from './origins.ts'
import { QueryUnresolved } from './query-unresolved.ts'
import { type Context, lower, type OutputColumn, type Relation, type Scope } from './scope.ts'
import type { Expression, Modifier, Query, Recursive, Select, SetOperation } from './sql-tree.ts'
import { starColumns } from './star-columns.ts'

/** Throws QueryUnresolved when a table or column in it is unknown. */
export function relationOf(query: Query, outside: Context): Relation {
  const context = withExpressions(query, outside)
  switch (query.type) {
    case 'SELECT_NODE':
      return selected(query, context)
    case 'SET_OPERATION_NODE':
      return combined(query, context)
    case 'RECURSIVE_CTE_NODE':
      return repeated(query, context)
    default:
      throw new QueryUnresolved(
        context.model,
        `its query is a ${(query as { type: string }).type}, which lineage cannot follow; write it as a select.`,
      )
  }
}

/** Each common table expression sees those before it. */
function withExpressions(query: Query, context: Context): Context {
  return query.cte_map.map.reduce((before: Context, { key, value }) => {
    const relation = renamed(relationOf(value.query.node, before), value.aliases)
    return { ...before, expressions: new Map([...before.expressions, [lower(key), relation]]) }
  }, context)
}

function selected(query: Select, context: Context): Relation {
  const shown = shownBy(query.from_table, context)
  const items = selectList(query.select_list, scopeOf(shown, context))
  const aliases = aliasesOf(items)
  const scope: Scope = { ...scopeOf(shown, context), aliases }
  const groups = [
    ...query.group_expressions.map((each) => placeOf(each, items) ?? originsOf(each, scope)),
    ...(query.aggregate_handling === 'FORCE_AGGREGATES' ? ungrouped(query, scope) : []),
  ]
  // A list unfolded in one column decides how many rows there are of all.
  const unfolded = query.select_list.filter((each) => callsOf(each).includes('unnest'))
  const conditions = ofAll([query.where_clause, query.having, query.qualify, ...unfolded], scope)
  const rows = allOf([conditions, ...groups, ...modifiersOf(query.modifiers, items, scope)])
  return {
    alias: '',
    schema: '',
    columns: byName(items),
    rows: new Set([...shown.rows, ...rows]),
  }
}

/** Later columns may use the names of earlier ones. */
function selectList(list: readonly Expression[], scope: Scope): OutputColumn[] {
  return list.reduce((items: OutputColumn[], each) => {
    const known = { ...scope, aliases: aliasesOf(items) }
    if (each.class !== 'STAR') return [...items, { name: nameOf(each), origins: originsOf(each, known) }]
    const replaced = new Map(each.replace_list.map(({ key, value }) => [lower(key), value]))
    const columns = starColumns(each, known).map(({ name, origins }) => {
      const value = replaced.get(lower(name))
      return { name, origins: value === undefined ? origins : originsOf(value, known) }
    })
    return [...items, ...columns]
  }, [])
}

function aliasesOf(items: readonly OutputColumn[]): Map<string, Origins> {
  return new Map(items.map(({ name, origins }) => [lower(name), origins]))
}

function nameOf(expression: Expression): string {
  if (expression.alias !== '') return expression.alias
  if (expression.class === 'COLUMN_REF') return expression.column_names.at(-1) ?? ''
  return expression.class === 'FUNCTION' ? `${expression.function_name}()` : ''
}

/** `group by 2`, `order by 2`: the second column. */
function placeOf(expression: Expression, items: readonly OutputColumn[]): Origins | undefined {
  const place = expression.class === 'CONSTANT' ? expression.value.value : undefined
  return typeof place === 'number' ? items[place - 1]?.origins : undefined
}

/** What `group by all` groups by: the columns without an aggregate. */
function ungrouped({ select_list: list }: Select, scope: Scope): Origins[] {
  const { aggregates } = scope.context
  return list
    .filter((each) => each.class === 'WINDOW' || !callsOf(each).some((name) => aggregates.has(name)))
    .map((each) => originsOf(each, scope))
}

/** Names of the functions called anywhere in an expression. */
function callsOf(expression: Expression): string[] {
  return [...JSON.stringify(expression).matchAll(/"function_name":"([^"]+)"/g)].map(([, name]) => lower(name))
}

function modifiersOf(
  modifiers: readonly Modifier[],
  items: readonly OutputColumn[],
  scope: Scope,
): Origins[] {
  const ordering = { ...scope, aliasesFirst: true }
  const all = items.map(({ origins }) => origins)
  const one = (each: Expression) =>
    each.class === 'STAR' ? together(all) : (placeOf(each, items) ?? originsOf(each, ordering))
  return modifiers.flatMap((modifier) => {
    if (modifier.type === 'ORDER_MODIFIER') return modifier.orders.map(({ expression }) => one(expression))
    if (modifier.type !== 'DISTINCT_MODIFIER') return [ofAll([modifier.limit, modifier.offset], scope)]
    const { distinct_on_targets: on } = modifier
    return on.length === 0 ? all : on.map(one)
  })
}

function combined(query: SetOperation, context: Context): Relation {
  const left = relationOf(query.left, context)
  const right = relationOf(query.right, context)
  const united = query.setop_type === 'UNION' || query.setop_type === 'UNION_BY_NAME'
  const columns = united ? unitedColumns(left, right, query.setop_type === 'UNION_BY_NAME') : left.columns
  const items = [...columns.values()]
  const scope: Scope = {
    ...scopeOf({ relations: [left, right], merged: aliasesOf(items) }, context),
    aliases: aliasesOf(items),
  }
  // Rows that are compared are compared by all their columns.
  const compared = united && query.setop_all ? [] : [...items, ...right.columns.values()]
  const rows = allOf([
    ...compared.map(({ origins }) => origins),
    ...modifiersOf(query.modifiers, items, scope),
  ])
  return { alias: '', schema: '', columns, rows: new Set([...left.rows, ...right.rows, ...rows]) }
}

function unitedColumns(left: Relation, right: Relation, matched: boolean): Relation['columns'] {
  const others = [...right.columns.values()]
  const columns = [...left.columns.values()].map(({ name, origins }, index) => {
    const other = matched ? right.columns.get(lower(name)) : others[index]
    return { name, origins: together(other === undefined ? [origins] : [origins, other.origins]) }
  })
  return byName(matched ? [...columns, ...others] : columns)
}

/** The recursive part sees what it makes, so its origins are followed until nothing is added. */
function repeated(query: Recursive, context: Context): Relation {
  const start = renamed(relationOf(query.left, context), query.aliases)
  for (let known = start, size = -1; ;) {
    const expressions = new Map([...context.expressions, [lower(query.cte_name), known]])
    const next = relationOf(query.right, { ...context, expressions })
    const columns = unitedColumns(known, next, false)
    const compared = query.union_all ? [] : [...columns.values()].map(({ origins }) => origins)
    known = {
      ...start,
      columns,
      rows: new Set([...known.rows, ...next.rows, ...allOf(compared)]),
    }
    const grown =
      known.rows.size + [...columns.values()].reduce((sum, { origins }) => sum + sizeOf(origins), 0)
    if (grown === size) return known
    size = grown
  }
}

function sizeOf({ value, filter }: Origins): number {
  return value.size + filter.size
}
