/** PLS path modelling from a covariance matrix: weights of items, paths between latent variables, quality, CSI weights. */
import { symmetricEigen, type MatrixRows } from '#statistics/algebra/index.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'

import { allAccepted } from './all-accepted.ts'
import { blocksOf, predecessorsOf, refuseModel, type PlsModel, type PlsScheme } from './pls-model.ts'
import { outerWeights, regress } from './pls-weights.ts'

export type PlsLatent = {
  readonly name: string
  /** One per item; of standardised items where `scaled`, else of items in their own unit. */
  readonly weights: readonly number[]
  /** Weights of items in their own unit that sum to 1: the weights of a satisfaction index. */
  readonly indexWeights: readonly number[]
  /** Correlation of each item with the latent variable. */
  readonly loadings: readonly number[]
  /** Mean squared loading (average variance extracted). */
  readonly communality: number
  /** 0 where nothing leads to it. */
  readonly rSquared: number
  /** Reliability of the block from its correlations; 1 for a single item, low or below 0 where items point different ways. */
  readonly cronbachAlpha: number
  readonly dillonGoldsteinRho: number
}

export type PlsPath = {
  readonly from: string
  readonly to: string
  readonly direct: number
  readonly total: number
}

export type PlsPathModel = {
  readonly latents: readonly PlsLatent[]
  /** All pairs with an effect, direct or not. */
  readonly paths: readonly PlsPath[]
  readonly correlations: MatrixRows
  /** √(mean communality of blocks with several items × mean R²); absent where all blocks have one item. */
  readonly goodnessOfFit?: number
  readonly iterations: number
}

/**
 * Latent variables (image, quality, satisfaction, loyalty) as weighted items, and how they lead to each other.
 *
 * Needs only a covariance or correlation matrix, for instance of `summarise` or `emMoments`; with n in the denominator if raw weights shall equal plspm's.
 * `scaled` (default) standardises items. The iteration ends when the squared changes of the weights sum to less than `tolerance`
 * (default 1e-20, that is convergence; plspm stops at 1e-6).
 * Refuses unknown or repeated names, items that do not vary, empty blocks, circles, copies in mode B or among predecessors, and no convergence.
 * Formula: zᵢ = Σⱼ eⱼᵢyⱼ, mode A wᵢ ∝ Cov(xᵢ, zᵢ), mode B wᵢ ∝ Sᵢᵢ⁻¹Cov(xᵢ, zᵢ), Var(yᵢ) = 1; paths by least squares on the correlations of y.
 * Source: Wold 1982; Tenenhaus, Esposito Vinzi, Chatelin, Lauro, Comput. Stat. Data Anal. 48, 2005; Fornell et al. 1996 (index weights).
 *
 * @example
 * const covariance = [[1, 0.6, 0.4, 0.3], [0.6, 1, 0.3, 0.2], [0.4, 0.3, 1, 0.5], [0.3, 0.2, 0.5, 1]]
 * const latents = [{ name: 'quality', items: ['q1', 'q2'] }, { name: 'satisfaction', items: ['s1', 's2'] }]
 * const model = plsPathModel({ variables: ['q1', 'q2', 's1', 's2'], covariance, latents, paths: [['quality', 'satisfaction']] })
 * model.paths[0] // { from: 'quality', to: 'satisfaction', direct: 0.4051368, total: 0.4051368 }
 */
export function plsPathModel({
  scheme = 'path',
  scaled = true,
  tolerance = 1e-20,
  mostIterations = 1000,
  ...model
}: PlsModel & {
  readonly scheme?: PlsScheme
  readonly scaled?: boolean
  readonly tolerance?: number
  readonly mostIterations?: number
}): PlsPathModel | Refusal {
  const refusal = refuseModel(model)
  if (refusal) return refusal
  if (!(tolerance > 0))
    return refuse('out-of-range', `[plsPathModel] tolerance is ${tolerance}; give a number above 0.`)
  const sd = model.covariance.map((row, i) => Math.sqrt(row[i] ?? 0))
  const r = model.covariance.map((row, i) => row.map((value, j) => value / ((sd[i] || 1) * (sd[j] || 1))))
  const blocks = blocksOf(model)
  const predecessors = predecessorsOf(model)
  const modes = model.latents.map(({ mode, items }) => (items.length === 1 ? 'A' : (mode ?? 'A')))
  const s = scaled ? r : model.covariance
  const outer = outerWeights({ s, blocks, modes, predecessors, scheme, tolerance, mostIterations })
  if (isRefusal(outer)) return outer
  const inner = structure(outer.correlations, predecessors)
  if (isRefusal(inner)) return inner
  const latents = model.latents.map(({ name }, i) => {
    const block = blocks[i] ?? []
    const weights = outer.weights[i] ?? []
    return latentOf(name, block, { weights, rSquared: inner.rSquared[i] ?? 0, s, r, sd, scaled })
  })
  const described = allAccepted(latents)
  if (isRefusal(described)) return described
  return onlyFinite('plsPathModel', {
    latents: described,
    paths: effects(model, inner.direct),
    correlations: outer.correlations,
    ...fitOf(described, predecessors),
    iterations: outer.iterations,
  })
}

type Structure = { readonly direct: number[][]; readonly rSquared: number[] }

/** `direct[from][to]`. */
function structure(c: MatrixRows, predecessors: readonly (readonly number[])[]): Structure | Refusal {
  const direct = c.map((row) => row.map(() => 0))
  const rSquared = c.map(() => 0)
  for (const [to, froms] of predecessors.entries()) {
    const slopes = regress(c, froms, to)
    if (isRefusal(slopes)) return slopes
    for (const [k, from] of froms.entries()) {
      ;(direct[from] ?? [])[to] = slopes[k] ?? 0
      rSquared[to] = (rSquared[to] ?? 0) + (slopes[k] ?? 0) * (c[from]?.[to] ?? 0)
    }
  }
  return { direct, rSquared }
}

/** Direct effects, and total ones as the sum over all chains of paths. */
function effects({ latents }: PlsModel, direct: number[][]): PlsPath[] {
  let chains = direct
  const total = direct.map((row) => [...row])
  for (let length = 2; length < latents.length; length++) {
    chains = chains.map((row) =>
      latents.map((_, to) => row.reduce((sum, value, via) => sum + value * (direct[via]?.[to] ?? 0), 0)),
    )
    for (const [from, row] of total.entries())
      for (const [to, value] of row.entries()) row[to] = value + (chains[from]?.[to] ?? 0)
  }
  return latents.flatMap((from, i) =>
    latents.flatMap((to, j) => {
      const own = direct[i]?.[j] ?? 0
      const all = total[i]?.[j] ?? 0
      return own === 0 && all === 0 ? [] : [{ from: from.name, to: to.name, direct: own, total: all }]
    }),
  )
}

type LatentInput = {
  readonly weights: readonly number[]
  readonly rSquared: number
  readonly s: MatrixRows
  readonly r: MatrixRows
  readonly sd: readonly number[]
  readonly scaled: boolean
}

function latentOf(name: string, block: readonly number[], input: LatentInput): PlsLatent | Refusal {
  const { weights, rSquared, s, r, sd, scaled } = input
  const loadings = block.map((row) => {
    const covariance = block.reduce((sum, column, k) => sum + (s[row]?.[column] ?? 0) * (weights[k] ?? 0), 0)
    return scaled ? covariance : covariance / (sd[row] ?? 1)
  })
  const own = weights.map((weight, k) => (scaled ? weight / (sd[block[k] ?? 0] ?? 1) : weight))
  const sum = own.reduce((a, b) => a + b, 0)
  const rho = firstComponentRho(block.map((row) => block.map((column) => r[row]?.[column] ?? 0)))
  if (isRefusal(rho)) return rho
  return {
    name,
    weights,
    indexWeights: own.map((weight) => weight / sum),
    loadings,
    communality: loadings.reduce((squares, loading) => squares + loading ** 2, 0) / block.length,
    rSquared,
    cronbachAlpha: standardisedAlpha(block, r),
    dillonGoldsteinRho: rho,
  }
}

/** k/(k−1) · (1 − k/Σr) over the correlations of a block. */
function standardisedAlpha(block: readonly number[], r: MatrixRows): number {
  const k = block.length
  if (k === 1) return 1
  const all = block.reduce(
    (sum, row) => sum + block.reduce((inside, column) => inside + (r[row]?.[column] ?? 0), 0),
    0,
  )
  return (k / (k - 1)) * (1 - k / all)
}

/** (Σλ)²/((Σλ)² + Σ(1−λ²)) with λ the loadings on the first principal component. */
function firstComponentRho(r: MatrixRows): number | Refusal {
  const eigen = symmetricEigen(r)
  if (isRefusal(eigen)) return eigen
  const loadings = eigen.vectors.map((row) => (row[0] ?? 0) * Math.sqrt(eigen.values[0] ?? 0))
  const square = loadings.reduce((sum, loading) => sum + loading, 0) ** 2
  return square / (square + loadings.reduce((sum, loading) => sum + 1 - loading ** 2, 0))
}

function fitOf(
  latents: readonly PlsLatent[],
  predecessors: readonly (readonly number[])[],
): { goodnessOfFit?: number } {
  const several = latents.filter((latent) => latent.loadings.length > 1)
  const items = several.flatMap((latent) => latent.loadings)
  const explained = latents.filter((_, i) => (predecessors[i] ?? []).length > 0)
  if (items.length === 0) return {}
  const communality = items.reduce((sum, loading) => sum + loading ** 2, 0) / items.length
  const rSquared = explained.reduce((sum, latent) => sum + latent.rSquared, 0) / explained.length
  return { goodnessOfFit: Math.sqrt(communality * rSquared) }
}
