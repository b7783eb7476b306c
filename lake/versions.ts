/** Builds, versions and the pointer: a version names one build per model, and serving another is one move. */
import type { Transaction } from 'kysely'
import { type Build, buildOf, findBuild, partitionsOf, recordBuild } from './builds.ts'
import type { ControlTables } from './control/control-tables.ts'
import type { Control, ControlDatabase } from './control/open-control.ts'
import { readCurrent, type TextFiles, writeCurrent } from './current-version.ts'
import { nextNumber } from './next-number.ts'
import type { PublishedVersion } from './published-version.ts'
import { EnvironmentUnknown, VersionUnknown } from './version-unknown.ts'

export type VersionSummary = {
  readonly version: number
  readonly publishedAt: string
  readonly current: boolean
  /** Model → fingerprint. */
  readonly models: Readonly<Record<string, string>>
}

export type Versions = {
  readonly findBuild: (model: string, fingerprint: string) => Promise<Build | undefined>
  /** Throws when there is no such build. */
  readonly buildOf: (model: string, fingerprint: string) => Promise<Build>
  /** Remember a build; a second one with the same fingerprint is the same build. */
  readonly recordBuild: (build: Build) => Promise<void>
  /** The build of each model that is served, by model; empty before the first publish. */
  readonly served: () => Promise<Readonly<Record<string, string>>>
  /** Publish a set of builds as the next version and point at it; the same set as the served one changes nothing. */
  readonly publish: (models: Readonly<Record<string, string>>) => Promise<PublishOutcome>
  /** Versions this environment has served. */
  readonly list: () => Promise<VersionSummary[]>
  /** Point at an earlier version; without a number, at the one before the current. Throws VersionUnknown. */
  readonly rollback: (version?: number) => Promise<number>
  /** Serve here what another environment serves: one move, nothing is built or copied. Throws VersionUnknown when it serves nothing. */
  readonly promote: (from: string) => Promise<PublishOutcome>
  readonly current: () => Promise<PublishedVersion | undefined>
  /** A version that any environment has served, as its readers would see it. Throws VersionUnknown. */
  readonly version: (version: number) => Promise<PublishedVersion>
  /** Remember builds that passed their audits and are not to be seen yet, or, without any, that there are none. */
  readonly prepare: (models: Readonly<Record<string, string>> | undefined) => Promise<void>
  /** What waits to be published. */
  readonly prepared: () => Promise<Readonly<Record<string, string>> | undefined>
}

export type PublishOutcome = { readonly version: number; readonly changed: boolean }

type Ledger = {
  readonly storage: TextFiles
  readonly db: ControlDatabase
  readonly now: () => Date
  readonly environment: string
}

/** What readers see unless they ask for another. */
export const production = 'production'

export function openVersions(
  storage: TextFiles,
  { db }: Control,
  now: () => Date,
  environment = production,
): Versions {
  const ledger: Ledger = { storage, db, now, environment }
  return {
    findBuild: (model, fingerprint) => findBuild(db, model, fingerprint),
    buildOf: (model, fingerprint) => buildOf(db, model, fingerprint),
    recordBuild: (build) => recordBuild(db, build, now()),
    served: async () => (await list(ledger)).find(({ current }) => current)?.models ?? {},
    publish: (models) => publish(ledger, models),
    list: () => list(ledger),
    rollback: (version) => rollback(ledger, version),
    promote: (from) => promote(ledger, from),
    current: () => readCurrent(storage, environment),
    version: (version) => versionNamed(ledger, version),
    prepare: (models) => prepare(ledger, models),
    prepared: () => preparedIn(ledger),
  }
}

async function publish(ledger: Ledger, models: Readonly<Record<string, string>>): Promise<PublishOutcome> {
  const wanted = JSON.stringify(
    Object.fromEntries(Object.entries(models).toSorted(([a], [b]) => (a < b ? -1 : 1))),
  )
  const outcome = await ledger.db.transaction().execute(async (trx) => {
    // Publishers and collectors of garbage go one after the other, so that what is read here is still so at the commit.
    await nextNumber(trx, 'publish')
    for (const [model, fingerprint] of Object.entries(models))
      await filesOf(trx, await buildOf(trx, model, fingerprint))
    return addVersion(trx, wanted, ledger)
  })
  await show(ledger)
  return outcome
}

async function addVersion(
  trx: Transaction<ControlTables>,
  models: string,
  { now, environment }: Ledger,
): Promise<PublishOutcome> {
  const at = now()
  const served = await trx
    .selectFrom('pointer')
    .innerJoin('publish_version', 'publish_version.version', 'pointer.version')
    .select(['pointer.version', 'models'])
    .where('environment', '=', environment)
    .executeTakeFirst()
  if (served?.models === models) return { version: served.version, changed: false }
  const last = await trx
    .selectFrom('publish_version')
    .select('version')
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst()
  const version = (last?.version ?? 0) + 1
  await trx
    .insertInto('publish_version')
    .values({ version, models, published_at: at.toISOString() })
    .execute()
  await movePointer(trx, { environment, version, at })
  return { version, changed: true }
}

type Move = { readonly environment: string; readonly version: number; readonly at: Date }

async function movePointer(db: Pick<ControlDatabase, 'insertInto'>, { environment, version, at }: Move) {
  const moved_at = at.toISOString()
  await db
    .insertInto('served')
    .values({ environment, version })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await db
    .insertInto('pointer')
    .values({ environment, version, moved_at })
    .onConflict((conflict) => conflict.column('environment').doUpdateSet({ version, moved_at }))
    .execute()
}

async function pointer(
  db: Pick<ControlDatabase, 'selectFrom'>,
  environment: string,
): Promise<number | undefined> {
  const row = await db
    .selectFrom('pointer')
    .select('version')
    .where('environment', '=', environment)
    .executeTakeFirst()
  return row?.version
}

/** Bring the files that readers see in line with the control database, again if the pointer moved meanwhile. */
async function show({ storage, db, environment }: Ledger): Promise<void> {
  const wanted = () => pointer(db, environment)
  let shown: number | undefined
  for (let served = await wanted(); served !== shown && served !== undefined; served = await wanted()) {
    try {
      await writeCurrent(storage, await describe(db, served), environment)
      shown = served
    } catch (error) {
      // A version that is served no more may have been collected meanwhile.
      if ((await wanted()) === served) throw error
    }
  }
}

async function describe(db: ControlDatabase, version: number): Promise<PublishedVersion> {
  const row = await db
    .selectFrom('publish_version')
    .selectAll()
    .where('version', '=', version)
    .executeTakeFirstOrThrow()
  const models: PublishedVersion['models'] = {}
  for (const [model, fingerprint] of Object.entries(JSON.parse(row.models) as Record<string, string>)) {
    const build = await buildOf(db, model, fingerprint)
    models[model] = {
      fingerprint,
      grain: [...build.grain],
      columns: build.columns.map(({ name, type }) => ({ name, type })),
      files: await filesOf(db, build),
      rows: build.rows,
    }
  }
  return { version, publishedAt: row.published_at, models }
}

/** As its partitions have them now. Throws when one is not there any more. */
async function filesOf(db: ControlDatabase, build: Build): Promise<string[]> {
  if (!build.partitions || build.partitions.length === 0) return [...build.files]
  const partitions = await partitionsOf(db, build)
  return partitions.flatMap(({ rows, files }) => (rows > 0 ? files.map(({ path }) => path) : []))
}

async function list({ db, environment }: Pick<Ledger, 'db' | 'environment'>): Promise<VersionSummary[]> {
  const served = await pointer(db, environment)
  const rows = await db
    .selectFrom('publish_version')
    .innerJoin('served', 'served.version', 'publish_version.version')
    .select(['publish_version.version', 'models', 'published_at'])
    .where('environment', '=', environment)
    .orderBy('publish_version.version')
    .execute()
  return rows.map((row) => ({
    version: row.version,
    publishedAt: row.published_at,
    current: row.version === served,
    models: JSON.parse(row.models) as Record<string, string>,
  }))
}

async function rollback(ledger: Ledger, version?: number): Promise<number> {
  const target = await ledger.db.transaction().execute(async (trx) => {
    await nextNumber(trx, 'publish')
    return moveBack(trx, ledger, version)
  })
  await show(ledger)
  return target
}

async function moveBack(
  trx: Transaction<ControlTables>,
  { environment, now }: Ledger,
  version: number | undefined,
): Promise<number> {
  const versions = await list({ db: trx, environment })
  const served = versions.findIndex((each) => each.current)
  const target =
    version === undefined ? versions[served - 1] : versions.find((each) => each.version === version)
  if (target === undefined)
    throw new VersionUnknown(
      version,
      versions.map((each) => each.version),
    )
  await describe(trx, target.version)
  await movePointer(trx, { environment, version: target.version, at: now() })
  return target.version
}

async function promote(ledger: Ledger, from: string): Promise<PublishOutcome> {
  const { environment, now } = ledger
  const outcome = await ledger.db.transaction().execute(async (trx) => {
    await nextNumber(trx, 'publish')
    const version = await pointer(trx, from)
    if (version === undefined) throw new EnvironmentUnknown(from)
    const changed = (await pointer(trx, environment)) !== version
    if (changed) await movePointer(trx, { environment, version, at: now() })
    return { version, changed }
  })
  await show(ledger)
  return outcome
}

async function versionNamed({ db }: Ledger, version: number): Promise<PublishedVersion> {
  const rows = await db.selectFrom('served').select('version').distinct().orderBy('version').execute()
  const known = rows.map((row) => row.version)
  if (!known.includes(version)) throw new VersionUnknown(version, known)
  return describe(db, version)
}

async function prepare(
  { db, environment, now }: Ledger,
  models: Readonly<Record<string, string>> | undefined,
): Promise<void> {
  if (models === undefined) {
    await db.deleteFrom('prepared').where('environment', '=', environment).execute()
    return
  }
  const values = { models: JSON.stringify(models), prepared_at: now().toISOString() }
  await db
    .insertInto('prepared')
    .values({ environment, ...values })
    .onConflict((conflict) => conflict.column('environment').doUpdateSet(values))
    .execute()
}

async function preparedIn({ db, environment }: Ledger): Promise<Record<string, string> | undefined> {
  const row = await db
    .selectFrom('prepared')
    .select('models')
    .where('environment', '=', environment)
    .executeTakeFirst()
  return row && (JSON.parse(row.models) as Record<string, string>)
}
