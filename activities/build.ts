/** Build one model: under its fingerprint, once, invisible until published. */
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { ContractBroken } from '#lake/contract-broken.ts'
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
    const { slices, contents } = await inputsOf(workshop, model, upstream)
    const print = fingerprint({ model, engine: workshop.engine.majorVersion, contents })
    const known = await workshop.versions.findBuild(name, print)
    if (known !== undefined) return { model: name, fingerprint: print, rows: known.rows, built: false }

    const draft = join(workshop.root, '_tmp', `build-${workshop.newId()}`)
    const folder = join('models', name, print)
    await mkdir(draft, { recursive: true })
    try {
      const report = await workshop.engine
        .build({
          query: model.query,
          inputs: slices,
          columns: model.columns,
          folder: draft,
          signal: signal(),
        })
        .catch((error: unknown) => {
          throw explained(name, error)
        })
      for (const file of report.files) await syncToDisk(join(draft, file))
      await settle(draft, join(workshop.root, folder))
      await workshop.versions.recordBuild({
        model: name,
        fingerprint: print,
        grain: model.grain,
        columns: model.columns,
        files: report.files.map((file) => join(folder, file)),
        rows: report.rows,
        bytes: report.bytes,
        contentHash: report.contentHash,
      })
      return { model: name, fingerprint: print, rows: report.rows, built: true }
    } finally {
      await rm(draft, { recursive: true, force: true })
    }
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
  const message = error instanceof Error ? error.message : String(error)
  const broken = /^(Binder|Catalog|Parser|Conversion) Error/.test(message)
  return broken
    ? new ModelBroken(`[${model}] its query does not run: ${message.split('\n')[0]}`, { cause: error })
    : error
}
