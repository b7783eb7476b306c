/** How a project file says what its streams mean: columns mapped to canonical tables, and which question measures what. */
import { z } from 'zod'
import { Call, Comment, Contact, Order, Submission, SupportTicket } from './tables.ts'
import { AnswerPart } from './x/answer-part.ts'

/** The canonical tables that sources contribute to, with the contract of a contribution. */
export const contributions = {
  contact: Contact,
  submission: Submission,
  answer: AnswerPart,
  comment: Comment,
  order: Order,
  call: Call,
  support_ticket: SupportTicket,
} as const satisfies Record<string, z.ZodObject>
export type CanonicalTable = keyof typeof contributions

/** The column of each canonical table that says when a row happened. */
export const timeOf: Readonly<Record<CanonicalTable, string>> = {
  contact: 'seen_at',
  submission: 'submitted_at',
  answer: 'answered_at',
  comment: 'written_at',
  order: 'ordered_at',
  call: 'called_at',
  support_ticket: 'opened_at',
}

const Constant = z.union([z.string(), z.number(), z.boolean(), z.null()])

/** A value of a canonical column: a raw column (dotted into JSON), a constant, a coded value, or one taken from another stream. */
export const MappedColumn = z.union([
  z.string().min(1),
  /** Several columns joined by colons: a key that only they make together. */
  z.array(z.string().min(1)).min(2),
  z.strictObject({ value: Constant }),
  z.strictObject({ column: z.string(), codes: z.record(z.string(), Constant) }),
  z.strictObject({
    /** A stream of the same source. */
    from: z.string(),
    take: z.string(),
    /** The column both streams share, or [here, there]. */
    on: z.union([z.string(), z.tuple([z.string(), z.string()])]),
    /** Of several rows per key; `first` is the least value, so that it does not depend on their order. */
    as: z.enum(['sum', 'min', 'max', 'first', 'count']).default('first'),
  }),
])
export type MappedColumn = z.output<typeof MappedColumn>

export const TableMapping = z.strictObject({
  from: z.string().regex(/^[^.]+\.[^.]+$/, 'Expected <source>.<stream>'),
  to: z.enum(Object.keys(contributions) as [CanonicalTable, ...CanonicalTable[]]),
  /** Canonical column → where its value comes from; columns left out are null, ids get the source's name in front. */
  columns: z.record(z.string(), MappedColumn.optional()),
  /** Rows to take, by exact value: `{ order_status: ['delivered'] }`. */
  where: z.record(z.string(), z.array(z.union([z.string(), z.number(), z.boolean()])).min(1)).optional(),
})
export type TableMapping = z.output<typeof TableMapping>

/** Which concept a question measures, and on which scale: only a 0–10 likelihood to recommend is `nps`. */
export const Question = z.strictObject({
  /** The question's id in its survey tool. */
  question: z.string().min(1),
  survey: z.string().optional(),
  source: z.string().optional(),
  concept: z.string().regex(/^[a-z][a-z0-9_]*$/, 'Expected snake_case, such as nps, csat, ces'),
  scale: z.tuple([z.number(), z.number()]).optional(),
  /** Scores of choice answers. */
  scores: z.record(z.string(), z.number()).optional(),
})
export type Question = z.output<typeof Question>

/** What a survey is about, when its submissions do not name the event: the person's only candidate within so many days before. */
export const Survey = z.strictObject({
  survey: z.string().min(1),
  about: z.enum(['order', 'call', 'ticket']),
  withinDays: z.number().positive().max(366).default(30),
})
export type Survey = z.output<typeof Survey>
