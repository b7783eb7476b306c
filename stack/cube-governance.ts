/** What a query may say: public members of metric views only, always aggregated, on models the published version has. */
import type { PublishedVersion } from '#lake/published-version.ts'
import { viewMembers } from '#metrics/compile-cube.ts'
import type { MetricCard } from '#metrics/index.ts'

/** Refused in a way Cube answers with status 400 and this message. */
export class QueryRefused extends Error {
  override readonly name = 'QueryRefused'
  readonly type = 'UserError'
}

/** The parts of Cube's normalised query that name members. */
type Query = {
  readonly measures?: readonly unknown[]
  readonly dimensions?: readonly unknown[]
  readonly segments?: readonly unknown[]
  readonly timeDimensions?: readonly { readonly dimension: unknown }[]
  readonly filters?: readonly unknown[]
  readonly order?: unknown
  readonly ungrouped?: boolean
}

/**
 * Returns the query unchanged, or throws `QueryRefused`. Private measures (the additive parts) would tell what a withheld value hides,
 * and ungrouped rows are single answers, so neither may be asked for, filtered on or ordered by.
 */
export function governQuery<Q extends object>(
  query: Q,
  cards: readonly MetricCard[],
  published: PublishedVersion,
): Q {
  const asked = query as Query
  if (asked.ungrouped === true)
    throw new QueryRefused('[cube] ungrouped queries are not answered; ask for measures by dimensions.')
  for (const member of membersOf(asked)) {
    const card = cardOf(member, cards)
    if (published.models[card.model] === undefined)
      throw new QueryRefused(
        `[cube] published version ${published.version} has no ${card.model}, which ${card.name} is counted on; build and publish it.`,
      )
  }
  return query
}

function cardOf(member: string, cards: readonly MetricCard[]): MetricCard {
  const [view = '', name = ''] = member.split('.')
  const card = cards.find((card) => card.name === view)
  if (card === undefined)
    throw new QueryRefused(
      `[cube] no view is called ${JSON.stringify(view)}; there are ${cards.map((card) => card.name).join(', ')}.`,
    )
  const allowed = viewMembers(card)
  if (!allowed.includes(`${view}.${name}`))
    throw new QueryRefused(
      `[cube] view ${view} has no member ${JSON.stringify(member)}; it has ${allowed.join(', ')}.`,
    )
  return card
}

function membersOf(query: Query): string[] {
  return [
    ...(query.measures ?? []),
    ...(query.dimensions ?? []),
    ...(query.segments ?? []),
    ...(query.timeDimensions ?? []).map(({ dimension }) => dimension),
    ...(query.filters ?? []).flatMap(filterMembers),
    ...orderMembers(query.order),
  ].map((member) => (typeof member === 'string' ? member : JSON.stringify(member)))
}

function filterMembers(filter: unknown): unknown[] {
  if (typeof filter !== 'object' || filter === null) return [filter]
  const { and, or, member, dimension } = filter as Record<string, unknown>
  if (Array.isArray(and)) return and.flatMap(filterMembers)
  if (Array.isArray(or)) return or.flatMap(filterMembers)
  return [member ?? dimension]
}

function orderMembers(order: unknown): unknown[] {
  if (Array.isArray(order))
    return order.map((entry: unknown) =>
      Array.isArray(entry) ? (entry[0] as unknown) : (entry as { id?: unknown }).id,
    )
  return typeof order === 'object' && order !== null ? Object.keys(order) : []
}
