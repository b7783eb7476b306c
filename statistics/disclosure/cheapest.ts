/** The exact search: sets of complementary cells in rising order of cost; the first safe one is the cheapest. */
import type { DisclosureRule } from './audit.ts'
import { protectors } from './bounds.ts'
import { candidatesFor } from './candidates.ts'
import type { IndexedTable } from './component.ts'

type Search = {
  readonly table: IndexedTable
  readonly small: ReadonlySet<string>
  readonly rule: Required<DisclosureRule>
  /** A safe set: nothing dearer needs to be looked at. */
  readonly known: ReadonlySet<string>
  readonly audits: number
}

type Node = { readonly cost: number; readonly extra: readonly string[] }

/** The cheapest safe set, or nothing when the audits are used up. */
export function cheapestSuppression({
  table,
  small,
  rule,
  known,
  audits,
}: Search): ReadonlySet<string> | undefined {
  const limit = table.cells.reduce((sum, { id, n }) => (known.has(id) && !small.has(id) ? sum + n : sum), 0)
  const queue: Node[] = [{ cost: 0, extra: [] }]
  const seen = new Set<string>([''])
  for (let left = audits; left > 0; left--) {
    const node = takeCheapest(queue)
    if (!node) return known
    const hidden = new Set([...small, ...node.extra])
    const protectorsOf = protectors(table, hidden, rule.protection)
    const unsafe = [...small].find((id) => !protectorsOf(id))
    if (unsafe === undefined) return hidden
    for (const { id, n } of candidatesFor(table, hidden, unsafe)) {
      const extra = [...node.extra, id].sort()
      const key = extra.join('\n')
      if (node.cost + n >= limit || seen.has(key)) continue
      seen.add(key)
      queue.push({ cost: node.cost + n, extra })
    }
  }
  return undefined
}

function takeCheapest(queue: Node[]): Node | undefined {
  let best = 0
  for (const [i, { cost }] of queue.entries()) if (cost < (queue[best]?.cost ?? Infinity)) best = i
  const [node] = queue.splice(best, 1)
  return node
}
