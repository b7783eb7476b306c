/** What HubSpot's search finds: groups of filters joined by or, filters by and, one sort. */
import { firstIndex } from './first-index.ts'
import type { HubspotRow } from './hubspot-objects.ts'

type Filter = { propertyName: string; operator: string; value?: string; values?: string[] }
type Sort = { propertyName: string; direction?: 'ASCENDING' | 'DESCENDING' }
export type Question = {
  filterGroups?: { filters: Filter[] }[]
  sorts?: Sort[]
  properties?: string[]
  limit?: number
  after?: string | number
}

/** The matching rows, sorted as asked. `all` is in order of change, which bounds on the time of change make use of. */
export function findRows(
  object: string,
  all: readonly HubspotRow[],
  question: Question,
): readonly HubspotRow[] {
  const { filterGroups = [], sorts = [] } = question
  const [group, ...others] = filterGroups
  const { rows, filters } =
    group === undefined || others.length > 0
      ? { rows: all, filters: [] }
      : narrowed(object, all, group.filters)
  const groups = others.length > 0 ? filterGroups.map((one) => one.filters) : [filters]
  const hits = groups.some((one) => one.length === 0)
    ? rows
    : rows.filter((row) => groups.some((one) => one.every((filter) => holds(object, row, filter))))
  const [sort] = sorts
  return sort === undefined || isByChange(object, sort) ? hits : sorted(object, hits, sort)
}

/** The stretch of rows that a bound below on the time of change leaves, and the filters still to be looked at. */
function narrowed(
  object: string,
  all: readonly HubspotRow[],
  filters: readonly Filter[],
): { rows: readonly HubspotRow[]; filters: readonly Filter[] } {
  const at = filters.findIndex(
    ({ propertyName, operator, value = '' }) =>
      propertyName === modifiedName(object) && ['GTE', 'EQ'].includes(operator) && /^\d+$/.test(value),
  )
  const bound = filters[at]
  if (bound === undefined) return { rows: all, filters }
  const time = Number(bound.value)
  const from = firstIndex(all, ({ modified }) => modified >= time)
  const to = bound.operator === 'GTE' ? all.length : firstIndex(all, ({ modified }) => modified > time)
  return { rows: all.slice(from, to), filters: filters.toSpliced(at, 1) }
}

export function modifiedName(object: string): string {
  return object === 'contacts' ? 'lastmodifieddate' : 'hs_lastmodifieddate'
}

/** A property as search compares it: times and ids as numbers. */
function valueOf(object: string, row: HubspotRow, name: string): number | string | null {
  if (name === modifiedName(object)) return row.modified
  if (name === 'hs_object_id') return row.id
  if (name === 'createdate') return row.createdAt.getTime()
  return row.properties()[name] ?? null
}

function holds(
  object: string,
  row: HubspotRow,
  { propertyName, operator, value = '', values = [] }: Filter,
): boolean {
  const actual = valueOf(object, row, propertyName)
  if (operator === 'HAS_PROPERTY') return actual !== null
  if (actual === null) return operator === 'NOT_HAS_PROPERTY'
  const wanted = typeof actual === 'number' && !/^\d+$/.test(value) ? Date.parse(value) : value
  const difference =
    typeof actual === 'number' ? actual - Number(wanted) : actual < value ? -1 : Number(actual > value)
  switch (operator) {
    case 'EQ':
      return difference === 0
    case 'NEQ':
      return difference !== 0
    case 'GT':
      return difference > 0
    case 'GTE':
      return difference >= 0
    case 'LT':
      return difference < 0
    case 'LTE':
      return difference <= 0
    case 'IN':
      return values.includes(String(actual))
    default:
      return false
  }
}

function isByChange(object: string, { propertyName, direction }: Sort): boolean {
  return propertyName === modifiedName(object) && direction !== 'DESCENDING'
}

/** One rule only; rows that tie stay in whatever order they are in. */
function sorted(
  object: string,
  rows: readonly HubspotRow[],
  { propertyName, direction }: Sort,
): HubspotRow[] {
  const sign = direction === 'DESCENDING' ? -1 : 1
  return rows.toSorted((a, b) => {
    const [x, y] = [valueOf(object, a, propertyName), valueOf(object, b, propertyName)]
    return sign * (x === y ? 0 : (x ?? '') < (y ?? '') ? -1 : 1)
  })
}
