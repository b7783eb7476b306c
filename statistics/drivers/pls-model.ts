/** The shape of a PLS path model: latent variables with their items, and the paths between them. */
import { notSymmetric } from '#statistics/algebra/matrix-checks.ts'
import type { MatrixRows } from '#statistics/algebra/index.ts'
import { refuse, type Refusal } from '#statistics/refusal.ts'

export type LatentVariable = {
  readonly name: string
  /** Names of its items. */
  readonly items: readonly string[]
  /** 'A' (default): items reflect the latent variable; 'B': items form it. */
  readonly mode?: 'A' | 'B'
}

export type PlsScheme = 'centroid' | 'factorial' | 'path'

export type PlsModel = {
  readonly variables: readonly string[]
  /** Of the variables; a correlation matrix will do where `scaled`. */
  readonly covariance: MatrixRows
  readonly latents: readonly LatentVariable[]
  /** Pairs [from, to] of names; no circles. */
  readonly paths: readonly (readonly [string, string])[]
}

/** Per latent variable, the rows of its items in the covariance matrix. */
export type Blocks = readonly (readonly number[])[]

export function blocksOf({ variables, latents }: PlsModel): Blocks {
  return latents.map((latent) => latent.items.map((item) => variables.indexOf(item)))
}

/** Per latent variable, the indices of those it depends on directly. */
export function predecessorsOf({ latents, paths }: PlsModel): number[][] {
  const index = new Map(latents.map((latent, i) => [latent.name, i]))
  return latents.map(({ name }) =>
    paths.filter(([, to]) => to === name).map(([from]) => index.get(from) ?? -1),
  )
}

export function refuseModel(model: PlsModel): Refusal | undefined {
  const { variables, covariance, latents, paths } = model
  const refused = notSymmetric('plsPathModel', covariance)
  if (refused) return refused
  if (variables.length !== covariance.length)
    return refuse(
      'mismatch',
      `[plsPathModel] ${variables.length} names for a covariance matrix of ${covariance.length}.`,
    )
  if (latents.length < 2)
    return refuse('too-few', `[plsPathModel] ${latents.length} latent variables; a path needs two.`)
  const empty = latents.find((latent) => latent.items.length === 0)
  if (empty) return refuse('empty-cell', `[plsPathModel] ${empty.name} has no items; give at least one.`)
  const items = latents.flatMap((latent) => latent.items)
  const unknown = items.find((item) => !variables.includes(item))
  if (unknown !== undefined) return refuse('mismatch', `[plsPathModel] there is no variable ${unknown}.`)
  if (new Set(items).size < items.length || new Set(latents.map(({ name }) => name)).size < latents.length)
    return refuse(
      'mismatch',
      `[plsPathModel] an item or a latent variable is named twice; each belongs in one place.`,
    )
  const constant = items.find(
    (item) => !((covariance[variables.indexOf(item)]?.[variables.indexOf(item)] ?? 0) > 0),
  )
  if (constant !== undefined)
    return refuse('no-variance', `[plsPathModel] ${constant} does not vary; leave it out.`)
  return refusePaths(latents, paths)
}

function refusePaths(latents: readonly LatentVariable[], paths: PlsModel['paths']): Refusal | undefined {
  const names = latents.map((latent) => latent.name)
  const lost = paths.flat().find((name) => !names.includes(name))
  if (lost !== undefined)
    return refuse('mismatch', `[plsPathModel] a path names ${lost}, which is no latent variable.`)
  const lonely = names.find((name) => !paths.flat().includes(name))
  if (lonely !== undefined)
    return refuse('mismatch', `[plsPathModel] no path touches ${lonely}; connect it or leave it out.`)
  let left = names
  for (;;) {
    const free = left.filter((name) => !paths.some(([from, to]) => to === name && left.includes(from)))
    if (free.length === 0) break
    left = left.filter((name) => !free.includes(name))
  }
  return left.length > 0
    ? refuse(
        'mismatch',
        `[plsPathModel] the paths run in a circle through ${left.join(', ')}; a path model has none.`,
      )
    : undefined
}
