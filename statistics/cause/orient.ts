/** Orients the edges of a skeleton: tiers, colliders, and what follows from them by Meek's rules. */

type Skeleton = {
  readonly adjacent: readonly (readonly boolean[])[]
  readonly tiers: readonly number[]
  /** The variables that separated two non-neighbours. */
  readonly separatedBy: (a: number, b: number) => readonly number[] | undefined
}

/** `arrows[a][b]` = a → b. An edge with neither or both ways is not oriented. */
export function orient({ adjacent, tiers, separatedBy }: Skeleton): boolean[][] {
  const nodes = [...adjacent.keys()]
  const arrows = nodes.map((a) =>
    nodes.map((b) => Boolean(adjacent[a]?.[b]) && (tiers[a] ?? 0) < (tiers[b] ?? 0)),
  )
  const mayPoint = (a: number, b: number) => (tiers[a] ?? 0) <= (tiers[b] ?? 0)
  const point = (a: number, b: number) => arrows[a]?.splice(b, 1, true)
  const colliders = unshieldedTriples(adjacent).filter(
    ([a, c, b]) => !separatedBy(a, b)?.includes(c) && mayPoint(a, c) && mayPoint(b, c),
  )
  for (const [a, c, b] of colliders) {
    point(a, c)
    point(b, c)
  }
  const has = (a: number, b: number) => Boolean(arrows[a]?.[b]) && !arrows[b]?.[a]
  const open = (a: number, b: number) => Boolean(adjacent[a]?.[b]) && !arrows[a]?.[b] && !arrows[b]?.[a]
  for (let changed = true; changed;) {
    changed = false
    for (const a of nodes)
      for (const b of nodes)
        if (open(a, b) && mayPoint(a, b) && mustPoint(a, b, nodes, adjacent, has, open)) {
          point(a, b)
          changed = true
        }
  }
  return arrows
}

/** a – c – b with a and b not neighbours. */
function unshieldedTriples(adjacent: readonly (readonly boolean[])[]): [number, number, number][] {
  const triples: [number, number, number][] = []
  for (const c of adjacent.keys())
    for (const a of adjacent.keys())
      for (let b = a + 1; b < adjacent.length; b++)
        if (adjacent[a]?.[c] && adjacent[b]?.[c] && !adjacent[a]?.[b]) triples.push([a, c, b])
  return triples
}

type Relation = (a: number, b: number) => boolean

/** Meek's rules 1 to 4: a → b, else there were a new collider or a cycle. */
function mustPoint(
  a: number,
  b: number,
  nodes: readonly number[],
  adjacent: readonly (readonly boolean[])[],
  has: Relation,
  open: Relation,
): boolean {
  const near: Relation = (x, y) => Boolean(adjacent[x]?.[y])
  const others = nodes.filter((c) => c !== a && c !== b)
  if (others.some((c) => has(c, a) && !near(c, b))) return true
  if (others.some((c) => has(a, c) && has(c, b))) return true
  const through = others.filter((c) => open(a, c) && has(c, b))
  if (through.some((c) => through.some((d) => c !== d && !near(c, d)))) return true
  return others.some(
    (c) => near(a, c) && has(c, b) && others.some((d) => d !== c && open(a, d) && has(d, c) && !near(d, b)),
  )
}
