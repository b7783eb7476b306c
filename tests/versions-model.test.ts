/** Versions against a model of them in a few lines: whatever is published, promoted, taken back and collected in several environments, on both control databases. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openControl } from '#lake/control/open-control.ts'
import { createDuckdbEngine } from '#lake/duckdb-engine.ts'
import type { EngineSession } from '#lake/engine.ts'
import { openStorage } from '#lake/storage.ts'
import { EnvironmentUnknown, VersionUnknown } from '#lake/version-unknown.ts'
import { numberedLake, type NumberedLake, TABLES } from './numbered-lake.ts'
import { type PostgresServer, startPostgres } from './postgres-server.ts'

const CASES = { sqlite: Number(process.env['SAYDO_PROOF_VERSIONS'] ?? 120), postgres: 25 }
const ENVIRONMENTS = ['production', 'staging', 'preview'] as const
type Environment = (typeof ENVIRONMENTS)[number]

type Model = {
  /** Version → the number of the set it names. */
  readonly versions: Map<number, number>
  readonly served: Map<Environment, Set<number>>
  readonly pointers: Map<Environment, number>
  /** Sets whose files are in the lake. */
  readonly built: Set<number>
  commands: number
}
type Command = fc.AsyncCommand<Model, NumberedLake>

function point(model: Model, environment: Environment, version: number): void {
  model.pointers.set(environment, version)
  const served = model.served.get(environment) ?? new Set()
  model.served.set(environment, served.add(version))
}

/** Everything that can be seen from outside is as the model says. */
async function expectAlike(model: Model, lake: NumberedLake): Promise<void> {
  model.commands += 1
  for (const environment of ENVIRONMENTS) {
    const versions = lake.versions(environment)
    const list = await versions.list()
    const served = [...(model.served.get(environment) ?? [])].toSorted((a, b) => a - b)
    const pointer = model.pointers.get(environment)
    expect(list.map(({ version, current }) => [version, current])).toEqual(
      served.map((version) => [version, version === pointer]),
    )
    const current = await versions.current()
    expect(current?.version).toBe(pointer)
    const wanted = pointer === undefined ? [] : await setOf(lake, model.versions.get(pointer) ?? -1)
    expect(Object.entries(current?.models ?? {}).map(([name, { files }]) => [name, files])).toEqual(wanted)
  }
  const stored = (await lake.storage.list('models')).map(({ path }) => path.split('/').slice(1, 3).join('/'))
  const wanted = [...model.built].flatMap((number) => TABLES.map((table) => `${table}/set-${number}`))
  expect(stored.toSorted()).toEqual(wanted.toSorted())
}

async function setOf({ control }: NumberedLake, number: number): Promise<[string, string[]][]> {
  const rows = await control.db
    .selectFrom('model_partition')
    .select(['model', 'files'])
    .where('fingerprint', '=', `set-${number}`)
    .orderBy('model')
    .execute()
  return rows.map(({ model, files }) => [
    model,
    (JSON.parse(files) as { path: string }[]).map(({ path }) => path),
  ])
}

function publish(environment: Environment, number: number): Command {
  return {
    check: () => true,
    toString: () => `publish(${environment}, set ${number})`,
    run: async (model, lake) => {
      const served = model.pointers.get(environment)
      const outcome = await lake.versions(environment).publish(await lake.build(number))
      model.built.add(number)
      const changed = served === undefined || model.versions.get(served) !== number
      const version = changed ? Math.max(0, ...model.versions.keys()) + 1 : served
      expect(outcome).toEqual({ version, changed })
      model.versions.set(version, number)
      point(model, environment, version)
      await expectAlike(model, lake)
    },
  }
}

function promote(from: Environment, to: Environment): Command {
  return {
    check: () => true,
    toString: () => `promote(${from} to ${to})`,
    run: async (model, lake) => {
      const version = model.pointers.get(from)
      const promoted = lake.versions(to).promote(from)
      if (version === undefined) await expect(promoted).rejects.toThrow(EnvironmentUnknown)
      else {
        expect(await promoted).toEqual({ version, changed: model.pointers.get(to) !== version })
        point(model, to, version)
      }
      await expectAlike(model, lake)
    },
  }
}

/** To a version, or without one to that before. */
function rollback(environment: Environment, version: number | undefined): Command {
  return {
    check: () => true,
    toString: () => `rollback(${environment}, ${version ?? 'before'})`,
    run: async (model, lake) => {
      const served = [...(model.served.get(environment) ?? [])].toSorted((a, b) => a - b)
      const before = served[served.indexOf(model.pointers.get(environment) ?? -1) - 1]
      const target = version === undefined ? before : served.find((each) => each === version)
      const rolled = lake.versions(environment).rollback(version)
      if (target === undefined) await expect(rolled).rejects.toThrow(VersionUnknown)
      else {
        expect(await rolled).toBe(target)
        point(model, environment, target)
      }
      await expectAlike(model, lake)
    },
  }
}

function collect(keep: number): Command {
  return {
    check: () => true,
    toString: () => `collect(keep ${keep})`,
    run: async (model, lake) => {
      await lake.collect(keep)
      for (const [environment, served] of model.served)
        for (const version of [...served].toSorted((a, b) => b - a).slice(keep))
          if (version !== model.pointers.get(environment)) served.delete(version)
      const kept = new Set([...model.served.values()].flatMap((served) => [...served]))
      for (const version of model.versions.keys()) if (!kept.has(version)) model.versions.delete(version)
      const sets = new Set(model.versions.values())
      for (const number of model.built) if (!sets.has(number)) model.built.delete(number)
      await expectAlike(model, lake)
    },
  }
}

const environment = fc.constantFrom(...ENVIRONMENTS)
const commands = fc.commands(
  [
    fc.tuple(environment, fc.integer({ min: 1, max: 5 })).map(([at, number]) => publish(at, number)),
    fc.tuple(environment, environment).map(([from, to]) => promote(from, to)),
    fc
      .tuple(environment, fc.option(fc.integer({ min: 1, max: 8 }), { nil: undefined }))
      .map((of) => rollback(...of)),
    fc.integer({ min: 1, max: 3 }).map(collect),
  ],
  { maxCommands: 15 },
)

describe.each(['sqlite', 'postgres'] as const)('versions on %s', (engine) => {
  const folder = mkdtempSync(join(tmpdir(), 'versions-model-'))
  let server: PostgresServer | undefined
  let session: EngineSession
  let databases = 0
  beforeAll(async () => {
    if (engine === 'postgres') server = await startPostgres()
    session = await createDuckdbEngine({ memoryMb: 200, threads: 1, tempFolder: folder }).open()
  })
  afterAll(async () => {
    await session[Symbol.asyncDispose]()
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  it('are as a few lines of arithmetic say, whatever is done to them', async () => {
    let done = 0
    const property = fc.asyncProperty(commands, async (sequence) => {
      const root = mkdtempSync(join(folder, 'lake-'))
      const control = openControl(
        server ? await server.database(`versions_${(databases += 1)}`) : join(root, 'control.db'),
      )
      await control.migrate()
      const real = numberedLake(await openStorage(root), control, session)
      const model: Model = {
        versions: new Map(),
        served: new Map(),
        pointers: new Map(),
        built: new Set(),
        commands: 0,
      }
      await fc.asyncModelRun(() => ({ model, real }), sequence).finally(() => control.close())
      done += model.commands
    })
    await fc.assert(property, { numRuns: CASES[engine] })
    process.stdout.write(`versions on ${engine}: ${CASES[engine]} sequences, ${done} commands\n`)
  })
})
