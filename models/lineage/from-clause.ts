/** FROM: the relations it shows, the columns `using` merges, and what decides its rows. */
import { ofAll } from './expression-origins.ts'
import { allOf, type Origins, together } from './origins.ts'
import { QueryUnresolved } from './query-unresolved.ts'
import { type Context, lower, type OutputColumn, type Relation, resolve, type Scope } from './scope.ts'
import type { From, Join } from './sql-tree.ts'

export type Shown = Pick<Scope, 'relations' | 'merged'> & { readonly rows: ReadonlySet<string> }

const empty: Shown = { relations: [], merged: new Map(), rows: new Set() }

export function shownBy(from: From, context: Context): Shown {
  switch (from.type) {
    case 'EMPTY':
      return empty
    case 'JOIN':
      return joined(from, context)
    case 'BASE_TABLE': {
      const { schema_name: schema, table_name: name, alias } = from
      const expression = schema === '' ? context.expressions.get(lower(name)) : undefined
      const relation = expression ?? context.table(schema, name)
      const named = alias === '' ? { alias: name, schema } : { alias, schema: '' }
      return alone({ ...renamed(relation, from.column_name_alias), ...named })
    }
    case 'SUBQUERY': {
      const relation = context.relationOf(from.subquery.node, context)
      return alone({ ...renamed(relation, from.column_name_alias), alias: from.alias, schema: '' })
    }
    case 'TABLE_FUNCTION':
      return alone(functionRelation(from, context))
    case 'EXPRESSION_LIST': {
      const scope = scopeOf(empty, context)
      const [first = []] = from.values
      const columns = first.map((_, index) => ({
        name: from.expected_names[index] ?? `col${index}`,
        origins: ofAll(
          from.values.map((row) => row[index] ?? null),
          scope,
        ),
      }))
      return alone({ alias: from.alias, schema: '', columns: byName(columns), rows: new Set() })
    }
    default:
      throw new QueryUnresolved(
        context.model,
        `its query reads from ${(from as { type: string }).type}, which lineage cannot follow; write it as a select.`,
      )
  }
}

export function scopeOf(shown: Pick<Shown, 'relations' | 'merged'>, context: Context): Scope {
  return { context, relations: shown.relations, merged: shown.merged, aliases: new Map() }
}

function alone(relation: Relation): Shown {
  return { relations: [relation], merged: new Map(), rows: relation.rows }
}

/** The right side may name columns of the left. */
function joined(join: Join, context: Context): Shown {
  const left = shownBy(join.left, context)
  const right = shownBy(join.right, { ...context, outer: scopeOf(left, context) })
  const shared = join.ref_type === 'NATURAL' ? common(left, right) : join.using_columns
  const key = (name: string) => {
    const here = resolve([name], scopeOf(left, context))
    const there = resolve([name], scopeOf(right, context))
    const value =
      join.join_type === 'RIGHT' ? there : join.join_type === 'FULL' ? together([here, there]) : here
    return { name, value, both: [here, there] }
  }
  const keys = shared.map(key)
  const merged = new Map([
    ...left.merged,
    ...right.merged,
    ...keys.map(({ name, value }): [string, Origins] => [lower(name), value]),
  ])
  const both = { relations: [...left.relations, ...right.relations], merged }
  const condition = ofAll([join.condition], scopeOf(both, context))
  const rows = new Set([
    ...left.rows,
    ...right.rows,
    ...allOf([condition, ...keys.flatMap((each) => each.both)]),
  ])
  const onlyLeft = join.join_type === 'SEMI' || join.join_type === 'ANTI'
  return onlyLeft ? { relations: left.relations, merged: left.merged, rows } : { ...both, rows }
}

function common(left: Shown, right: Shown): string[] {
  const there = new Set(right.relations.flatMap(({ columns }) => [...columns.keys()]))
  return left.relations.flatMap(({ columns }) => [...columns.keys()]).filter((name) => there.has(name))
}

/** Table functions with one column, whose name is theirs. */
const single = new Set(['unnest', 'range', 'generate_series', 'generate_subscripts'])

function functionRelation(from: Extract<From, { type: 'TABLE_FUNCTION' }>, context: Context): Relation {
  const name = from.function.function_name
  const origins = ofAll([from.function], scopeOf(empty, context))
  const names = from.column_name_alias.length > 0 ? from.column_name_alias : single.has(name) ? [name] : []
  const columns = byName(names.map((each) => ({ name: each, origins })))
  const alias = from.alias === '' ? name : from.alias
  const rows = allOf([origins])
  return single.has(name)
    ? { alias, schema: '', columns, rows }
    : { alias, schema: '', columns, rows, open: origins }
}

/** A relation whose first columns have other names. */
export function renamed(relation: Relation, names: readonly string[]): Relation {
  if (names.length === 0) return relation
  const columns = [...relation.columns.values()].map(({ name, origins }, index) => ({
    name: names[index] ?? name,
    origins,
  }))
  return { ...relation, columns: byName(columns) }
}

/** Of two columns with one name, the first is meant. */
export function byName(columns: readonly OutputColumn[]): Map<string, OutputColumn> {
  const named = new Map<string, OutputColumn>()
  for (const column of columns) if (!named.has(lower(column.name))) named.set(lower(column.name), column)
  return named
}
