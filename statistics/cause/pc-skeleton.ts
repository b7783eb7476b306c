/** The PC algorithm on a correlation matrix: which variables stay connected whatever else is held fixed, and which way. */
import { normalUpper } from '#statistics/distributions/index.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'
import { orient } from './orient.ts'
import { fisherZ, partialCorrelation } from './partial-correlation.ts'

export type PcOptions = {
  readonly variables: readonly string[]
  readonly correlation: readonly (readonly number[])[]
  /** Two variables are apart when a partial correlation is smaller than this. Default 0.05; not used with `alpha`. */
  readonly threshold?: number
  /** Test by Fisher's z at this level instead; needs `n`. With large n everything is significant: prefer the threshold. */
  readonly alpha?: number
  readonly n?: number
  /** Time order: a variable of a lower tier is never an effect of a higher one, nor held fixed for what came before it. */
  readonly tiers?: readonly number[]
  /** Most variables held fixed at once. Default 4. */
  readonly mostGiven?: number
}

export type PcEdge = {
  readonly from: string
  readonly to: string
  /** `from → to`; false = the data and tiers do not say which way. */
  readonly directed: boolean
  /** The smallest partial correlation met, in absolute value, with its sign. */
  readonly weakest: number
}

export type PcSeparation = {
  readonly a: string
  readonly b: string
  readonly given: readonly string[]
  readonly partial: number
}

export type PcGraph = { readonly edges: readonly PcEdge[]; readonly separations: readonly PcSeparation[] }

type State = {
  readonly options: PcOptions
  readonly adjacent: boolean[][]
  readonly weakest: number[][]
  readonly separations: Map<string, PcSeparation>
}

/**
 * Explores which associations are left when others are held fixed, as a graph; directions only where colliders or tiers force
 * them. A picture of what to test next, never a cause to publish: hidden common causes are not seen.
 * Takes a correlation matrix (of any origin, e.g. moments) with names; order of the variables does not matter.
 * Refuses shapes that do not agree, entries that are not correlations, `alpha` without a sufficient `n`, variables that
 * determine each other.
 * Formula: remove a–b when some S ⊆ adj(a) or adj(b) has |ρ_ab.S| < threshold, or √(n−|S|−3)·|atanh ρ_ab.S| < z; then
 * colliders a→c←b where c ∉ S, tiers, and Meek's rules.
 * Source: Spirtes, Glymour & Scheines 2000; Colombo & Maathuis, JMLR 15 (2014) (order-independent); Meek 1995.
 * @example
 * const variables = ['x', 'y', 'z']
 * const chain = [[1, 0.6, 0.3], [0.6, 1, 0.5], [0.3, 0.5, 1]]
 * pcSkeleton({ variables, correlation: chain }).separations // [{ a: 'x', b: 'z', given: ['y'], partial: 0 }]
 * const collider = [[1, 0.5, 0], [0.5, 1, 0.5], [0, 0.5, 1]]
 * pcSkeleton({ variables, correlation: collider }).edges // [{ from: 'x', to: 'y', directed: true }, { from: 'z', to: 'y', directed: true }]
 */
export function pcSkeleton(options: PcOptions): PcGraph | Refusal {
  const refusal = unusable(options)
  if (refusal) return refusal
  const { variables, correlation, tiers } = options
  const state: State = {
    options,
    adjacent: variables.map((_, i) => variables.map((_, j) => i !== j)),
    weakest: correlation.map((row) => [...row]),
    separations: new Map(),
  }
  for (let size = 0; size <= (options.mostGiven ?? 4); size++) {
    const tested = separate(state, size)
    if (isRefusal(tested)) return tested
    if (!tested) break
  }
  const arrows = orient({
    adjacent: state.adjacent,
    tiers: tiers ?? variables.map(() => 0),
    separatedBy: (a, b) => state.separations.get(key(a, b))?.given.map((name) => variables.indexOf(name)),
  })
  return onlyFinite('pcSkeleton', {
    edges: edgesOf(state, arrows),
    separations: [...state.separations.values()],
  })
}

/** One round of PC-stable: neighbours are those of the start of the round. Returns whether any set of this size was there. */
function separate(state: State, size: number): boolean | Refusal {
  const { variables, tiers } = state.options
  const before = state.adjacent.map((row) => [...row])
  let tested = false
  for (let a = 0; a < variables.length; a++)
    for (let b = a + 1; b < variables.length; b++) {
      if (!before[a]?.[b]) continue
      for (const own of [a, b]) {
        const last = Math.max(tiers?.[a] ?? 0, tiers?.[b] ?? 0)
        const pool = [...variables.keys()].filter(
          (c) => c !== a && c !== b && before[own]?.[c] && (tiers?.[c] ?? 0) <= last,
        )
        if (pool.length < size) continue
        tested = true
        const apart = tryAll(state, a, b, pool, size)
        if (isRefusal(apart)) return apart
        if (apart) break
      }
    }
  return tested
}

/** Tries every set of the pool of this size; true when one separates. */
function tryAll(
  state: State,
  a: number,
  b: number,
  pool: readonly number[],
  size: number,
): boolean | Refusal {
  const { variables, correlation } = state.options
  for (const given of subsets(pool, size)) {
    const partial = partialCorrelation(correlation, a, b, given)
    if (partial === null)
      return refuse(
        'singular',
        `[pcSkeleton] ${[...given, a, b].map((i) => variables[i]).join(', ')} determine each other; leave one out.`,
      )
    if (Math.abs(partial) < Math.abs(state.weakest[a]?.[b] ?? 1)) set(state.weakest, a, b, partial)
    if (!isApart(state.options, partial, size)) continue
    set(state.adjacent, a, b, false)
    const [from = '', to = ''] = [variables[a], variables[b]]
    state.separations.set(key(a, b), { a: from, b: to, given: given.map((i) => variables[i] ?? ''), partial })
    return true
  }
  return false
}

function isApart({ threshold = 0.05, alpha, n = 0 }: PcOptions, partial: number, given: number): boolean {
  if (alpha === undefined) return Math.abs(partial) < threshold
  const tail = normalUpper(Math.abs(fisherZ(partial, n, given)))
  return !isRefusal(tail) && 2 * tail > alpha
}

function* subsets(items: readonly number[], size: number, from = 0): Generator<number[]> {
  if (size === 0) yield []
  else
    for (let i = from; i <= items.length - size; i++)
      for (const rest of subsets(items, size - 1, i + 1)) yield [items[i] ?? 0, ...rest]
}

function edgesOf(
  { options: { variables }, adjacent, weakest }: State,
  arrows: readonly (readonly boolean[])[],
): PcEdge[] {
  const edges: PcEdge[] = []
  for (let a = 0; a < variables.length; a++)
    for (let b = a + 1; b < variables.length; b++) {
      if (!adjacent[a]?.[b]) continue
      const back = arrows[b]?.[a] ?? false
      const [from, to] = back ? [b, a] : [a, b]
      edges.push({
        from: variables[from] ?? '',
        to: variables[to] ?? '',
        directed: back !== (arrows[a]?.[b] ?? false),
        weakest: weakest[a]?.[b] ?? 0,
      })
    }
  return edges
}

function key(a: number, b: number): string {
  return `${Math.min(a, b)}:${Math.max(a, b)}`
}

function set<T>(matrix: T[][], a: number, b: number, value: T): void {
  matrix[a]?.splice(b, 1, value)
  matrix[b]?.splice(a, 1, value)
}

function unusable({
  variables,
  correlation,
  threshold = 0.05,
  alpha,
  n = 0,
  tiers,
  mostGiven = 4,
}: PcOptions): Refusal | undefined {
  const p = variables.length
  if (p < 2) return refuse('too-few', `[pcSkeleton] ${p} variable(s); give at least two.`)
  if (
    correlation.length !== p ||
    correlation.some((row) => row.length !== p) ||
    (tiers && tiers.length !== p)
  )
    return refuse('mismatch', `[pcSkeleton] the correlation matrix or the tiers do not fit ${p} variables.`)
  if (correlation.flat().some((value) => !Number.isFinite(value)))
    return refuse(
      'not-finite',
      '[pcSkeleton] a correlation is not finite; a constant variable has none, leave it out.',
    )
  for (const [i, row] of correlation.entries())
    for (const [j, value] of row.entries())
      if (Math.abs(value - (i === j ? 1 : (correlation[j]?.[i] ?? 0))) > 1e-9 || Math.abs(value) > 1)
        return refuse(
          'out-of-range',
          `[pcSkeleton] entry ${i},${j} is ${value}; correlations are symmetric, within ±1, and 1 on the diagonal.`,
        )
  if (!(threshold > 0 && threshold < 1) || !Number.isInteger(mostGiven) || mostGiven < 0)
    return refuse(
      'out-of-range',
      `[pcSkeleton] threshold ${threshold}, mostGiven ${mostGiven}; give 0 < threshold < 1 and a whole number.`,
    )
  if (alpha !== undefined && !(alpha > 0 && alpha < 1 && n > Math.min(p - 2, mostGiven) + 3))
    return refuse(
      'too-few',
      `[pcSkeleton] alpha ${alpha} with n ${n}; give 0 < alpha < 1 and n above ${Math.min(p - 2, mostGiven) + 3}.`,
    )
  return undefined
}
