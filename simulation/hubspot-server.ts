/** A stand-in of HubSpot's CRM search and listing: 200 on a page, one sort, nothing beyond the 10,000th hit, limits told by policy name. */
import type { Company } from './company.ts'
import { hubspotRows } from './hubspot-objects.ts'
import type { HubspotRow } from './hubspot-objects.ts'
import { standIn } from './stand-in.ts'
import type { Answer, Asked, StandIn, StandInOptions } from './stand-in.ts'

export type HubspotOptions = StandInOptions & {
  readonly token?: string
  /** When an object, by id, was archived: search does not find it, only the archive's listing does. */
  readonly archivedAt?: (object: string, id: string) => Date | undefined
}

const DEEPEST = 10_000
const CORRELATION = 'aeb5f871-7f07-4993-9211-075dc63e7cbf'

/** Serve the company's CRM: contacts, online orders as deals, chats as tickets, the `wechat` questionnaire as feedback. */
export function startHubspot(company: Company, options: HubspotOptions = {}): Promise<StandIn> {
  const token = options.token ?? 'pat-simulated-7c1d'
  const rows = hubspotRows(company)
  return standIn(
    {
      authorized: ({ headers }) => headers.authorization === `Bearer ${token}`,
      unauthorized: refusal(401, 'INVALID_AUTHENTICATION', 'Authentication credentials not found.'),
      answer: (asked) => answer(asked, rows, options.archivedAt ?? (() => undefined)),
    },
    options,
  )
}

/** What HubSpot says when a window is used up; no header names the time. */
export function hubspotLimit(policyName: 'SECONDLY' | 'TEN_SECONDLY_ROLLING' | 'DAILY'): Answer {
  return {
    status: 429,
    headers: { 'x-hubspot-ratelimit-interval-milliseconds': '10000' },
    body: {
      status: 'error',
      message: 'You have reached your limit.',
      errorType: 'RATE_LIMIT',
      category: 'RATE_LIMITS',
      policyName,
      correlationId: CORRELATION,
    },
  }
}

type Archive = NonNullable<HubspotOptions['archivedAt']>

function answer(asked: Asked, rows: ReadonlyMap<string, readonly HubspotRow[]>, archive: Archive): Answer {
  const [, object = '', search] = /^\/crm\/v3\/objects\/([^/]+)(\/search)?$/.exec(asked.path) ?? []
  const all = rows.get(object)
  if (all === undefined) return refusal(404, 'OBJECT_NOT_FOUND', 'Unable to infer object type')
  const archivedAt = ({ id }: HubspotRow): Date | undefined => archive(object, String(id))
  if (search !== undefined && asked.method === 'POST') {
    const living = all.filter((row) => archivedAt(row) === undefined)
    return searchPage(object, living, asked.body as Question)
  }
  return listPage(object, all, asked.query, archivedAt)
}

type Filter = { propertyName: string; operator: string; value?: string; values?: string[] }
type Sort = { propertyName: string; direction?: 'ASCENDING' | 'DESCENDING' }
type Question = {
  filterGroups?: { filters: Filter[] }[]
  sorts?: Sort[]
  properties?: string[]
  limit?: number
  after?: string | number
}

function searchPage(object: string, all: readonly HubspotRow[], question: Question): Answer {
  const { filterGroups = [], sorts = [], properties = [], limit = 10 } = question
  const after = Number(question.after ?? 0)
  if (limit > 200 || limit < 1) return refusal(400, 'VALIDATION_ERROR', 'limit must be between 1 and 200')
  if (sorts.length > 1) return refusal(400, 'VALIDATION_ERROR', 'Only one sort may be given')
  if (filterGroups.length > 6) return refusal(400, 'VALIDATION_ERROR', 'Too many filter groups')
  if (after + limit > DEEPEST) return refusal(400, 'VALIDATION_ERROR', 'Search is limited to 10,000 hits')
  const hits = all.filter(
    (row) =>
      filterGroups.length === 0 ||
      filterGroups.some(({ filters }) => filters.every((filter) => holds(object, row, filter))),
  )
  const [sort] = sorts
  // Rows are kept in order of change.
  if (sort !== undefined && !isByChange(object, sort)) order(object, hits, sort)
  const page = hits.slice(after, after + limit)
  const next = after + page.length
  return {
    status: 200,
    body: {
      total: hits.length,
      results: page.map((row) => write(object, row, properties)),
      ...(next < hits.length && { paging: { next: { after: String(next) } } }),
    },
  }
}

function listPage(
  object: string,
  all: readonly HubspotRow[],
  query: URLSearchParams,
  archivedAt: (row: HubspotRow) => Date | undefined,
): Answer {
  const limit = Number(query.get('limit') ?? 10)
  if (limit > 100 || limit < 1) return refusal(400, 'VALIDATION_ERROR', 'limit must be between 1 and 100')
  const after = Number(query.get('after') ?? 0)
  const archived = query.get('archived') === 'true'
  const hits = all
    .filter((row) => row.id > after && (archivedAt(row) !== undefined) === archived)
    .toSorted((a, b) => a.id - b.id)
  const page = hits.slice(0, limit)
  const properties = (query.get('properties') ?? '').split(',').filter(Boolean)
  return {
    status: 200,
    body: {
      results: page.map((row) => write(object, row, properties, archivedAt(row))),
      ...(page.length < hits.length && { paging: { next: { after: String(page.at(-1)?.id), link: '' } } }),
    },
  }
}

function modifiedName(object: string): string {
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
function order(object: string, rows: HubspotRow[], { propertyName, direction }: Sort): void {
  const sign = direction === 'DESCENDING' ? -1 : 1
  rows.sort((a, b) => {
    const [x, y] = [valueOf(object, a, propertyName), valueOf(object, b, propertyName)]
    return sign * (x === y ? 0 : (x ?? '') < (y ?? '') ? -1 : 1)
  })
}

/** Some properties come whether asked for or not. */
function write(object: string, row: HubspotRow, asked: readonly string[], archivedAt?: Date): unknown {
  const updatedAt = new Date(row.modified).toISOString()
  const own = row.properties()
  const wanted = Object.fromEntries(asked.map((name) => [name, own[name] ?? null]))
  return {
    id: String(row.id),
    properties: {
      ...wanted,
      [object === 'feedback_submissions' ? 'hs_createdate' : 'createdate']: row.createdAt.toISOString(),
      hs_object_id: String(row.id),
      [modifiedName(object)]: updatedAt,
    },
    createdAt: row.createdAt.toISOString(),
    updatedAt,
    archived: archivedAt !== undefined,
    ...(archivedAt !== undefined && { archivedAt: archivedAt.toISOString() }),
  }
}

function refusal(status: number, category: string, message: string): Answer {
  return { status, body: { status: 'error', message, correlationId: CORRELATION, category } }
}
