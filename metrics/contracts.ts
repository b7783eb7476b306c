/** The tables a metric can be counted on, with their contracts: a card that names a column they lack is refused when it loads. */
import type { z } from 'zod'
import {
  Activity,
  Answer,
  Call,
  Comment,
  Contact,
  CustomerMonth,
  MonthScore,
  ObservedMonth,
  Order,
  Outcome,
  OutcomeMonth,
  Person,
  PersonKey,
  ResponseContext,
  Submission,
  SupportTicket,
  type Warehouse,
} from '#models/tables.ts'

export const contracts: Readonly<Record<keyof Warehouse, z.ZodObject>> = {
  contact: Contact,
  person_key: PersonKey,
  person: Person,
  submission: Submission,
  answer: Answer,
  comment: Comment,
  order: Order,
  call: Call,
  support_ticket: SupportTicket,
  'xo.response_context': ResponseContext,
  'xo.activity': Activity,
  'xo.outcome_month': OutcomeMonth,
  'xo.observed_month': ObservedMonth,
  'xo.outcome': Outcome,
  'xo.month_score': MonthScore,
  'xo.customer_month': CustomerMonth,
}

export function isTable(name: string): name is keyof Warehouse {
  return Object.hasOwn(contracts, name)
}
