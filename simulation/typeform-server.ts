/** A stand-in of the Typeform Responses API: newest first, `before` tokens, inclusive seconds, a few responses no schema would expect. */
import type { Company, Customer, Submission } from './company.ts'
import { firstIndex } from './first-index.ts'
import { standIn } from './stand-in.ts'
import type { Answer, Asked, StandIn, StandInOptions } from './stand-in.ts'

export type TypeformOptions = StandInOptions & {
  readonly token?: string
  /** Plant three responses that break their own description; they belong to no customer. */
  readonly broken?: boolean
}

const FORMS = ['relationship', 'transaction'] as const

const TITLES: Record<(typeof FORMS)[number], string> = {
  relationship: 'Your relationship with us 关系调查',
  transaction: 'Your order 订单调查',
}

/** What a form holds, newest first; responses are spelled out only when a page asks for them. */
type Held = { readonly token: string; readonly seconds: number; readonly response: () => unknown }

type Form = {
  readonly newestFirst: readonly Held[]
  readonly positions: ReadonlyMap<string, number>
}

/** Serve the company's `relationship` and `transaction` questionnaires. */
export function startTypeform(company: Company, options: TypeformOptions = {}): Promise<StandIn> {
  const token = options.token ?? 'tfp_simulated_2pLk8'
  const held = holdings(company, options.broken ?? true)
  return standIn(
    {
      authorized: ({ headers }) => headers.authorization === `Bearer ${token}`,
      unauthorized: refusal(401, 'AUTHENTICATION_FAILED', 'Authentication credentials not found'),
      answer: (asked) => answer(asked, held),
    },
    options,
  )
}

function answer(asked: Asked, held: ReadonlyMap<string, Form>): Answer {
  if (asked.path === '/forms') return forms(asked)
  const form = /^\/forms\/([^/]+)\/responses$/.exec(asked.path)?.[1]
  const responses = form === undefined ? undefined : held.get(decodeURIComponent(form))
  if (responses === undefined) return refusal(404, 'FORM_NOT_FOUND', 'Form not found')
  return page(asked.query, responses)
}

function forms({ query, origin }: Asked): Answer {
  const size = Number(query.get('page_size') ?? 10)
  const first = (Number(query.get('page') ?? 1) - 1) * size
  const items = FORMS.slice(first, first + size).map((id) => ({
    id,
    title: TITLES[id],
    last_updated_at: '2025-01-01T00:00:00Z',
    created_at: '2025-01-01T00:00:00Z',
    settings: { is_public: true, is_trial: false },
    self: { href: `${origin}/forms/${id}` },
    type: 'quiz',
    _links: { display: `https://form.example/to/${id}` },
  }))
  return ok({ total_items: FORMS.length, page_count: Math.ceil(FORMS.length / size), items })
}

function page(query: URLSearchParams, all: Form): Answer {
  const size = Number(query.get('page_size') ?? 25)
  if (!(size >= 1 && size <= 1000)) return refusal(400, 'VALIDATION_ERROR', 'page_size is out of range')
  if (query.has('sort') && (query.has('before') || query.has('after')))
    return refusal(400, 'VALIDATION_ERROR', 'before and after cannot be used together with sort')
  const since = seconds(query.get('since'), -Infinity)
  const until = seconds(query.get('until'), Infinity)
  const before = query.get('before')
  const start = before === null ? 0 : (all.positions.get(before) ?? -1) + 1
  if (before !== null && start === 0) return refusal(400, 'VALIDATION_ERROR', 'before is not a known token')
  const first = Math.max(
    start,
    firstIndex(all.newestFirst, (one) => one.seconds <= until),
  )
  const end = firstIndex(all.newestFirst, (one) => one.seconds < since)
  const total = Math.max(0, end - first)
  return ok({
    total_items: total,
    page_count: Math.ceil(total / size),
    items: all.newestFirst.slice(first, Math.min(end, first + size)).map((one) => one.response()),
  })
}

/** `since` and `until` come as unix seconds or as an ISO instant. */
function seconds(value: string | null, fallback: number): number {
  if (value === null) return fallback
  return /^\d+$/.test(value) ? Number(value) : Date.parse(value) / 1000
}

function holdings(company: Company, broken: boolean): Map<string, Form> {
  const customers = new Map(company.customers.map((customer) => [customer.id, customer]))
  const held = new Map<string, Held[]>(FORMS.map((form) => [form, []]))
  for (const submission of company.submissions)
    held.get(submission.survey)?.push({
      token: submission.id,
      seconds: Math.floor(submission.submittedAt.getTime() / 1000),
      response: () => responseOf(submission, customers.get(submission.customerId)),
    })
  if (broken) held.get('relationship')?.push(...brokenResponses(company.from))
  return new Map(
    [...held].map(([form, responses]) => {
      responses.sort((a, b) => b.seconds - a.seconds || (a.token < b.token ? 1 : -1))
      const positions = new Map(responses.map(({ token }, index) => [token, index]))
      return [form, { newestFirst: responses, positions }]
    }),
  )
}

function responseOf(submission: Submission, customer: Customer | undefined): Record<string, unknown> {
  return {
    landing_id: submission.id,
    token: submission.id,
    response_id: submission.id,
    response_type: 'completed',
    landed_at: second(submission.startedAt),
    submitted_at: second(submission.submittedAt),
    metadata: {
      user_agent: 'Mozilla/5.0',
      platform: submission.channel === 'app' ? 'mobile' : 'other',
      referer: `https://form.example/to/${submission.survey}?email=${customer?.email ?? ''}`,
      network_id: `net-${submission.id}`,
      browser: 'default',
    },
    hidden: {
      ...(customer && { member_id: customer.id, email: customer.email }),
      channel: submission.channel,
      touchpoint: submission.touchpoint,
      store_id: submission.storeId,
      ...(submission.orderId !== null && { order_id: submission.orderId }),
      lang: submission.language,
    },
    calculated: { score: 0 },
    variables: [{ key: 'score', type: 'number', number: 0 }],
    answers: answersOf(submission),
  }
}

const INTENT_LABELS = {
  leave: { en: 'I will look elsewhere', zh: '打算换一家' },
  stay: { en: 'I will stay', zh: '继续光顾' },
  raise: { en: 'I will buy more', zh: '会买得更多' },
} as const

function answersOf(submission: Submission): unknown[] {
  const { survey, nps, csat, touchpoints, intent, comment, language } = submission
  const field = (ref: string, type: string) => ({ id: `${survey.slice(0, 3)}_${ref}`, type, ref })
  const rated = (ref: string, type: string, number: number | null) =>
    number === null ? [] : [{ field: field(ref, type), type: 'number', number }]
  return [
    ...rated('recommend', 'nps', nps),
    ...rated('satisfaction', 'rating', csat),
    ...Object.entries(touchpoints).flatMap(([ref, number]) => rated(ref, 'rating', number)),
    ...(intent === null
      ? []
      : [
          {
            field: field('intent', 'multiple_choice'),
            type: 'choice',
            choice: { id: `choice_${intent}`, ref: intent, label: INTENT_LABELS[intent][language] },
          },
        ]),
    ...(comment === null ? [] : [{ field: field('reason', 'long_text'), type: 'text', text: comment }]),
  ]
}

/** A score spelled as a word, a response without its time, and one whose time is no time. */
function brokenResponses(day: Date): Held[] {
  const at = new Date(day.getTime() + 3_600_000)
  const base = (id: string) => ({
    landing_id: id,
    token: id,
    response_id: id,
    response_type: 'completed',
    landed_at: second(at),
    submitted_at: second(at),
    metadata: {
      user_agent: 'Mozilla/5.0',
      platform: 'other',
      referer: '',
      network_id: id,
      browser: 'default',
    },
    hidden: { channel: 'web', touchpoint: 'service', store_id: '', lang: 'en' },
    calculated: { score: 0 },
    answers: [{ field: { id: 'rel_recommend', type: 'nps', ref: 'recommend' }, type: 'number', number: 9 }],
  })
  const { submitted_at: _, ...timeless } = base('broken-without-time')
  const broken: (Omit<typeof timeless, 'answers'> & { submitted_at?: string; answers: unknown[] })[] = [
    {
      ...base('broken-score'),
      answers: [
        { field: { id: 'rel_recommend', type: 'nps', ref: 'recommend' }, type: 'number', number: 'nine' },
      ],
    },
    timeless,
    { ...base('broken-time'), submitted_at: 'yesterday' },
  ]
  return broken.map((response) => ({
    token: response.token,
    seconds: Math.floor(at.getTime() / 1000),
    response: () => response,
  }))
}

/** Typeform writes whole seconds. */
function second(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`
}

function ok(body: unknown): Answer {
  return { status: 200, body }
}

function refusal(status: number, code: string, description: string): Answer {
  return { status, body: { code, description } }
}
