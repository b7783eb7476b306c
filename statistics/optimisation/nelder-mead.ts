/** Nelder–Mead: finds the least of a smooth function of a few parameters without its derivatives. */

export type Minimum = { readonly at: readonly number[]; readonly value: number; readonly converged: boolean }

type Vertex = { readonly at: readonly number[]; readonly value: number }

/** Restarted from its own answer until that no longer moves, as a single run may stop at a shrunken simplex. */
export function nelderMead(
  objective: (at: readonly number[]) => number,
  start: readonly number[],
  step = 0.5,
): Minimum {
  let best: Vertex = { at: start, value: objective(start) }
  for (let restart = 0; restart < 20; restart++) {
    const next = descend(objective, best, restart === 0 ? step : step / 4)
    const moved = Math.max(
      ...next.at.map((value, i) => Math.abs(value - (best.at[i] ?? 0)) / (1 + Math.abs(value))),
    )
    const settled = restart > 0 && moved < 1e-7
    best = next.value <= best.value ? next : best
    if (settled) return { ...best, converged: Number.isFinite(best.value) }
  }
  return { ...best, converged: false }
}

function descend(objective: (at: readonly number[]) => number, from: Vertex, step: number): Vertex {
  const simplex = [
    from,
    ...from.at.map((_, i) => {
      const at = from.at.map((value, j) => (i === j ? value + step : value))
      return { at, value: objective(at) }
    }),
  ]
  for (let iteration = 0; iteration < 400 * from.at.length; iteration++) {
    simplex.sort((a, b) => order(a.value) - order(b.value))
    const [best] = simplex
    const worst = simplex.at(-1)
    if (!best || !worst) return from
    const size = Math.max(
      ...simplex.flatMap(({ at }) =>
        at.map((value, i) => Math.abs(value - (best.at[i] ?? 0)) / (1 + Math.abs(value))),
      ),
    )
    if (size < 1e-9) return best
    replaceWorst(objective, simplex, best, worst)
  }
  return simplex.toSorted((a, b) => order(a.value) - order(b.value))[0] ?? from
}

function replaceWorst(
  objective: (at: readonly number[]) => number,
  simplex: Vertex[],
  best: Vertex,
  worst: Vertex,
): void {
  const others = simplex.slice(0, -1)
  const centre = best.at.map((_, i) => others.reduce((sum, { at }) => sum + (at[i] ?? 0), 0) / others.length)
  const along = (share: number): Vertex => {
    const at = centre.map((value, i) => value + share * ((worst.at[i] ?? 0) - value))
    return { at, value: objective(at) }
  }
  const replace = (vertex: Vertex) => simplex.splice(-1, 1, vertex)
  const reflected = along(-1)
  if (order(reflected.value) < order(best.value)) {
    const expanded = along(-2)
    replace(order(expanded.value) < order(reflected.value) ? expanded : reflected)
    return
  }
  if (order(reflected.value) < order(others.at(-1)?.value ?? Infinity)) {
    replace(reflected)
    return
  }
  const contracted = along(order(reflected.value) < order(worst.value) ? -0.5 : 0.5)
  if (order(contracted.value) < Math.min(order(worst.value), order(reflected.value))) {
    replace(contracted)
    return
  }
  for (const [i, vertex] of simplex.entries()) {
    if (i === 0) continue
    const at = vertex.at.map((value, j) => ((best.at[j] ?? 0) + value) / 2)
    simplex[i] = { at, value: objective(at) }
  }
}

/** What is no number counts as the worst. */
function order(value: number): number {
  return Number.isNaN(value) ? Infinity : value
}
