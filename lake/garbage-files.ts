/** Which files of the lake no row names: what a retired version leaves behind, and what killed attempts do. */
import { z } from 'zod'
import type { ControlDatabase } from './control/open-control.ts'
import type { NeedlessRows } from './garbage-rows.ts'
import { LakeFile } from './partition.ts'
import type { Storage, StoredFile } from './storage.ts'

const Files = z.array(LakeFile)
const Ledger = z.object({ replaced: LakeFile.nullable() })

/** Rows that are about to go name nothing; once they are gone, leave them out. */
export async function needlessFiles(
  storage: Pick<Storage, 'list'>,
  db: Pick<ControlDatabase, 'selectFrom'>,
  {
    before,
    going,
    versions,
  }: {
    readonly before: Date
    readonly going: NeedlessRows | undefined
    /** Versions that stay. */
    readonly versions: ReadonlySet<number>
  },
): Promise<StoredFile[]> {
  const made = [...(await storage.list('models')), ...(await storage.list('index'))]
  const described = await storage.list('versions')
  // Asked for after the listing: a file that is recorded in between is spared.
  const named = await namedFiles(db, going)
  const isOld = ({ modifiedAt }: StoredFile) => modifiedAt.getTime() < before.getTime()
  return [
    ...made.filter((file) => isOld(file) && !named.has(file.path)),
    ...described.filter((file) => isOld(file) && !versions.has(versionOf(file))),
  ]
}

function versionOf({ path }: StoredFile): number {
  return Number(/^versions\/(\d+)\.json$/.exec(path)?.[1])
}

async function namedFiles(
  db: Pick<ControlDatabase, 'selectFrom'>,
  going: NeedlessRows | undefined,
): Promise<Set<string>> {
  const named = new Set<string>()
  const name = (files: readonly LakeFile[]) => {
    for (const { path } of files) named.add(path)
  }
  const gone = new Set(going?.partitions.map(refText))
  for (const row of await db
    .selectFrom('model_partition')
    .select(['model', 'fingerprint', 'files', 'index'])
    .execute())
    if (!gone.has(refText(row))) name([...parsed(row.files, Files), ...parsed(row.index, Files)])
  const builds = new Set(going?.builds.map(refText))
  // Builds of before partitions name their files themselves.
  for (const row of await db
    .selectFrom('model_build')
    .select(['model', 'fingerprint', 'files'])
    .where('partitions', 'is', null)
    .execute())
    if (!builds.has(refText(row))) for (const path of JSON.parse(row.files) as string[]) named.add(path)
  const keySets = new Set(going?.keySets)
  for (const { id, file } of await db.selectFrom('key_set').select(['id', 'file']).execute())
    if (!keySets.has(id)) name([parsed(file, LakeFile)])
  const indexes = new Set(going?.rawIndexes)
  for (const { path, file } of await db.selectFrom('raw_index').select(['path', 'file']).execute())
    if (!indexes.has(path)) name([parsed(file, LakeFile)])
  for (const path of await replacedFiles(db, going)) named.add(path)
  return named
}

/** Ledgers share the files that name what was replaced. */
async function replacedFiles(
  db: Pick<ControlDatabase, 'selectFrom'>,
  going: NeedlessRows | undefined,
): Promise<string[]> {
  const text = ({ source, stream, time, id }: Record<'source' | 'stream' | 'time' | 'id', string>) =>
    JSON.stringify([source, stream, time, id])
  const gone = new Set(going?.ledgers.map(text))
  const rows = await db.selectFrom('stream_ledger').selectAll().execute()
  return rows
    .filter((row) => !gone.has(text(row)))
    .flatMap(({ ledger }) => parsed(ledger, Ledger).replaced?.path ?? [])
}

function refText({ model, fingerprint }: { readonly model: string; readonly fingerprint: string }): string {
  return `${model} ${fingerprint}`
}

function parsed<T>(text: string, schema: z.ZodType<T>): T {
  return schema.parse(JSON.parse(text))
}
