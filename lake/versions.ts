/** Builds, versions and the pointer: a version names one build per model, and serving another is one move. */
import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Column } from './column.ts'
import type { Control } from './control/open-control.ts'
import { CurrentVersion, PublishedVersion } from './published-version.ts'

export type Build = {
  readonly model: string
  readonly fingerprint: string
  readonly grain: readonly string[]
  readonly columns: readonly Column[]
  /** Relative to the lake's root. */
  readonly files: readonly string[]
  readonly rows: number
  readonly bytes: number
  readonly contentHash: string
}

export type VersionSummary = {
  readonly version: number
  readonly publishedAt: string
  readonly current: boolean
  /** Model → fingerprint. */
  readonly models: Readonly<Record<string, string>>
}

export type Versions = {
  readonly findBuild: (model: string, fingerprint: string) => Promise<Build | undefined>
  /** Remember a build; a second one with the same fingerprint is the same build. */
  readonly recordBuild: (build: Build) => Promise<void>
  /** Publish a set of builds as the next version and point at it; the same set as the current one changes nothing. */
  readonly publish: (
    models: Readonly<Record<string, string>>,
  ) => Promise<{ version: number; changed: boolean }>
  readonly list: () => Promise<VersionSummary[]>
  /** Point at an earlier version; without a number, at the one before the current. */
  readonly rollback: (version?: number) => Promise<number>
  readonly current: () => Promise<PublishedVersion | undefined>
}

const environment = 'production'

export function openVersions(root: string, control: Control, now: () => Date): Versions {
  const { db } = control

  async function findBuild(model: string, fingerprint: string): Promise<Build | undefined> {
    const row = await db
      .selectFrom('model_build')
      .selectAll()
      .where('model', '=', model)
      .where('fingerprint', '=', fingerprint)
      .executeTakeFirst()
    return (
      row && {
        ...row,
        grain: JSON.parse(row.grain) as string[],
        columns: JSON.parse(row.columns) as Column[],
        files: JSON.parse(row.files) as string[],
        contentHash: row.content_hash,
      }
    )
  }

  async function recordBuild({ contentHash, ...build }: Build): Promise<void> {
    await db
      .insertInto('model_build')
      .values({
        ...build,
        grain: JSON.stringify(build.grain),
        columns: JSON.stringify(build.columns),
        files: JSON.stringify(build.files),
        content_hash: contentHash,
        built_at: now().toISOString(),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  }

  async function pointer(): Promise<number | undefined> {
    const row = await db
      .selectFrom('pointer')
      .select('version')
      .where('environment', '=', environment)
      .executeTakeFirst()
    return row?.version
  }

  async function publish(
    models: Readonly<Record<string, string>>,
  ): Promise<{ version: number; changed: boolean }> {
    const wanted = JSON.stringify(
      Object.fromEntries(Object.entries(models).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    )
    const outcome = await db.transaction().execute(async (tx) => {
      const served = await tx
        .selectFrom('pointer')
        .selectAll()
        .where('environment', '=', environment)
        .executeTakeFirst()
      const last = await tx
        .selectFrom('publish_version')
        .selectAll()
        .orderBy('version', 'desc')
        .limit(1)
        .executeTakeFirst()
      if (last !== undefined && last.models === wanted && served?.version === last.version)
        return { version: last.version, changed: false }
      const version = (last?.version ?? 0) + 1
      const published_at = now().toISOString()
      await tx.insertInto('publish_version').values({ version, models: wanted, published_at }).execute()
      await movePointer(tx, version, published_at)
      return { version, changed: true }
    })
    await show()
    return outcome
  }

  async function movePointer(
    tx: Pick<typeof db, 'insertInto'>,
    version: number,
    moved_at: string,
  ): Promise<void> {
    await tx
      .insertInto('pointer')
      .values({ environment, version, moved_at })
      .onConflict((conflict) => conflict.column('environment').doUpdateSet({ version, moved_at }))
      .execute()
  }

  /** Bring the files that readers see in line with the control database, again if the pointer moved meanwhile. */
  async function show(): Promise<void> {
    await mkdir(join(root, 'versions'), { recursive: true })
    let shown: number | undefined
    for (let served = await pointer(); served !== shown && served !== undefined; served = await pointer()) {
      const file = `versions/${served}.json`
      await writeWhole(root, file, JSON.stringify(await describe(served), null, 1))
      await writeWhole(
        root,
        'current.json',
        JSON.stringify({ version: served, file } satisfies CurrentVersion),
      )
      shown = served
    }
  }

  async function describe(version: number): Promise<PublishedVersion> {
    const row = await db
      .selectFrom('publish_version')
      .selectAll()
      .where('version', '=', version)
      .executeTakeFirstOrThrow()
    const models: PublishedVersion['models'] = {}
    for (const [model, fingerprint] of Object.entries(JSON.parse(row.models) as Record<string, string>)) {
      const build = await findBuild(model, fingerprint)
      if (build === undefined)
        throw new Error(
          `[versions] version ${version} names ${model} ${fingerprint}, which was never built; run \`saydo build\`.`,
        )
      models[model] = {
        fingerprint,
        grain: [...build.grain],
        columns: build.columns.map(({ name, type }) => ({ name, type })),
        files: [...build.files],
        rows: build.rows,
      }
    }
    return { version, publishedAt: row.published_at, models }
  }

  async function list(): Promise<VersionSummary[]> {
    const served = await pointer()
    const rows = await db.selectFrom('publish_version').selectAll().orderBy('version').execute()
    return rows.map((row) => ({
      version: row.version,
      publishedAt: row.published_at,
      current: row.version === served,
      models: JSON.parse(row.models) as Record<string, string>,
    }))
  }

  async function rollback(version?: number): Promise<number> {
    const known = (await list()).map((each) => each.version)
    const served = await pointer()
    const target = version ?? known.findLast((each) => served !== undefined && each < served)
    if (target === undefined || !known.includes(target)) throw new VersionUnknown(target, known)
    await movePointer(db, target, now().toISOString())
    await show()
    return target
  }

  return { findBuild, recordBuild, publish, list, rollback, current: () => readCurrent(root) }
}

/** There is no such version to go back to. */
export class VersionUnknown extends Error {
  override readonly name = 'VersionUnknown'
  constructor(version: number | undefined, known: readonly number[]) {
    const has =
      known.length > 0 ? `there are ${known.join(', ')}` : 'nothing is published yet; run `saydo refresh`'
    super(
      `[versions] ${version === undefined ? 'there is no earlier version' : `there is no version ${version}`}; ${has}.`,
    )
  }
}

/** The version that readers see, or undefined before the first publish. Throws when the files are damaged. */
export async function readCurrent(root: string): Promise<PublishedVersion | undefined> {
  const pointer = await readFile(join(root, 'current.json'), 'utf8').catch(absent)
  if (pointer === undefined) return undefined
  const { file } = CurrentVersion.parse(JSON.parse(pointer))
  return PublishedVersion.parse(JSON.parse(await readFile(join(root, file), 'utf8')))
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}

/** A file that appears whole or not at all. */
async function writeWhole(root: string, file: string, text: string): Promise<void> {
  const draft = join(root, `${file}.${randomUUID()}.tmp`)
  const handle = await open(draft, 'w')
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(draft, join(root, file))
}
