/** A stand-in of HubSpot's CRM search and listing: 200 on a page, one sort, nothing beyond the 10,000th hit, limits told by policy name. */
import type { Company } from './company.ts'
import { hubspotRows } from './hubspot-objects.ts'
import type { HubspotRow } from './hubspot-objects.ts'
import { findRows, modifiedName } from './hubspot-query.ts'
import type { Question } from './hubspot-query.ts'
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
      answer: (asked) => answer(asked, rows, options.archivedAt ?? NOTHING),
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
const NOTHING: Archive = () => undefined

function answer(asked: Asked, rows: ReadonlyMap<string, readonly HubspotRow[]>, archive: Archive): Answer {
  const [, object = '', search] = /^\/crm\/v3\/objects\/([^/]+)(\/search)?$/.exec(asked.path) ?? []
  const all = rows.get(object)
  if (all === undefined) return refusal(404, 'OBJECT_NOT_FOUND', 'Unable to infer object type')
  const archivedAt = ({ id }: HubspotRow): Date | undefined => archive(object, String(id))
  if (search !== undefined && asked.method === 'POST') {
    const living = archive === NOTHING ? all : all.filter((row) => archivedAt(row) === undefined)
    return searchPage(object, living, asked.body as Question)
  }
  return listPage(object, all, asked.query, archivedAt)
}

function searchPage(object: string, all: readonly HubspotRow[], question: Question): Answer {
  const { filterGroups = [], sorts = [], properties = [], limit = 10 } = question
  const after = Number(question.after ?? 0)
  if (limit > 200 || limit < 1) return refusal(400, 'VALIDATION_ERROR', 'limit must be between 1 and 200')
  if (sorts.length > 1) return refusal(400, 'VALIDATION_ERROR', 'Only one sort may be given')
  if (filterGroups.length > 6) return refusal(400, 'VALIDATION_ERROR', 'Too many filter groups')
  if (after + limit > DEEPEST) return refusal(400, 'VALIDATION_ERROR', 'Search is limited to 10,000 hits')
  const hits = findRows(object, all, question)
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
