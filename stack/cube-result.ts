/** A query's rows as Cube's REST answers them; the native addon does this where it is present. */

/** What the gateway hands over: one query's rows, or several (`results` is there then). */
export type GatewayResult = {
  readonly isWrapper: true
  readonly results?: readonly unknown[]
  getRawData(): Buffer[]
  getTransformData(): Transform[]
  getRootResultObject(): unknown
}

type Transform = {
  readonly aliasToMemberNameMap: Readonly<Record<string, string>>
  readonly annotation: Readonly<Record<string, { readonly type?: string }>>
  readonly query: Query
  readonly queryType: 'regularQuery' | 'compareDateRangeQuery' | 'blendingQuery'
  readonly resType?: 'default' | 'compact' | 'columnar'
}

type Query = {
  readonly measures?: readonly string[]
  readonly dimensions?: readonly string[]
  readonly timeDimensions?: readonly TimeDimension[]
}

type TimeDimension = {
  readonly dimension: string
  readonly granularity?: string | null
  readonly dateRange?: readonly string[]
}

type Columns = { readonly members: readonly string[]; readonly columns: readonly (readonly unknown[])[] }
type Row = Record<string, unknown>
type Root = Readonly<Record<string, unknown>>

export function isGatewayResult(message: unknown): message is GatewayResult {
  return (
    typeof message === 'object' && message !== null && 'isWrapper' in message && message.isWrapper === true
  )
}

/** The final JSON value: one answer, or for a `multi` request all of them with the query to pivot them by. */
export function finalResult(message: GatewayResult): unknown {
  const transforms = message.getTransformData()
  const roots = message.getRootResultObject() as readonly Root[]
  const results = message.getRawData().map((raw, index) => {
    const transform = transforms[index]
    if (transform === undefined) throw new Error('[cube] a result came without its query.')
    return { ...roots[index], data: shaped(transform, JSON.parse(raw.toString('utf8')) as Columns) }
  })
  if (message.results === undefined) return results[0]
  return {
    queryType: transforms[0]?.queryType,
    results,
    pivotQuery: pivotQuery(transforms),
    slowQuery: roots.some((root) => root['slowQuery'] === true),
  }
}

function shaped(transform: Transform, columns: Columns): unknown {
  const rows = memberRows(transform, columns)
  if (transform.resType !== 'compact' && transform.resType !== 'columnar') return rows
  const members = Object.keys(rows[0] ?? {})
  return transform.resType === 'compact'
    ? { members, dataset: rows.map((row) => members.map((member) => row[member])) }
    : { members, columns: members.map((member) => rows.map((row) => row[member])) }
}

function memberRows(transform: Transform, { members, columns }: Columns): Row[] {
  const rows: Row[] = Array.from({ length: columns[0]?.length ?? 0 }, () => ({}))
  members.forEach((alias, index) => {
    const member = transform.aliasToMemberNameMap[alias] ?? alias
    const type = transform.annotation[member]?.type
    if (type === undefined) throw new Error(`[cube] member ${member} is not public.`)
    const names = [member, ...shortNames(transform, member)]
    columns[index]?.forEach((value, at) => {
      for (const name of names) (rows[at] ?? {})[name] = type === 'time' ? localTime(value) : value
    })
  })
  const range = transform.query.timeDimensions?.[0]?.dateRange
  if (transform.queryType === 'compareDateRangeQuery')
    for (const row of rows) row['compareDateRange'] = range?.join(' - ')
  return rows
}

/** A time dimension with a granularity is answered under its plain name too, and under `time` when several queries are blended. */
function shortNames({ query, queryType }: Transform, member: string): string[] {
  const [view, name, granularity] = member.split('.')
  if (granularity === undefined) return []
  const plain = `${view}.${name}`
  return [
    ...(query.dimensions?.includes(plain) === true ? [] : [plain]),
    ...(queryType === 'blendingQuery' ? [`time.${granularity}`, 'time'] : []),
  ]
}

/** Cube's times are wall clock times of the query's zone, without an offset. */
function localTime(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/Z$/, '') : value
}

function pivotQuery(transforms: readonly Transform[]): unknown {
  const first = transforms[0]
  if (first === undefined || first.queryType === 'regularQuery') return first?.query
  const dimensions = [...new Set(transforms.flatMap(({ query }) => query.dimensions ?? []))]
  if (first.queryType === 'compareDateRangeQuery')
    return { ...first.query, dimensions: ['compareDateRange', ...dimensions] }
  const granularity = first.query.timeDimensions?.[0]?.granularity
  return {
    measures: transforms.flatMap(({ query }) => query.measures ?? []),
    dimensions,
    timeDimensions: [{ dimension: 'time', granularity }],
  }
}
