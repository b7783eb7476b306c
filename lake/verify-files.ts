/** Reads every file of a version and of what was landed, and names those that are not as they were written. */
import { findBuild, type Build } from './builds.ts'
import type { ControlDatabase } from './control/open-control.ts'
import type { LakeFile } from './partition.ts'
import { findPartitions, forgetPartition, type PartitionRef } from './partitions.ts'
import type { Storage } from './storage.ts'

export type DamagedFile = {
  readonly path: string
  readonly what: 'missing' | 'damaged'
  /** The partition it was of, which is forgotten now, so that the next build makes it anew; null for landed files. */
  readonly partition: PartitionRef | null
}

export type Verified = {
  readonly files: number
  readonly bytes: number
  readonly damaged: readonly DamagedFile[]
}

type VerifyWork = { readonly db: ControlDatabase; readonly storage: Pick<Storage, 'hashOf'> }

/** A partition with a damaged file is forgotten. */
export async function verifyFiles(
  { db, storage }: VerifyWork,
  models: Readonly<Record<string, string>>,
  say: (line: string) => void = () => {},
): Promise<Verified> {
  const files = [...(await builtFiles(db, models)), ...(await landedFiles(db))]
  const damaged: DamagedFile[] = []
  let bytes = 0
  for (const [index, { file, partition }] of files.entries()) {
    say(`verifying files: ${index + 1} of ${files.length}`)
    bytes += file.bytes
    const found = await storage.hashOf(file.path)
    if (found !== file.sha256)
      damaged.push({ path: file.path, what: found === undefined ? 'missing' : 'damaged', partition })
  }
  for (const { partition, path } of damaged)
    if (partition !== null) await forgetPartition(db, partition, path)
  return { files: files.length, bytes, damaged }
}

type Verifiable = { readonly file: LakeFile; readonly partition: PartitionRef | null }

/** Each once, though unions name the partitions of others. */
async function builtFiles(
  db: ControlDatabase,
  models: Readonly<Record<string, string>>,
): Promise<Verifiable[]> {
  const builds: Build[] = []
  for (const [model, fingerprint] of Object.entries(models)) {
    const build = await findBuild(db, model, fingerprint)
    if (build) builds.push(build)
  }
  const refs = builds.flatMap(({ partitions }) => partitions ?? [])
  const found: Verifiable[] = []
  for (const [model, own] of Map.groupBy(refs, ({ model }) => model)) {
    const names = [...new Set(own.map(({ fingerprint }) => fingerprint))]
    for (const { fingerprint, files, index } of (await findPartitions(db, model, names)).values())
      for (const file of [...files, ...index]) found.push({ file, partition: { model, fingerprint } })
  }
  return found
}

async function landedFiles(db: ControlDatabase): Promise<Verifiable[]> {
  const rows = await db.selectFrom('load_file').select(['path', 'bytes', 'sha256']).orderBy('path').execute()
  return rows.map((file) => ({ file, partition: null }))
}
