/** A lake of two tables whose every row carries the number of its set, so that a mix of versions can be seen. */
import { join } from 'node:path'
import { randomUUID } from 'node:crypto'
import { buildFrom } from '#lake/builds.ts'
import { collectGarbage } from '#lake/collect-garbage.ts'
import type { Column } from '#lake/column.ts'
import type { Control } from '#lake/control/open-control.ts'
import type { EngineSession } from '#lake/engine.ts'
import { findPartitions, recordPartition } from '#lake/partitions.ts'
import type { Storage } from '#lake/storage.ts'
import { inDraft, storeFile } from '#lake/store-file.ts'
import { openVersions } from '#lake/versions.ts'

export const TABLES = ['order', 'xo.month'] as const
const columns: readonly Column[] = [{ name: 'number', type: 'BIGINT' }]

export type NumberedLake = ReturnType<typeof numberedLake>

/** Every call is an hour later than the one before: what was made then may be collected now. */
export function numberedLake(storage: Storage, control: Control, session: EngineSession) {
  let hours = 0
  const now = () => new Date(Date.now() + (hours += 1) * 3_600_000)
  const versions = (environment?: string) => openVersions(storage, control, now, environment)

  async function partitionOf(model: string, number: number) {
    const fingerprint = `set-${number}`
    const known = (await findPartitions(control.db, model, [fingerprint])).get(fingerprint)
    if (known) return known
    const file = await inDraft(storage, randomUUID(), async (folder) => {
      const local = join(folder, 'data.parquet')
      const sql = `select ${number}::BIGINT as number from range(20)`
      await session.write({ query: { sql, parameters: [] }, inputs: [], file: local })
      return storeFile(storage, local, `models/${model}/${fingerprint}/${randomUUID()}.parquet`)
    })
    const made = { model, fingerprint, key: 'whole', files: [file], index: [], rows: 20, days: [] }
    const partition = { ...made, madeOf: { code: '', inputs: {} }, builtAt: now().toISOString() }
    await recordPartition(control.db, partition)
    return partition
  }

  /** As `build` would leave it; what is there already is taken as it is. */
  async function build(number: number): Promise<Record<string, string>> {
    const models: Record<string, string> = {}
    for (const model of TABLES) {
      const shape = { model, grain: ['number'], columns, time: null, inputs: {}, lookups: {} }
      const made = buildFrom(shape, [await partitionOf(model, number)])
      await versions().recordBuild(made)
      models[model] = made.fingerprint
    }
    return models
  }

  const collect = (keepVersions: number) =>
    collectGarbage({ control, storage, now }, { olderThanMs: 0, keepVersions })
  return { storage, control, versions, build, collect }
}
