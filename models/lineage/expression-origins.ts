/** Where the value of one SQL expression comes from. */
import { allOf, choosing, nothing, type Origins, together } from './origins.ts'
import { QueryUnresolved } from './query-unresolved.ts'
import { lower, resolve, type Scope } from './scope.ts'
import { starColumns } from './star-columns.ts'
import type { Case, Expression, FunctionCall, Lambda, Subquery, WindowCall } from './sql-tree.ts'

export function originsOf(expression: Expression, scope: Scope): Origins {
  switch (expression.class) {
    case 'COLUMN_REF':
      return resolve(expression.column_names, scope)
    case 'FUNCTION':
      return ofFunction(expression, scope)
    case 'WINDOW':
      return ofWindow(expression, scope)
    case 'CASE':
      return ofCase(expression, scope)
    case 'SUBQUERY':
      return ofSubquery(expression, scope)
    case 'STAR':
      return together(starColumns(expression, scope).map(({ origins }) => origins))
    case 'POSITIONAL_REFERENCE':
      throw new QueryUnresolved(
        scope.context.model,
        `its query names a column by its place, #${expression.index}; name it by its name.`,
      )
    default:
      return ofAll(partsOf(expression), scope)
  }
}

export function ofAll(expressions: readonly (Expression | null)[], scope: Scope): Origins {
  return together(expressions.flatMap((each) => (each === null ? [] : [originsOf(each, scope)])))
}

/** Aggregates that take their first argument of the row in which the second is extreme. */
const picking = /^(arg_?(max|min)(_null)?|max_by|min_by)$/

function ofFunction(call: FunctionCall, scope: Scope): Origins {
  const orders = call.order_bys.orders.map(({ expression }) => expression)
  const lambdas = call.children.filter((child) => child.class === 'LAMBDA')
  const chosen = picking.test(lower(call.function_name)) ? 1 : call.children.length
  const taken = call.children.slice(0, chosen).filter((child) => child.class !== 'LAMBDA')
  return together([
    ofAll(taken, scope),
    ...lambdas.map((lambda) => ofLambda(lambda, call.function_name, scope)),
    choosing(ofAll([...call.children.slice(chosen), ...orders, call.filter], scope)),
  ])
}

/** An arrow is a lambda inside functions over lists, and reads out of JSON elsewhere. */
function ofLambda({ lhs, expr }: Lambda, inside: string, scope: Scope): Origins {
  if (!/^(list|array)_|^(apply|filter|reduce)$/.test(lower(inside))) return ofAll([lhs, expr], scope)
  const names = lhs.class === 'FUNCTION' ? lhs.children : [lhs]
  const parameters = new Set(
    names.flatMap((name) => (name.class === 'COLUMN_REF' ? name.column_names.map(lower) : [])),
  )
  return originsOf(expr, { ...scope, parameters: new Set([...(scope.parameters ?? []), ...parameters]) })
}

function ofWindow(call: WindowCall, scope: Scope): Origins {
  const orders = [...call.orders, ...call.arg_orders].map(({ expression }) => expression)
  const chosen = picking.test(lower(call.function_name)) ? 1 : call.children.length
  const chooses = [...call.children.slice(chosen), ...call.partitions, ...orders, call.filter_expr]
  return together([
    ofAll([...call.children.slice(0, chosen), call.default_expr], scope),
    choosing(ofAll([...chooses, call.start_expr, call.end_expr, call.offset_expr], scope)),
  ])
}

/**
 * A condition only chooses where its branch takes a column's value; where the branch is a constant, the value is the condition recoded:
 * `case when late then 'late' end` is made of `late`, `case when late then price end` of `price`, as `late` chooses.
 */
function ofCase({ case_checks: checks, else_expr: otherwise }: Case, scope: Scope): Origins {
  const branches = checks.map(({ when_expr: when, then_expr: then }) => {
    const value = originsOf(then, scope)
    const recoded = allOf([value]).size === 0 && !isNull(then)
    const condition = originsOf(when, scope)
    return together([value, recoded ? condition : choosing(condition)])
  })
  return together([...branches, originsOf(otherwise, scope)])
}

function isNull(expression: Expression): boolean {
  if (expression.class === 'CONSTANT') return expression.value.is_null
  return expression.class === 'CAST' && partsOf(expression).every(isNull)
}

function ofSubquery({ subquery, child, subquery_type: kind }: Subquery, scope: Scope): Origins {
  const { context } = scope
  const { columns, rows } = context.relationOf(subquery.node, { ...context, outer: scope })
  const selected = together([...columns.values()].map(({ origins }) => origins))
  const decided = { value: nothing.value, filter: rows }
  // EXISTS asks for rows, whatever is selected of them.
  const value = kind === 'SCALAR' || kind === 'ANY' ? selected : nothing
  return together([value, decided, ofAll([child], scope)])
}

/** The expressions directly inside another. */
function partsOf(expression: Expression): Expression[] {
  return Object.values(expression)
    .flat()
    .filter(
      (part): part is Expression =>
        typeof part === 'object' &&
        part !== null &&
        'class' in (part as object) &&
        typeof (part as { class: unknown }).class === 'string',
    )
}
