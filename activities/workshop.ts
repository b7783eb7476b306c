/** What the model activities work with: the project's models, the lake they read and write, and the engine that runs them. */
import type { Control } from '#lake/control/open-control.ts'
import type { Engine } from '#lake/engine.ts'
import type { Storage } from '#lake/storage.ts'
import type { Versions } from '#lake/versions.ts'
import type { Model } from '#models/define-model.ts'

export type Workshop = {
  readonly storage: Storage
  readonly control: Control
  /** Versions as an environment serves them; the usual one when it is not named. */
  readonly versions: (environment?: string) => Versions
  readonly engine: Engine
  readonly models: readonly Model[]
  readonly now: () => Date
  readonly newId: () => string
}

export function modelNamed(workshop: Workshop, name: string): Model {
  const model = workshop.models.find((each) => each.name === name)
  if (model === undefined)
    throw new Error(
      `[models] there is no model ${name}; there are ${workshop.models.map((each) => each.name).join(', ')}.`,
    )
  return model
}
