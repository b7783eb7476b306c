/** Cards in, Cube model out: per metric a private cube with the additive measures and a public view with the governed ones. */
import type { MetricCard, Part } from './card.ts'
import { tableSql } from './compile-sql.ts'
import { estimateSql } from './estimator-sql.ts'
import { identifierSql, predicateSql } from './predicate.ts'

/** A file of the model, as Cube's `repositoryFactory` wants it. */
export type CubeFile = { readonly fileName: string; readonly content: string }

type Member = { readonly name: string; readonly title?: string; readonly [property: string]: unknown }

/** The one-row table that tells which published version answers; whoever serves the model provides it beside the models. */
export const publishedVersionTable = 'published_version'

/**
 * One `.yml` file per card holding JSON (which is YAML), printed over many lines: two braces in a row would be taken for a Jinja template.
 * View `nps` has the measures `nps, nps_n, nps_low, nps_high, nps_suppressed, nps_dropped, nps_version, nps_published_version`.
 */
export function compileCube(cards: readonly MetricCard[]): CubeFile[] {
  return cards.map((card) => ({
    fileName: `${card.name}.yml`,
    content: JSON.stringify({ cubes: [cube(card)], views: [view(card)] }, null, 1),
  }))
}

/** Public members of a card's view: what a query may name. */
export function viewMembers(card: MetricCard): string[] {
  return [...governedMeasures(card), ...dimensions(card)].map(({ name }) => `${card.name}.${name}`)
}

function cube(card: MetricCard) {
  return {
    name: cubeName(card),
    sql: `SELECT *, ${predicateSql(card.valid)} AS _valid FROM ${tableSql(card.model)} WHERE ${predicateSql(card.population)}`,
    public: false,
    refresh_key: { every: '1 hour' },
    dimensions: dimensions(card),
    measures: [...partMeasures(card), ...governedMeasures(card)],
  }
}

function view(card: MetricCard) {
  const { title, meaning, owner, status, version, effectiveFrom, minimumN, confidence, unit, estimator } =
    card
  return {
    name: card.name,
    title: bilingual(title),
    description: bilingual(meaning),
    public: true,
    meta: {
      title,
      meaning,
      owner,
      status,
      version,
      effectiveFrom,
      minimumN,
      confidence,
      unit,
      interval: estimator.interval,
    },
    cubes: [
      {
        join_path: cubeName(card),
        includes: [...governedMeasures(card), ...dimensions(card)].map(({ name }) => name),
      },
    ],
  }
}

function dimensions(card: MetricCard): Member[] {
  const { time } = card
  const column = `{CUBE}.${identifierSql(time.column)}`
  // A local date has no instant: noon UTC falls on that date in every zone from −12:00 to +11:59.
  const instant = time.kind === 'date' ? `CAST(${column} AS TIMESTAMP) + INTERVAL 12 HOUR` : column
  return [
    ...Object.entries(card.dimensions).map(([name, { title }]) => ({
      name,
      sql: `{CUBE}.${identifierSql(name)}`,
      type: 'string',
      title: bilingual(title),
      meta: { title },
    })),
    {
      name: time.column,
      sql: `timezone('UTC', ${instant})`,
      type: 'time',
      title: bilingual(time.title),
      meta: { title: time.title },
    },
  ]
}

function partMeasures(card: MetricCard): Member[] {
  const valid = { sql: '{CUBE}._valid' }
  return [
    ...Object.entries(card.parts).map(([name, part]) => ({
      name: partName(name),
      ...countOf(part),
      filters: [valid, ...(part.where === undefined ? [] : [{ sql: predicateSql(part.where) }])],
      public: false,
    })),
    { name: 'rows_valid', type: 'count', filters: [valid], public: false },
    { name: 'rows_population', type: 'count', public: false },
  ]
}

function countOf(part: Part) {
  return part.count === 'rows'
    ? { type: 'count' }
    : { type: 'count_distinct', sql: `{CUBE}.${identifierSql(part.column)}` }
}

function governedMeasures(card: MetricCard): Member[] {
  const answer = estimateSql(card, (name) => `{${partName(name)}}`)
  const format = card.format === 'percent' ? { format: 'percent' } : {}
  // Constants are tied to a count so that they stay one row per group.
  const constant = (sql: string) => `${sql} + 0 * {rows_population}`
  const measure = (suffix: string, sql: string, [en, zh]: readonly [string, string], more = {}): Member => ({
    name: `${card.name}${suffix}`,
    sql,
    type: 'number',
    title: `${card.title.en}${en} · ${card.title.zh}${zh}`,
    meta: { title: { en: `${card.title.en}${en}`, zh: `${card.title.zh}${zh}` } },
    ...more,
  })
  return [
    measure('', answer.value, ['', ''], { description: bilingual(card.meaning), ...format }),
    measure('_n', answer.n, [': observations', '：样本量']),
    measure('_low', answer.low, [': lower bound', '：区间下限'], format),
    measure('_high', answer.high, [': upper bound', '：区间上限'], format),
    measure('_suppressed', answer.suppressed, [': withheld', '：是否隐去'], { type: 'boolean' }),
    measure('_dropped', '{rows_population} - {rows_valid}', [': rows dropped', '：剔除行数']),
    measure('_version', constant(String(card.version)), [': definition version', '：口径版本']),
    measure(
      '_published_version',
      constant(`(SELECT max(version) FROM ${identifierSql(publishedVersionTable)})`),
      [': data version', '：数据版本'],
    ),
  ]
}

function cubeName(card: MetricCard): string {
  return `${card.name}_rows`
}

function partName(name: string): string {
  return `part_${name}`
}

function bilingual({ en, zh }: { readonly en: string; readonly zh: string }): string {
  return `${en} · ${zh}`
}
