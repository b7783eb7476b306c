/** Models named on the command line. */
import type { Model } from '#models/define-model.ts'
import { nearNames } from '#models/near-names.ts'

/** All when none is named. Throws ModelUnknown. */
export function modelsNamed(models: readonly Model[], names: readonly string[]): readonly Model[] {
  const known = models.map(({ name }) => name)
  for (const name of names) if (!known.includes(name)) throw new ModelUnknown(name, known)
  return names.length === 0 ? models : models.filter(({ name }) => names.includes(name))
}

/** There is no such model. */
export class ModelUnknown extends Error {
  override readonly name = 'ModelUnknown'
  constructor(name: string, known: readonly string[]) {
    const near = nearNames(name, known)
    const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : '`saydo lineage` lists the models.'
    super(`[models] there is no model ${name}; ${hint}`)
  }
}
