/** The planted-truth company, vendor-neutral: what really happened, before any system of record spells it in its own way. */

export type Store = {
  readonly id: string
  readonly name: { readonly en: string; readonly zh: string }
  readonly region: { readonly en: string; readonly zh: string }
}

export type Channel = 'store' | 'web' | 'app' | 'wechat' | 'phone'

/** A customer as they are; the dirty copies that systems hold are `ContactRecord`s. */
export type Customer = {
  /** Member number, printed on receipts. */
  readonly id: string
  readonly name: string
  readonly email: string
  readonly phone: string
  readonly language: 'zh' | 'en'
  readonly joinedAt: Date
  readonly storeId: string
}

/** A contact as the CRM or the help desk keeps it: duplicates, full-width digits, upper case, missing parts. */
export type ContactRecord = {
  readonly id: string
  readonly customerId: string
  readonly name: string | null
  readonly email: string | null
  readonly phone: string | null
  readonly memberId: string | null
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** Orders of channel `store` and `phone` are kept by the shops' tills (files), all others by the CRM as deals. Store orders have no delivery. */
export type Order = {
  readonly id: string
  readonly customerId: string
  readonly channel: Channel
  readonly storeId: string
  readonly orderedAt: Date
  readonly promisedAt: Date | null
  readonly deliveredAt: Date | null
  readonly status: 'delivered' | 'cancelled' | 'shipped'
  /** Whole cents. */
  readonly cents: number
  readonly currency: 'CNY'
  readonly updatedAt: Date
}

export type Call = {
  readonly id: number
  readonly customerId: string
  readonly ticketId: number | null
  readonly startedAt: Date
  readonly direction: 'inbound' | 'outbound'
  readonly waitSeconds: number
  readonly talkSeconds: number
  readonly completion: 'completed' | 'abandoned_in_queue'
  readonly updatedAt: Date
}

export type Ticket = {
  readonly id: number
  readonly customerId: string
  readonly channel: 'email' | 'voice' | 'web' | 'chat'
  readonly subject: string
  readonly description: string
  readonly language: 'zh' | 'en'
  readonly status: 'open' | 'pending' | 'solved' | 'closed' | 'deleted'
  readonly priority: 'low' | 'normal' | 'high' | 'urgent'
  readonly createdAt: Date
  readonly updatedAt: Date
  /** Help-desk satisfaction rating, when the customer gave one. */
  readonly rating: {
    readonly score: 'good' | 'bad'
    readonly comment: string | null
    readonly createdAt: Date
  } | null
}

/**
 * The questionnaires: `relationship` (half-yearly, the whole base) and `transaction` (after an order) live in the survey tool,
 * `wechat` (after a WeChat order) in the CRM's feedback object.
 */
export type SurveyId = 'relationship' | 'transaction' | 'wechat'

export type Submission = {
  readonly id: string
  readonly survey: SurveyId
  readonly customerId: string
  readonly language: 'zh' | 'en'
  readonly channel: Channel
  readonly touchpoint: string
  readonly storeId: string
  /** Transaction and wechat surveys are about one order; some forget to say which. */
  readonly orderId: string | null
  readonly startedAt: Date
  readonly submittedAt: Date
  /** 0–10, likelihood to recommend. */
  readonly nps: number | null
  /** 1–5, satisfaction. */
  readonly csat: number | null
  /** 1–5 by touchpoint (`delivery`, `staff`, `product`, `price`, `app`). */
  readonly touchpoints: Readonly<Record<string, number>>
  /** Stated intentions. */
  readonly intent: 'leave' | 'stay' | 'raise' | null
  readonly comment: string | null
}

export type Post = {
  readonly id: string
  readonly account: string
  readonly createdAt: Date
  readonly editedAt: Date | null
  readonly language: 'zh' | 'en'
  readonly text: string
  readonly tag: string
}

/** A planted effect: what was put in, and which estimator of the pipeline should find it again. */
export type PlantedEffect = {
  readonly name: string
  readonly title: { readonly en: string; readonly zh: string }
  /** The true value, in the unit of the estimator: shares 0–1, NPS points −100…100, ratios and counts as they are. */
  readonly value: number
  readonly unit: 'share' | 'points' | 'ratio' | 'count'
  /** What exactly is counted: numerator, denominator, slice. */
  readonly definition: string
  /** The slice it holds in, by canonical column: `{ survey: 'transaction', channel: 'store' }`. */
  readonly where?: Readonly<Record<string, string>>
  /** How the pipeline can recover it; `plain` = by counting alone, the others need methods that correct for bias or confounding. */
  readonly recoveredBy: 'plain' | 'weighting' | 'causal' | 'drivers' | 'identity'
}

/** `tiny` (2,000 customers, one year) is for tests, `small` (20,000, one year) for the demo, `large` (820,000, three years, 10M answers) for load. */
export type Size = 'tiny' | 'small' | 'large'

export type Company = {
  readonly seed: number
  readonly size: Size
  readonly from: Date
  readonly to: Date
  readonly stores: readonly Store[]
  readonly customers: readonly Customer[]
  readonly contacts: readonly ContactRecord[]
  readonly orders: readonly Order[]
  readonly calls: readonly Call[]
  readonly tickets: readonly Ticket[]
  readonly submissions: readonly Submission[]
  readonly posts: readonly Post[]
  readonly truth: readonly PlantedEffect[]
}
