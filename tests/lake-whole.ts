/** What must be true of a lake at every instant, also right after a process was killed: whatever is named is there, as it was written. */
import type { Control } from '#lake/control/open-control.ts'
import { readCurrent } from '#lake/current-version.ts'
import { buildOf, partitionsOf } from '#lake/builds.ts'
import { LakeFile } from '#lake/partition.ts'
import type { Storage } from '#lake/storage.ts'

/** What is wrong, in words; empty when all is well. */
export async function whatIsBroken(storage: Storage, control: Control): Promise<string[]> {
  const { db } = control
  const broken: string[] = []
  const seen = new Set<string>()
  const expectWhole = async ({ path, sha256 }: Pick<LakeFile, 'path' | 'sha256'>, by: string) => {
    if (seen.has(path)) return
    seen.add(path)
    const found = await storage.hashOf(path)
    if (found !== sha256)
      broken.push(`${path}, named by ${by}, ${found ? 'has another content' : 'is missing'}`)
  }
  for (const file of await db.selectFrom('load_file').select(['path', 'sha256']).execute())
    await expectWhole(file, 'a load')
  for (const { model, files, index } of await db.selectFrom('model_partition').selectAll().execute())
    for (const file of [...filesIn(files), ...filesIn(index)])
      await expectWhole(file, `a partition of ${model}`)
  for (const { file } of await db.selectFrom('key_set').select('file').execute())
    await expectWhole(LakeFile.parse(JSON.parse(file)), 'a set of keys')
  for (const { file } of await db.selectFrom('raw_index').select('file').execute())
    await expectWhole(LakeFile.parse(JSON.parse(file)), 'an index')
  for (const { ledger } of await db.selectFrom('stream_ledger').select('ledger').execute()) {
    const { replaced } = JSON.parse(ledger) as { replaced: LakeFile | null }
    if (replaced) await expectWhole(replaced, 'a ledger')
  }
  const versions = await db.selectFrom('publish_version').select(['version', 'models']).execute()
  for (const { version, models } of versions)
    for (const [model, fingerprint] of Object.entries(JSON.parse(models) as Record<string, string>))
      try {
        await partitionsOf(db, await buildOf(db, model, fingerprint))
      } catch (error) {
        broken.push(`version ${version}: ${String(error)}`)
      }
  const current = await readCurrent(storage).catch((error: unknown) => void broken.push(String(error)))
  if (current && !versions.some(({ version }) => version === current.version))
    broken.push(`current.json names version ${current.version}, which there is not`)
  for (const path of Object.values(current?.models ?? {}).flatMap(({ files }) => files))
    if ((await storage.stat(path)) === undefined)
      broken.push(`current.json leads to ${path}, which is missing`)
  return broken
}

function filesIn(text: string): LakeFile[] {
  return LakeFile.array().parse(JSON.parse(text))
}
