/** Metrics that answer otherwise on one version than on another. */
import type { PublishedVersion } from '#lake/published-version.ts'
import { cards } from '#metrics/index.ts'
import type { State } from '#stack/open-state.ts'
import { askMetric, type MetricAnswer } from './ask-metric.ts'

type Numbers = Pick<MetricAnswer, 'value' | 'n' | 'low' | 'high' | 'suppressed'>

export type MetricDiff = {
  readonly metric: string
  /** The dimension's value; null for all rows together. */
  readonly group: string | null
  readonly before: Numbers | null
  readonly after: Numbers | null
}

export type MetricsAsked = {
  readonly versions: readonly [PublishedVersion, PublishedVersion]
  readonly by: string | undefined
  readonly timezone: string
}

/** Overall, and by a dimension for the cards that have it; a version without the card's table answers nothing. */
export async function diffMetrics(
  state: State,
  { versions, by, timezone }: MetricsAsked,
): Promise<MetricDiff[]> {
  const diffs: MetricDiff[] = []
  for (const card of cards) {
    const splits = by !== undefined && by in card.dimensions ? [undefined, by] : [undefined]
    for (const split of splits) {
      const [before, after] = await Promise.all(
        versions.map((version) => answersBy(state, version, { name: card.name, split, timezone })),
      )
      for (const group of new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])) {
        const [was, is] = [before?.get(group) ?? null, after?.get(group) ?? null]
        if (JSON.stringify(was) !== JSON.stringify(is))
          diffs.push({ metric: card.name, group: split === undefined ? null : group, before: was, after: is })
      }
    }
  }
  return diffs
}

type Asked = { readonly name: string; readonly split: string | undefined; readonly timezone: string }

async function answersBy(
  state: State,
  version: PublishedVersion,
  { name, split, timezone }: Asked,
): Promise<Map<string, Numbers>> {
  const card = cards.find((each) => each.name === name)
  if (card === undefined || !(card.model in version.models)) return new Map()
  const rows = await askMetric(state, version, name, { by: split === undefined ? [] : [split], timezone })
  return new Map(
    rows.map(({ value, n, low, high, suppressed, ...row }) => {
      const group = split === undefined ? '' : row[split]
      return [typeof group === 'string' ? group : '–', { value, n, low, high, suppressed }]
    }),
  )
}
