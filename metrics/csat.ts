/** Satisfaction, top-2-box: share of 4 and 5 on a 1–5 scale. Eight of ten answer 4 or 5: 0.8, Wilson 0.490 to 0.943. */
import { defineMetric } from './card.ts'
import { responseDimensions } from './dimensions.ts'

export const csat = defineMetric({
  name: 'csat',
  title: { en: 'Customer satisfaction', zh: '客户满意度' },
  meaning: {
    en: 'Share of answers 4 or 5 (top two boxes) among answers to 1–5 satisfaction questions.',
    zh: '在 1–5 分满意度题的回答中，给出 4 分或 5 分（前两档）的占比。',
  },
  owner: 'customer experience',
  status: 'certified',
  version: 1,
  effectiveFrom: '2026-01-01',
  model: 'xo.response_context',
  population: { column: 'concept', in: ['csat'] },
  valid: {
    all: [
      { column: 'score', between: [1, 5] },
      { column: 'scale_min', in: [1], absentOr: true },
      { column: 'scale_max', in: [5], absentOr: true },
    ],
  },
  parts: {
    satisfied: { count: 'rows', where: { column: 'score', between: [4, 5] } },
    n: { count: 'rows' },
  },
  estimator: { kind: 'share', interval: 'wilson', successes: 'satisfied', n: 'n' },
  minimumN: 10,
  dimensions: responseDimensions,
  time: { column: 'answered_at', kind: 'instant', title: { en: 'Answered', zh: '回答时间' } },
  unit: { en: 'share', zh: '占比' },
  format: 'percent',
  invariants: [{ kind: 'value-between', low: 0, high: 1 }],
})
