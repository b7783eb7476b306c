/** Repurchase rate: of the customer months with an order, the share followed by another within 90 days. */
import { defineMetric } from './card.ts'

export const repurchaseRate = defineMetric({
  name: 'repurchase_rate',
  title: { en: 'Repurchase rate', zh: '复购率' },
  meaning: {
    en: 'Share of customer months with an order in which the customer orders again within 90 days after the month; months whose 90 days have not passed are dropped and counted.',
    zh: '在有订单的客户月中，该客户于月末后 90 天内再次下单的占比；90 天尚未走完的月份不计入，但会计数。',
  },
  owner: 'finance',
  status: 'certified',
  version: 1,
  effectiveFrom: '2026-01-01',
  model: 'xo.customer_month',
  population: { column: 'orders', between: [1, null] },
  valid: { column: 'repurchased', present: true },
  parts: {
    repurchased: { count: 'rows', where: { column: 'repurchased', in: [true] } },
    n: { count: 'rows' },
  },
  estimator: { kind: 'share', interval: 'wilson', successes: 'repurchased', n: 'n' },
  minimumN: 10,
  dimensions: { score_group: { title: { en: 'Score group', zh: '评分组' } } },
  time: { column: 'month', kind: 'date', title: { en: 'Month', zh: '月份' } },
  unit: { en: 'share', zh: '占比' },
  format: 'percent',
  invariants: [{ kind: 'value-between', low: 0, high: 1 }],
})
