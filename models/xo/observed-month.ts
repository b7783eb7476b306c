/** The months whose outcomes can be told: a table of its own, so that a month still open is read for by nobody. */
import { defineModel } from '#models/define-model.ts'
import { ObservedMonth } from '#models/tables.ts'

export const observedMonth = defineModel({
  name: 'xo.observed_month',
  description: 'Months of which the 90 days that follow are fully observed.',
  owner: 'saydo',
  grain: ['month'],
  contract: ObservedMonth,
  time: 'month',
  query: (db) => db.selectFrom('xo.outcome_month').where('observed', '=', true).select('month'),
})
