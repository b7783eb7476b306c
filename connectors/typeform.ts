/** Typeform: survey responses by form, newest first with `before` tokens, incremental by submission time. */
import { z } from 'zod'
import { defineConnector } from './connector.ts'
import type { ConnectorContext } from './connector.ts'
import { expectShape } from './expect-shape.ts'
import { SourceRejected, SourceUnavailable } from './source-error.ts'
import { Rate } from './token-bucket.ts'
import { TypeformResponse, typeformPrivacy } from './typeform-record.ts'
import { createWindow } from './window.ts'

const Config = z.strictObject({
  url: z.url().default('https://api.typeform.com'),
  /** Form ids; all of the account's forms when absent. */
  forms: z.array(z.string().min(1)).min(1).max(500).optional(),
  pageSize: z.int().min(1).max(1000).default(1000),
  /** Answers younger than this may still be missing at the vendor, and are read again. */
  lookbackMinutes: z.number().min(0).default(60),
  rate: Rate.default({ requests: 2, perSeconds: 1 }),
})
type Config = z.output<typeof Config>

/** Times are unix seconds, the vendor's grain. */
const Checkpoint = z.strictObject({
  /** By form: everything submitted before is covered. */
  since: z.record(z.string(), z.number()),
  /** The form being read: the last token of the last page, and the newest answer seen. */
  at: z
    .strictObject({
      form: z.string(),
      before: z.string().nullable(),
      newest: z.number().nullable(),
      startedAt: z.number(),
    })
    .nullable(),
})
type Checkpoint = z.output<typeof Checkpoint>
type At = NonNullable<Checkpoint['at']>

const FormsPage = z.looseObject({
  page_count: z.int(),
  items: z.array(z.looseObject({ id: z.string() })),
})
const Page = z.looseObject({ items: z.array(z.unknown()) })
const Token = z.looseObject({ token: z.string() })
const Submitted = z.looseObject({ submitted_at: z.iso.datetime({ offset: true }) })

type Context = ConnectorContext<Config>
type Bounds = { readonly since: number | undefined; readonly until: number | undefined }

export const typeform = defineConnector({
  name: 'typeform',
  title: { en: 'Typeform', zh: 'Typeform 问卷' },
  kind: 'survey',
  config: Config,
  secrets: ['token'],
  http: ({ url, rate }) => ({ baseUrl: url, rate }),
  streams: () => [
    {
      name: 'responses',
      record: TypeformResponse,
      primaryKey: ['response_id'],
      cursorField: 'submitted_at',
      eventTime: 'submitted_at',
      checkpoint: Checkpoint,
      privacy: typeformPrivacy,
    },
  ],
  check: async (context) => {
    const signal = AbortSignal.timeout(30_000)
    const [first] = context.config.forms ?? (await listForms(context, signal))
    if (first !== undefined) await get(context, responsesOf(first), { page_size: 1 }, signal)
  },
  async *read(context, { slice, checkpoint, signal }) {
    const window = createWindow(slice)
    const state = Checkpoint.parse(checkpoint ?? { since: {}, at: null })
    const forms = [...(context.config.forms ?? (await listForms(context, signal)))].toSorted()
    const remaining = state.at === null ? forms : forms.filter((form) => form >= (state.at?.form ?? ''))
    let { since } = state
    for (const [index, form] of remaining.entries()) {
      const next = remaining[index + 1]
      const at = state.at?.form === form ? state.at : fresh(form, context.now())
      const bounds = {
        since: window.bounded ? window.fromSecond : since[form],
        until: window.lastSecond,
      }
      for await (const page of readForm(context, at, bounds, signal)) {
        if (page.at !== null) {
          yield { type: 'page', records: page.records, checkpoint: { since, at: page.at } }
          continue
        }
        if (!window.bounded) since = { ...since, ...watermark(form, page.last, context.config) }
        const then = next === undefined ? null : fresh(next, context.now())
        yield { type: 'page', records: page.records, checkpoint: { since, at: then } }
      }
    }
  },
})

type FormPage = { readonly records: readonly unknown[]; readonly last: At; readonly at: At | null }

/** The pages of one form from `at` on; `at` of the last page is null. */
async function* readForm(
  context: Context,
  start: At,
  { since, until }: Bounds,
  signal: AbortSignal,
): AsyncGenerator<FormPage> {
  const { pageSize } = context.config
  let at = start
  for (;;) {
    const query = {
      page_size: pageSize,
      response_type: 'completed',
      since,
      until,
      before: at.before ?? undefined,
    }
    const page = await get(context, responsesOf(at.form), query, signal).catch(
      orForgotten(at === start ? at.before : null),
    )
    if (page === null) {
      at = { ...at, before: null }
      continue
    }
    const { items } = page
    const records = items.map((item) =>
      typeof item === 'object' && item !== null ? { ...item, form_id: at.form } : item,
    )
    const last = { ...at, newest: newestOf(items, at.newest) }
    if (items.length < pageSize) return yield { records, last, at: null }
    const token = Token.safeParse(items.at(-1)).data?.token
    if (token === undefined || token === at.before)
      throw new SourceUnavailable(
        `form ${at.form}: the page’s last response gives no new token; paging stands still.`,
        { source: context.source },
      )
    at = { ...last, before: token }
    yield { records, last, at }
  }
}

/** A checkpoint's token that the vendor no longer knows (its response was deleted) gives null: the form is read again from its newest response. */
function orForgotten(token: string | null): (error: unknown) => null {
  return (error) => {
    if (token !== null && error instanceof SourceRejected && (error.status === 400 || error.status === 404))
      return null
    throw error
  }
}

function fresh(form: string, now: Date): At {
  return { form, before: null, newest: null, startedAt: Math.floor(now.getTime() / 1000) }
}

/** Where the next run starts: after the newest answer, but never later than the lookback before this run began. */
function watermark(
  form: string,
  { newest, startedAt }: At,
  { lookbackMinutes }: Config,
): Record<string, number> {
  return newest === null ? {} : { [form]: Math.min(newest + 1, startedAt - lookbackMinutes * 60) }
}

function newestOf(items: readonly unknown[], known: number | null): number | null {
  let newest = known
  for (const item of items) {
    const submitted = Submitted.safeParse(item).data?.submitted_at
    if (submitted === undefined) continue
    const seconds = Math.floor(Date.parse(submitted) / 1000)
    if (newest === null || seconds > newest) newest = seconds
  }
  return newest
}

async function listForms(context: Context, signal: AbortSignal): Promise<string[]> {
  const forms: string[] = []
  for (let page = 1; ; page++) {
    const { body } = await request(context, '/forms', { page, page_size: 200 }, signal)
    const { items, page_count } = expectShape(FormsPage, body, {
      source: context.source,
      what: 'the list of forms',
    })
    forms.push(...items.map(({ id }) => id))
    if (page >= page_count) return forms
  }
}

async function get(
  context: Context,
  url: string,
  query: Record<string, string | number | undefined>,
  signal: AbortSignal,
): Promise<z.output<typeof Page>> {
  const { body } = await request(context, url, query, signal)
  return expectShape(Page, body, { source: context.source, what: url })
}

function request(
  context: Context,
  url: string,
  query: Record<string, string | number | undefined>,
  signal: AbortSignal,
) {
  const headers = { authorization: `Bearer ${context.secret('token')}` }
  return context.http.json({ url, query, headers, signal })
}

function responsesOf(form: string): string {
  return `/forms/${encodeURIComponent(form)}/responses`
}
