/** Every governed number: add a card's file here and it is in SQL, in TypeScript and in Cube. */
import type { MetricCard } from './card.ts'
import { csat } from './csat.ts'
import { nps } from './nps.ts'
import { repurchaseRate } from './repurchase-rate.ts'
import { MetricRequestInvalid } from './request.ts'
import { responseCount } from './response-count.ts'

export { answerColumns, defineMetric, MetricCard } from './card.ts'
export { compileCube, type CubeFile } from './compile-cube.ts'
export { compileSql, type CompiledMetric } from './compile-sql.ts'
export { evaluate, type MetricRow } from './evaluate.ts'
export { brokenInvariants } from './invariants.ts'
export { MetricRequest, MetricRequestInvalid } from './request.ts'

export const cards: readonly MetricCard[] = [nps, csat, responseCount, repurchaseRate]

/** The card of a name; throws `MetricRequestInvalid` naming the metrics there are. */
export function metric(name: string, among: readonly MetricCard[] = cards): MetricCard {
  const card = among.find((card) => card.name === name)
  if (card === undefined)
    throw new MetricRequestInvalid(
      `[metrics] no metric is called ${JSON.stringify(name)}; there are ${among.map((card) => card.name).join(', ')}.`,
    )
  return card
}
