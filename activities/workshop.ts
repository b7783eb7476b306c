/** What the model activities work with: the project's models, the lake they read and write, and the engine that runs them. */
import { join } from 'node:path'
import type { Build } from '#lake/builds.ts'
import { columnsOf } from '#lake/columns-of.ts'
import type { Control } from '#lake/control/open-control.ts'
import type { Engine, Slice } from '#lake/engine.ts'
import { rawFiles } from '#lake/raw-files.ts'
import type { Versions } from '#lake/versions.ts'
import type { Model, RawInput } from '#models/define-model.ts'

export type Workshop = {
  /** The lake's root folder. */
  readonly root: string
  readonly control: Control
  readonly versions: Versions
  readonly engine: Engine
  readonly models: readonly Model[]
  readonly now: () => Date
  readonly newId: () => string
}

export type Inputs = {
  readonly slices: readonly Slice[]
  readonly contents: Readonly<Record<string, string>>
}

export function modelNamed(workshop: Workshop, name: string): Model {
  const model = workshop.models.find((each) => each.name === name)
  if (model === undefined)
    throw new Error(
      `[models] there is no model ${name}; there are ${workshop.models.map((each) => each.name).join(', ')}.`,
    )
  return model
}

export function builtSlice({ root }: Workshop, build: Build, table = build.model): Slice {
  return { table, columns: build.columns, files: build.files.map((file) => join(root, file)) }
}

/** Exactly what a model reads: the named builds of its upstream models, and the landed files of its streams. */
export async function inputsOf(
  workshop: Workshop,
  model: Model,
  upstream: Readonly<Record<string, string>>,
): Promise<Inputs> {
  const slices: Slice[] = []
  const contents: Record<string, string> = {}
  for (const table of model.reads) {
    const build = await workshop.versions.buildOf(table, upstream[table] ?? '(none)')
    slices.push(builtSlice(workshop, build))
    contents[table] = build.contentHash
  }
  for (const [table, input] of Object.entries(model.raw)) {
    const landed = await landedSlice(workshop, table, input)
    slices.push(landed.slice)
    contents[table] = landed.content
  }
  return { slices, contents }
}

async function landedSlice({ root, control }: Workshop, table: string, { source, stream, record }: RawInput) {
  const files = await rawFiles(control, source, stream)
  const columns = columnsOf(record)
  return {
    slice: { table, landed: true, columns, files: files.map((file) => join(root, file.path)) },
    // The types a file's columns are read as are part of what is read.
    content: JSON.stringify([source, stream, columns, ...files.map((file) => file.sha256)]),
  }
}
