/** Net Promoter Score: share of promoters less share of detractors, in points. Ten answers, 5 promoters, 2 detractors: NPS 30. */
import { defineMetric } from './card.ts'
import { responseDimensions } from './dimensions.ts'
import type { Predicate } from './predicate.ts'

const promoter: Predicate = { column: 'score', between: [9, 10] }
const detractor: Predicate = { column: 'score', between: [0, 6] }

export const nps = defineMetric({
  name: 'nps',
  title: { en: 'Net Promoter Score', zh: '净推荐值' },
  meaning: {
    en: 'Promoters (9–10) less detractors (0–6), as points per hundred answers to the 0–10 question "how likely are you to recommend us".',
    zh: '在 0–10 分推荐意愿题的回答中，推荐者（9–10 分）占比减去贬损者（0–6 分）占比，以百分点表示。',
  },
  owner: 'customer experience',
  status: 'certified',
  version: 1,
  effectiveFrom: '2026-01-01',
  model: 'xo.response_context',
  population: { column: 'concept', in: ['nps'] },
  valid: {
    all: [
      { column: 'score', between: [0, 10] },
      { column: 'scale_min', in: [0], absentOr: true },
      { column: 'scale_max', in: [10], absentOr: true },
    ],
  },
  parts: {
    promoters: { count: 'rows', where: promoter },
    passives: { count: 'rows', where: { all: [{ not: promoter }, { not: detractor }] } },
    detractors: { count: 'rows', where: detractor },
    n: { count: 'rows' },
  },
  estimator: {
    kind: 'nps',
    interval: 'adjusted-wald',
    promoters: 'promoters',
    detractors: 'detractors',
    n: 'n',
  },
  minimumN: 10,
  dimensions: responseDimensions,
  time: { column: 'answered_at', kind: 'instant', title: { en: 'Answered', zh: '回答时间' } },
  unit: { en: 'points', zh: '分' },
  format: 'points',
  invariants: [
    { kind: 'parts-sum-to', parts: ['promoters', 'passives', 'detractors'], total: 'n' },
    { kind: 'value-between', low: -100, high: 100 },
  ],
})
