/** How a model's columns differ from those served, and whom that breaks: models that read them, by lineage, and metrics. */
import type { Column } from '#lake/column.ts'
import { widens } from '#lake/narrowed.ts'
import { identifier } from '#lake/quote.ts'
import { cards, type MetricCard } from '#metrics/index.ts'
import { predicateColumns } from '#metrics/predicate.ts'
import type { Model } from '#models/define-model.ts'
import { downstreamOf } from '#models/lineage/reach.ts'
import type { Traceable } from '#models/lineage/model-origins.ts'
import { traceable } from '#models/lineage/traceable.ts'
import { lineageOf } from '#models/lineage.ts'

export type ContractChange = {
  readonly column: string
  readonly change: 'added' | 'removed' | 'retyped' | 'widened'
  readonly before: string | null
  readonly after: string | null
  /** Models that its values or choices reach, and metrics that read it; of an added column nobody's. */
  readonly reaches: readonly string[]
  readonly metrics: readonly string[]
  /** Somebody reads what is gone or means something else now. */
  readonly breaking: boolean
}

type Difference = Pick<ContractChange, 'column' | 'change' | 'before' | 'after'>

export function columnDifferences(before: readonly Column[], after: readonly Column[]): Difference[] {
  const was = new Map(before.map(({ name, type }) => [name, type]))
  const is = new Map(after.map(({ name, type }) => [name, type]))
  const removed = before.filter(({ name }) => !is.has(name))
  return [
    ...removed.map(({ name, type }): Difference => ({
      column: name,
      change: 'removed',
      before: type,
      after: null,
    })),
    ...after.flatMap(({ name, type }): Difference[] => {
      const old = was.get(name)
      if (old === undefined) return [{ column: name, change: 'added', before: null, after: type }]
      if (old === type) return []
      return [{ column: name, change: widens(old, type) ? 'widened' : 'retyped', before: old, after: type }]
    }),
  ]
}

/** By model, for those whose columns differ from what is served. */
export async function contractChanges(
  models: readonly Model[],
  served: ReadonlyMap<string, readonly Column[]>,
): Promise<Map<string, ContractChange[]>> {
  const changed = models.flatMap((model) => {
    const differences = columnDifferences(served.get(model.name) ?? model.columns, model.columns)
    return differences.length > 0 ? [{ model, differences }] : []
  })
  if (changed.length === 0) return new Map()
  const reach = await reachOf(models, served)
  return new Map(
    changed.map(({ model, differences }) => [
      model.name,
      differences.map((difference): ContractChange => {
        const isNew = difference.change === 'added'
        const reaches = isNew ? [] : reach(`${model.name}.${difference.column}`)
        const metrics = isNew ? [] : metricsReading(model.name, difference.column)
        const isLoss = difference.change === 'removed' || difference.change === 'retyped'
        return {
          ...difference,
          reaches,
          metrics,
          breaking: isLoss && reaches.length + metrics.length > 0,
        }
      }),
    ]),
  )
}

/** Lineage in which columns that are gone still have their place, so that who reads them is found. */
async function reachOf(
  models: readonly Model[],
  served: ReadonlyMap<string, readonly Column[]>,
): Promise<(column: string) => string[]> {
  const graph = await lineageOf(
    models.map((model) => {
      const own = new Set(model.columns.map(({ name }) => name))
      const gone = (served.get(model.name) ?? []).filter(({ name }) => !own.has(name))
      return gone.length === 0 ? traceable(model) : withColumns(traceable(model), gone)
    }),
  )
  return (column) => [...new Set(downstreamOf(graph, column).map(({ table }) => table))].toSorted()
}

function withColumns(model: Traceable, gone: readonly Column[]): Traceable {
  const { query, derives, columns, ...rest } = model
  const all = { ...rest, columns: [...columns, ...gone] }
  if (query === undefined)
    return { ...all, derives: { ...derives, ...Object.fromEntries(gone.map(({ name }) => [name, []])) } }
  const nulls = gone.map(({ name, type }) => `cast(null as ${type}) as ${identifier(name)}`).join(', ')
  return { ...all, query: { sql: `select own.*, ${nulls} from (${query.sql}) as own` } }
}

function metricsReading(model: string, column: string): string[] {
  return cards
    .filter((card) => card.model === model && columnsOfCard(card).has(column))
    .map(({ name }) => name)
}

function columnsOfCard({ population, valid, time, dimensions, parts }: MetricCard): Set<string> {
  return new Set([
    ...predicateColumns(population),
    ...predicateColumns(valid),
    time.column,
    ...Object.keys(dimensions),
    ...Object.values(parts).flatMap((part) => [
      ...(part.where ? predicateColumns(part.where) : []),
      ...(part.count === 'distinct' ? [part.column] : []),
    ]),
  ])
}
