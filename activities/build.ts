/** Build one model: under its fingerprint, once, invisible until published. */
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ContractBroken } from '#lake/contract-broken.ts'
import type { BuildReport, Slice } from '#lake/engine.ts'
import { ValueRefused } from '#lake/value-refused.ts'
import type { Model } from '#models/define-model.ts'
import { fingerprint } from '#models/fingerprint.ts'
import type { Activities, ModelBuild } from './index.ts'
import { inputsOf, modelNamed, type Workshop } from './workshop.ts'

/** A failure that only a change of the model can mend. */
export class ModelBroken extends Error {
  override readonly name = 'ModelBroken'
}

export function createBuild(workshop: Workshop, signal: () => AbortSignal | undefined): Activities['build'] {
  return async ({ model: name, upstream }): Promise<ModelBuild> => {
    const model = modelNamed(workshop, name)
    const inputs = await inputsOf(workshop, model, upstream)
    const print = fingerprint({ model, engine: workshop.engine.majorVersion, contents: inputs.contents })
    const known = await workshop.versions.findBuild(name, print)
    if (known !== undefined) return { model: name, fingerprint: print, rows: known.rows, built: false }

    const { files, ...report } = await buildInto(join('models', name, print), {
      workshop,
      model,
      inputs: inputs.slices,
      signal: signal(),
    })
    await workshop.versions.recordBuild({
      model: name,
      fingerprint: print,
      grain: model.grain,
      columns: model.columns,
      files,
      ...report,
    })
    return { model: name, fingerprint: print, rows: report.rows, built: true }
  }
}

type Work = {
  readonly workshop: Workshop
  readonly model: Model
  readonly inputs: readonly Slice[]
  readonly signal: AbortSignal | undefined
}

/** Build in a draft folder and move it, durable, to its own; answers the files relative to the lake's root. */
async function buildInto(folder: string, { workshop, model, inputs, signal }: Work): Promise<BuildReport> {
  const draft = join(workshop.root, '_tmp', `build-${workshop.newId()}`)
  await mkdir(draft, { recursive: true })
  try {
    const { query, columns } = model
    const report = await workshop.engine.build({ query, inputs, columns, folder: draft, signal })
    for (const file of report.files) await syncToDisk(join(draft, file))
    await settle(draft, join(workshop.root, folder))
    return { ...report, files: report.files.map((file) => join(folder, file)) }
  } catch (error) {
    throw explained(model.name, error)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

/** Move a finished build to its final name; where another attempt was first, its files are the same build. */
async function settle(draft: string, folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true })
  try {
    await rename(draft, folder)
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

async function syncToDisk(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function explained(model: string, error: unknown): unknown {
  if (error instanceof ContractBroken) return new ModelBroken(`[${model}] ${error.message}`, { cause: error })
  if (error instanceof ValueRefused) return new ModelBroken(`[${model}] ${error.message}`)
  const message = error instanceof Error ? error.message : String(error)
  const broken = /^(Binder|Catalog|Parser) Error/.test(message)
  return broken
    ? new ModelBroken(`[${model}] its query does not run: ${message.split('\n')[0]}`, { cause: error })
    : error
}
