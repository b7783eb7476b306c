/** Responses: how many questionnaires were filled in; a count, not an estimate, so low = high = value and no minimum n. */
import { defineMetric } from './card.ts'
import { submissionDimensions } from './dimensions.ts'

export const responseCount = defineMetric({
  name: 'response_count',
  title: { en: 'Responses', zh: '回收问卷数' },
  meaning: {
    en: 'Distinct filled-in questionnaires, whatever they asked and however many of their questions were answered.',
    zh: '已提交的不同问卷份数，不论题目内容，也不论回答了其中几题。',
  },
  owner: 'customer experience',
  status: 'certified',
  version: 1,
  effectiveFrom: '2026-01-01',
  model: 'submission',
  population: { all: [] },
  valid: { column: 'submission_id', present: true },
  parts: { n: { count: 'distinct', column: 'submission_id' } },
  estimator: { kind: 'count', interval: 'exact', n: 'n' },
  minimumN: 0,
  dimensions: submissionDimensions,
  time: { column: 'submitted_at', kind: 'instant', title: { en: 'Submitted', zh: '提交时间' } },
  unit: { en: 'responses', zh: '份' },
  format: 'integer',
  invariants: [],
})
