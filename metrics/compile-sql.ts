/** Card and request in, one DuckDB query out: the number as an analyst would write it by hand, with its interval and its minimum n. */
import type { MetricCard, Part } from './card.ts'
import { estimateSql } from './estimator-sql.ts'
import { identifierSql, predicateSql } from './predicate.ts'
import { checkRequest, type CheckedRequest, type MetricRequest } from './request.ts'

export type CompiledMetric = { readonly sql: string; readonly parameters: readonly (string | null)[] }

/**
 * One row per group, with columns `period` (when a grain is asked), the dimensions, then `value, n, low, high, suppressed, dropped, version, published_version`.
 * Reads the table named by `card.model`. `dropped` counts rows of the population that are not valid.
 */
export function compileSql(card: MetricCard, request: MetricRequest): CompiledMetric {
  const checked = checkRequest(card, request)
  const parameters: (string | null)[] = []
  const bind = (value: string | null) => `$${parameters.push(value)}`
  const groups = [
    ...(checked.grain === undefined ? [] : [periodSql(card, checked.grain, () => bind(checked.timezone))]),
    ...checked.by.map((name) => ({ name: identifierSql(name), sql: identifierSql(name) })),
  ]
  const conditions = [predicateSql(card.population), ...windowSql(card, checked, bind)]
  const answer = estimateSql(card, partName)
  const sql = [
    'WITH parts AS (',
    `  SELECT ${[...groups.map(({ name, sql }) => `${sql} AS ${name}`), ...partsSql(card)].join(',\n    ')}`,
    `  FROM (SELECT *, ${predicateSql(card.valid)} AS _valid FROM ${tableSql(card.model)})`,
    `  WHERE ${conditions.join('\n    AND ')}`,
    ...(groups.length > 0 ? ['  GROUP BY ALL'] : []),
    ')',
    `SELECT ${[
      ...groups.map(({ name }) => name),
      `${answer.value} AS "value"`,
      `${answer.n} AS n`,
      `${answer.low} AS low`,
      `${answer.high} AS high`,
      `${answer.suppressed} AS suppressed`,
      '_population - _valid_rows AS dropped',
      `${card.version} AS "version"`,
      `CAST(${checked.publishedVersion ?? 'NULL'} AS BIGINT) AS published_version`,
    ].join(',\n  ')}`,
    'FROM parts',
    ...(groups.length > 0 ? [`ORDER BY ${groups.map(({ name }) => `${name} NULLS LAST`).join(', ')}`] : []),
  ].join('\n')
  return { sql, parameters }
}

/** `xo.response_context` → `"xo"."response_context"`. */
export function tableSql(model: string): string {
  return model.split('.').map(identifierSql).join('.')
}

function partsSql(card: MetricCard): string[] {
  return [
    ...Object.entries(card.parts).map(([name, part]) => `${partSql(part)} AS ${partName(name)}`),
    'count(*) FILTER (WHERE _valid) AS _valid_rows',
    'count(*) AS _population',
  ]
}

/** Parts are columns apart from the dimensions, whatever those are called. */
function partName(name: string): string {
  return identifierSql(`_part_${name}`)
}

function partSql(part: Part): string {
  const counted = part.count === 'rows' ? '*' : `DISTINCT ${identifierSql(part.column)}`
  const condition = part.where === undefined ? '' : ` AND ${predicateSql(part.where)}`
  return `count(${counted}) FILTER (WHERE _valid${condition})`
}

function periodSql(card: MetricCard, grain: string, zone: () => string): { name: string; sql: string } {
  const column = identifierSql(card.time.column)
  const local = card.time.kind === 'date' ? column : `timezone(${zone()}, timezone('UTC', ${column}))`
  return { name: 'period', sql: `strftime(date_trunc('${grain}', ${local}), '%Y-%m-%d')` }
}

function windowSql(
  card: MetricCard,
  { from, to, where }: CheckedRequest,
  bind: (value: string | null) => string,
): string[] {
  const time = identifierSql(card.time.column)
  const type = card.time.kind === 'date' ? 'DATE' : 'TIMESTAMP'
  return [
    ...(from === undefined ? [] : [`${time} >= CAST(${bind(from)} AS ${type})`]),
    ...(to === undefined ? [] : [`${time} < CAST(${bind(to)} AS ${type})`]),
    ...where.map(([name, values]) => {
      const column = identifierSql(name)
      return `(${values.map((value) => (value === null ? `${column} IS NULL` : `${column} = ${bind(value)}`)).join(' OR ')})`
    }),
  ]
}
