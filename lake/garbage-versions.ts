/** Which versions may go: those that no environment serves or could go back to, and that nobody is reading. */
import type { Transaction } from 'kysely'
import type { ControlTables } from './control/control-tables.ts'
import type { ControlDatabase } from './control/open-control.ts'
import { readPointer } from './current-version.ts'
import { findLeases } from './lease.ts'
import type { Storage } from './storage.ts'

export type ServedRow = { readonly environment: string; readonly version: number }

/** All but the newest versions that each environment has served; never the one it serves. */
export async function versionsToRetire(
  db: Pick<ControlDatabase, 'selectFrom'>,
  keep: number,
): Promise<ServedRow[]> {
  const rows = await db
    .selectFrom('served')
    .selectAll()
    .orderBy('environment')
    .orderBy('version', 'desc')
    .execute()
  const pointers = new Map((await pointersOf(db)).map((row) => [row.environment, row.version]))
  return [...Map.groupBy(rows, ({ environment }) => environment)].flatMap(([environment, own]) =>
    own.slice(keep).filter(({ version }) => version !== pointers.get(environment)),
  )
}

/** No environment can go back to these any more. Who reads one is asked after this, so that a reader is seen or sees it gone. */
export async function retireVersions(
  trx: Transaction<ControlTables>,
  retired: readonly ServedRow[],
): Promise<void> {
  for (const { environment, version } of retired)
    await trx
      .deleteFrom('served')
      .where('environment', '=', environment)
      .where('version', '=', version)
      .execute()
}

export type Readers = { readonly versions: ReadonlySet<number>; readonly expired: readonly string[] }

/** Versions that queries lease or that a pointer file names, which may be a moment behind the control database. */
export async function findReaders(
  storage: Pick<Storage, 'list' | 'readText'>,
  db: Pick<ControlDatabase, 'selectFrom'>,
  now: Date,
): Promise<Readers> {
  const named = new Set<number>()
  for (const { environment } of await pointersOf(db)) {
    const pointer = await readPointer(storage, environment)
    if (pointer) named.add(pointer.version)
  }
  const { versions, expired } = await findLeases(storage, now)
  return { versions: new Set([...named, ...versions]), expired }
}

export type KnownVersion = { readonly version: number; readonly models: Readonly<Record<string, string>> }

/** Every version, told apart: those that stay, and those that go. */
export async function sortVersions(
  db: Pick<ControlDatabase, 'selectFrom'>,
  { readers, retired }: { readonly readers: ReadonlySet<number>; readonly retired: readonly ServedRow[] },
): Promise<{ readonly kept: KnownVersion[]; readonly gone: number[] }> {
  const gone = new Set(retired.map(({ environment, version }) => `${environment} ${version}`))
  const served = await db.selectFrom('served').selectAll().execute()
  const wanted = new Set([
    ...served
      .filter(({ environment, version }) => !gone.has(`${environment} ${version}`))
      .map(({ version }) => version),
    ...(await pointersOf(db)).map(({ version }) => version),
    ...readers,
  ])
  const all = await db.selectFrom('publish_version').select(['version', 'models']).execute()
  return {
    kept: all
      .filter(({ version }) => wanted.has(version))
      .map(({ version, models }) => ({
        version,
        models: JSON.parse(models) as Record<string, string>,
      })),
    gone: all.filter(({ version }) => !wanted.has(version)).map(({ version }) => version),
  }
}

function pointersOf(db: Pick<ControlDatabase, 'selectFrom'>) {
  return db.selectFrom('pointer').select(['environment', 'version']).execute()
}
