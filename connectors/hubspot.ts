/** HubSpot CRM: contacts, deals, tickets and feedback submissions through search, sought by time of change so that no limit of 10,000 is met. */
import { z } from 'zod'
import { defineConnector } from './connector.ts'
import type { ConnectorContext, Privacy, ReadRequest, SourceEvent } from './connector.ts'
import { expectShape } from './expect-shape.ts'
import type { HttpResponse } from './http.ts'
import { ArchivedPage, readDeletions } from './hubspot-deletions.ts'
import type { ListArchived } from './hubspot-deletions.ts'
import { hubspotObjects, hubspotRecord, modifiedProperty, standardProperties } from './hubspot-record.ts'
import type { HubspotObject } from './hubspot-record.ts'
import { readSearch, SearchCheckpoint, SearchPage } from './hubspot-search.ts'
import type { Search } from './hubspot-search.ts'
import { SourceRejected } from './source-error.ts'
import { Rate } from './token-bucket.ts'

/** What happens to a property a project asks for; a custom property is personal until somebody says it is not. */
const PropertyPrivacy = z.union([
  z.enum(['keep', 'drop', 'mask', 'tokenize']).transform((policy): Privacy => ({ policy })),
  z.enum(['email', 'phone', 'id']).transform((as): Privacy => ({ policy: 'hash', as })),
])

const Config = z.strictObject({
  url: z.url().default('https://api.hubapi.com'),
  objects: z
    .array(z.enum(hubspotObjects))
    .min(1)
    .default([...hubspotObjects]),
  /** The portal's own properties by object: `{ deals: { store_id: 'keep', member_id: 'id' } }`; `email`, `phone` and `id` are hashed. */
  properties: z.partialRecord(z.enum(hubspotObjects), z.record(z.string(), PropertyPrivacy)).default({}),
  pageSize: z.int().min(2).max(200).default(200),
  /** Ask before each run which objects were archived; costs a listing of the last ninety days' archive. */
  deletions: z.boolean().default(true),
  /** A change may take this long to be found by search, and is read again. */
  lookbackMinutes: z.number().min(0).default(5),
  rate: Rate.default({ requests: 4, perSeconds: 1 }),
})
type Context = ConnectorContext<z.output<typeof Config>>

export const hubspot = defineConnector({
  name: 'hubspot',
  title: { en: 'HubSpot CRM', zh: 'HubSpot 客户关系' },
  kind: 'crm',
  config: Config,
  secrets: ['token'],
  http: ({ url, rate }) => ({ baseUrl: url, rate, retryAt }),
  streams: (config) =>
    config.objects.map((kind) => ({
      name: kind,
      record: hubspotRecord(kind),
      primaryKey: ['id'],
      cursorField: 'updatedAt',
      eventTime: 'createdAt',
      checkpoint: SearchCheckpoint,
      privacy: Object.fromEntries(
        Object.entries({ ...standardProperties[kind], ...config.properties[kind] }).map(
          ([property, privacy]) => [`properties.${property}`, privacy],
        ),
      ),
    })),
  check: async (context) => {
    const kind = context.config.objects[0] ?? 'contacts'
    await context.http.json({
      url: `/crm/v3/objects/${kind}`,
      query: { limit: 1 },
      headers: authorization(context),
      signal: AbortSignal.timeout(30_000),
    })
  },
  read: (context, request) => {
    const kind = context.config.objects.find((object) => object === request.stream)
    if (kind === undefined)
      throw new SourceRejected(`has no stream ${JSON.stringify(request.stream)}.`, { source: context.source })
    return readObjects(context, kind, request)
  },
})

async function* readObjects(
  context: Context,
  kind: HubspotObject,
  request: ReadRequest,
): AsyncGenerator<SourceEvent> {
  const { checkpoint, slice, signal } = request
  const state = checkpoint === null ? null : SearchCheckpoint.parse(checkpoint)
  const begins =
    state !== null && state.startedAt === null && slice.from === undefined && slice.to === undefined
  if (begins && state.deletionsFrom !== null && context.config.deletions)
    yield* readDeletions(archiveOf(context, kind, signal), state.deletionsFrom, state, context.source)
  yield* readSearch(searchOf(context, kind, signal), request, {
    source: context.source,
    modified: modifiedProperty(kind),
    pageSize: context.config.pageSize,
    lookbackMs: context.config.lookbackMinutes * 60_000,
    now: context.now,
  })
}

/** Search one kind of object. `sorts` takes a single rule, and `after` is always the first page: seeking replaces paging. */
function searchOf(context: Context, kind: HubspotObject, signal: AbortSignal): Search {
  const properties = Object.keys({ ...standardProperties[kind], ...context.config.properties[kind] })
  const url = `/crm/v3/objects/${kind}/search`
  return async ({ filters, sortBy }) => {
    const { body } = await context.http.json({
      method: 'POST',
      safe: true,
      url,
      headers: authorization(context),
      body: {
        filterGroups: filters.length === 0 ? [] : [{ filters }],
        sorts: [{ propertyName: sortBy, direction: 'ASCENDING' }],
        properties,
        limit: context.config.pageSize,
        after: '0',
      },
      signal,
    })
    return expectShape(SearchPage, body, { source: context.source, what: url })
  }
}

function archiveOf(context: Context, kind: HubspotObject, signal: AbortSignal): ListArchived {
  const url = `/crm/v3/objects/${kind}`
  return async (after) => {
    const query = { archived: true, limit: 100, after }
    const { body } = await context.http.json({ url, query, headers: authorization(context), signal })
    return expectShape(ArchivedPage, body, { source: context.source, what: url })
  }
}

function authorization(context: Context): Record<string, string> {
  return { authorization: `Bearer ${context.secret('token')}` }
}

const Limited = z.looseObject({ policyName: z.string() })

/** HubSpot names the exhausted window instead of the time it ends; a day's quota is asked for again every hour. */
function retryAt({ status, body }: HttpResponse, now: Date): Date | undefined {
  if (status !== 429) return undefined
  const policy = Limited.safeParse(body).data?.policyName
  const seconds = policy === 'DAILY' ? 3600 : policy === 'TEN_SECONDLY_ROLLING' ? 10 : 1
  return new Date(now.getTime() + seconds * 1000)
}
