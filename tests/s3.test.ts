/** The lake in a bucket, on a real S3 gateway: what storage promises, landing, models, and the doors readers come through. */
import { randomUUID } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createModelVerbs } from '#activities/create-activities.ts'
import { createLand } from '#activities/land.ts'
import { createPrivacy } from '#activities/privacy.ts'
import { defineConnector } from '#connectors/connector.ts'
import { collectOrphans } from '#lake/collect-orphans.ts'
import { columnsOf } from '#lake/columns-of.ts'
import { type Control, openControl } from '#lake/control/open-control.ts'
import { createDuckdbEngine } from '#lake/duckdb-engine.ts'
import { createDuckdbSink } from '#lake/duckdb-sink.ts'
import type { Engine, Slice } from '#lake/engine.ts'
import { publishedSlices } from '#lake/published-slices.ts'
import { rawFiles } from '#lake/raw-files.ts'
import { ledgerNamed, settleStream } from '#lake/stream-ledger.ts'
import { openStorage, type Storage } from '#lake/storage.ts'
import { storageConformance } from '#lake/storage.conformance.ts'
import { openVersions, type Versions } from '#lake/versions.ts'
import { defineSourceModel, type Model } from '#models/define-model.ts'
import { same, time } from '#models/partition.ts'
import type { LakeSettings } from '#stack/lake-settings.ts'
import { httpfs, prepareSession } from '#stack/prepare-session.ts'
import { openPublishedLake } from '#stack/published-lake.ts'
import { buildAll, type BuiltAll } from './build-all.ts'
import { answers, landInput, sourceContext, TEST_KEY } from './landing-source.ts'
import { findGateway, type S3Gateway, startGateway } from './s3-gateway.ts'
import { saydo } from './saydo-command.ts'

const found = await findGateway()
const binary = 'path' in found ? found.path : ''
if ('missing' in found) process.stdout.write(`s3: every test of this file is skipped: ${found.missing}\n`)

describe.skipIf(binary === '')('a lake on S3', () => {
  const folder = mkdtempSync(join(tmpdir(), 'saydo-s3-'))
  let gateway: S3Gateway
  beforeAll(async () => {
    gateway = await startGateway(binary)
    for (const name of ['whole', 'shared', 'lake', 'own']) gateway.bucket(name)
  })
  afterAll(async () => {
    await gateway.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const settings = (lakeRoot: string): LakeSettings & { s3: object } => ({
    lakeRoot,
    s3: {
      access: gateway.access,
      scratch: join(folder, lakeRoot.slice(5)),
      env: process.env,
      home: join(folder, 'home'),
    },
  })
  const open = (address: string): Promise<Storage> => openStorage(address, settings(address).s3)

  storageConformance('a bucket', () => open('s3://whole'))
  storageConformance('a part of a bucket', () => open('s3://shared/xo/prod'))
  failures(() => gateway, open)
  road(settings)
  command(() => gateway, folder)
})

function failures(gateway: () => S3Gateway, open: (address: string) => Promise<Storage>): void {
  const told = async (address: string, changes: object) => {
    const access = { ...gateway().access, ...changes }
    const scratch = mkdtempSync(join(tmpdir(), 'saydo-s3-'))
    const failure: unknown = await openStorage(address, { access, scratch }).catch((error: unknown) => error)
    rmSync(scratch, { recursive: true })
    expect(failure).toMatchObject({ name: 'StorageUnavailable' })
    expect(String(failure)).not.toContain(access.secret)
    return String(failure)
  }

  describe('what is wrong is told when it is opened', () => {
    it.each([
      [
        'an endpoint where nobody listens',
        's3://lake',
        { endpoint: 'http://127.0.0.1:9' },
        's3://lake at http://127.0.0.1:9 does not answer (ECONNREFUSED); check SAYDO_S3_ENDPOINT and the network.',
      ],
      [
        'a bucket that is not there',
        's3://nowhere/x',
        {},
        'names a bucket that is not there; make it, or correct SAYDO_LAKE.',
      ],
      ['an unknown key', 's3://lake', { keyId: 'somebody' }, /refuses .*; check .*SAYDO_S3_KEY_ID/],
      [
        'a wrong secret',
        's3://lake',
        { secret: 'not-the-secret' },
        'refuses the key (SignatureDoesNotMatch); check SAYDO_S3_KEY_ID',
      ],
    ])('%s', async (_, address, changes, message) => {
      expect(await told(address, changes)).toMatch(message)
    })
  })

  it('a file that cannot be uploaded stays where it is', async () => {
    gateway().bucket('brief')
    const storage = await open('s3://brief')
    const draft = storage.temporary('draft.parquet')
    writeFileSync(draft, 'xyz')
    rmSync(join(gateway().folder, 'brief'), { recursive: true })
    await expect(storage.promote(draft, 'raw/draft.parquet')).rejects.toThrow(
      'names a bucket that is not there',
    )
    expect(readFileSync(draft, 'utf8')).toBe('xyz')
  })
}

type Answer = {
  readonly id: string
  readonly score: number
  readonly email: string
  readonly answered_at: string
}
const answer = (id: string, score: number, day: number): Answer => ({
  id,
  score,
  email: `${id}@example.com`,
  answered_at: `2026-01-0${day}T00:00:00Z`,
})

/** One answer, changed on the third day. */
const pages = [[answer('a', 2, 1), answer('b', 9, 2)], [answer('a', 8, 3)], [answer('c', 7, 4)]]

function sourceOf(count: number) {
  return defineConnector({
    name: 'tool',
    title: { en: 'Tool', zh: '工具' },
    kind: 'survey',
    config: z.unknown(),
    secrets: [],
    streams: () => [answers],
    check: async () => {},
    async *read(_context, { checkpoint }) {
      const done = z.object({ page: z.int() }).nullable().parse(checkpoint)?.page ?? 0
      for (const [index, records] of pages.slice(0, count).entries())
        if (index >= done) yield { type: 'page', records, checkpoint: { page: index + 1 } }
    },
  })
}

/** What the models rely on. */
const record = z.object({ id: z.string(), score: z.int(), answered_at: z.iso.datetime() })

/** From records to the number that Cube serves, as one story: each test goes on where the last one ended. */
function road(settings: (lakeRoot: string) => LakeSettings): void {
  describe('the road of the data', () => {
    const address = 's3://lake/xo'
    const folder = mkdtempSync(join(tmpdir(), 'saydo-s3-road-'))
    let storage: Storage
    let control: Control
    let engine: Engine
    let versions: Versions
    beforeAll(async () => {
      storage = await openStorage(address, settings(address).s3)
      control = openControl(join(folder, 'control.db'))
      await control.migrate()
      versions = openVersions(storage, control, () => new Date())
      engine = createDuckdbEngine({
        memoryMb: 500,
        threads: 1,
        tempFolder: storage.temporary('.'),
        prepare: prepareSession(settings(address)) ?? (async () => {}),
      })
    })
    afterAll(async () => {
      await control.close()
      rmSync(folder, { recursive: true })
    })

    const land = (count: number) =>
      createLand({
        lake: {
          control,
          storage,
          createSink: () => createDuckdbSink({ temporaryFolder: storage.temporary('.') }),
          now: () => new Date(),
        },
        privacy: createPrivacy(TEST_KEY, '86'),
        sources: { tool: { connector: sourceOf(count), context: sourceContext } },
        attempt: () => ({ signal: new AbortController().signal, heartbeat: () => {} }),
        limits: { rows: 2 },
      }).land(landInput)

    const stream = { source: 'tool', stream: 'answers', time: 'answered_at' }

    async function landed(): Promise<Slice> {
      await using session = await engine.open()
      const { spelling } = engine
      const now = () => new Date()
      const ledger = await settleStream(
        { control, storage, session, spelling, newId: randomUUID, now },
        stream,
      )
      const { files, replaced } = await ledgerNamed(control.db, stream, ledger)
      return {
        table: 'answers',
        landed: { replaced: replaced ? [storage.absolute(replaced.path)] : [] },
        columns: columnsOf(record),
        files: files.map(({ path }) => storage.absolute(path)),
      }
    }

    it('lands a stream in two loads, and the last version of a record counts', async () => {
      expect(await land(1)).toMatchObject({ status: 'done', rows: 2, rejected: 0 })
      expect(await land(3)).toMatchObject({ status: 'done', rows: 2, rejected: 0 })
      expect(await land(3)).toMatchObject({ status: 'done', rows: 0 })
      const slice = await landed()
      expect(slice.files.every((file) => file.startsWith('s3://lake/xo/raw/source=tool/'))).toBe(true)
      const query = { sql: 'select id, score from answers order by id', parameters: [] }
      expect(await engine.rows(query, [slice])).toEqual([
        { id: 'a', score: 8 },
        { id: 'b', score: 9 },
        { id: 'c', score: 7 },
      ])
      for (const { path, sha256 } of await rawFiles(control, 'tool', 'answers'))
        expect(await storage.hashOf(path)).toBe(sha256)
    })

    it('files that no commit names are collected, in the bucket and on this machine', async () => {
      await storage.writeText('raw/old.parquet', 'xyz')
      writeFileSync(storage.temporary('half.parquet'), 'xy')
      expect(await collectOrphans({ control, storage, now: () => new Date() })).toEqual({
        files: 0,
        bytes: 0,
      })
      const tomorrow = () => new Date(Date.now() + 25 * 60 * 60 * 1000)
      expect(await collectOrphans({ control, storage, now: tomorrow })).toEqual({ files: 2, bytes: 5 })
      const left = await storage.list('raw')
      const files = await rawFiles(control, 'tool', 'answers')
      expect(left.map(({ path }) => path).toSorted()).toEqual(files.map(({ path }) => path).toSorted())
    })

    /** All answers, or those above a score. */
    const scores = (least: number): Model =>
      defineSourceModel({
        name: 'xo.score',
        description: '',
        owner: 'test',
        grain: ['id'],
        contract: record,
        partition: time('answered_at'),
        raw: { answers: { source: 'tool', stream: 'answers', record, time: 'answered_at' } },
        inputs: () => ({ answers: same() }),
        query: (db) =>
          db.selectFrom('answers').select(['id', 'score', 'answered_at']).where('score', '>', least),
      })

    async function build(least: number): Promise<BuiltAll> {
      const workshop = { storage, control, engine, versions: () => versions, models: [scores(least)] }
      const verbs = createModelVerbs(
        { ...workshop, now: () => new Date(), newId: randomUUID },
        () => undefined,
      )
      return buildAll(verbs)
    }

    async function fileOfVersion(wanted: number): Promise<string> {
      const version = (await versions.list()).find((each) => each.version === wanted) ?? never()
      const { files } = await versions.buildOf('xo.score', version.models['xo.score'] ?? '')
      return storage.absolute(files[0] ?? '')
    }

    it('publishes models and serves an earlier version again', async () => {
      expect(await build(7)).toMatchObject({ partitions: 1, published: { version: 1 } })
      expect(await build(0)).toMatchObject({ partitions: 1, published: { version: 2 } })
      expect(await build(0)).toMatchObject({ partitions: 0, published: { version: 2, changed: false } })
      const query = { sql: 'select count(*) as n, max(score) as best from xo.score', parameters: [] }
      const ask = async () =>
        engine.rows(query, publishedSlices(storage, (await versions.current()) ?? never()))
      expect(await ask()).toEqual([{ n: 3, best: 9 }])
      expect(await versions.rollback()).toBe(1)
      expect(await ask()).toEqual([{ n: 2, best: 9 }])
    })

    it('a question reaches the published files and nothing else, in the bucket, on this machine or elsewhere', async () => {
      const version = (await versions.current()) ?? never()
      const slices = publishedSlices(storage, version)
      const raw = (await landed()).files[0] ?? ''
      const local = storage.temporary('local.parquet')
      writeFileSync(local, 'local')
      const own = slices[0]?.files[0] ?? ''
      const ask = (sql: string) => engine.rows({ sql, parameters: [] }, slices)
      expect(await ask(`select * from read_parquet('${own}')`)).toHaveLength(2)
      for (const sql of [
        `from read_parquet('${raw}')`,
        `from read_parquet('${await fileOfVersion(2)}')`,
        `from read_parquet('${own.replace(/[^/]+$/, '*.parquet')}')`,
        `from glob('s3://lake/**')`,
        `from read_text('s3://lake/xo/current.json')`,
        `from read_parquet('${own}?s3_endpoint=127.0.0.1:9')`,
        `from read_blob('${own}/../../../../current.json')`,
        `from read_text('${local}')`,
        `from read_text('http://127.0.0.1:9/')`,
        `copy (select 1) to 's3://lake/xo/written.csv'`,
        `create secret other (type s3, key_id 'a', secret 'b')`,
      ])
        await expect(ask(sql), sql).rejects.toMatchObject({ name: 'QueryRefused' })
      const secrets = JSON.stringify(await ask('from duckdb_secrets()'))
      expect(secrets).toContain('secret=redacted')
      expect(secrets).not.toContain('secret-of-the-tests')
    })

    it('Cube reads the version the pointer names, and no other object', async () => {
      const lake = openPublishedLake({ ...settings(address), graceMs: 60_000, now: () => performance.now() })
      const published = await lake.current()
      expect(published.version).toBe(1)
      const driver = lake.driver(published)
      const ask = () => driver.query('select count(*) as n from xo.score')
      const answers = await Promise.all(Array.from({ length: 6 }, ask))
      expect(answers).toEqual(Array.from({ length: 6 }, () => [{ n: '2' }]))
      for (const statement of [
        `FROM read_parquet('${await fileOfVersion(2)}')`,
        `FROM read_text('s3://lake/xo/current.json')`,
        `COPY (SELECT 1) TO 's3://lake/xo/written.csv'`,
        `SET enable_external_access = true`,
      ])
        await expect(driver.query(statement), statement).rejects.toThrow()
      await versions.rollback(2)
      expect((await lake.current()).version).toBe(2)
      await lake.close()
    })

    it('Cube says what is wrong where the lake cannot be read', async () => {
      const empty = { ...settings('s3://lake/empty'), graceMs: 60_000, now: () => performance.now() }
      await expect(openPublishedLake(empty).current()).rejects.toThrow(
        '[cube] s3://lake/empty/current.json is not there; nothing is published yet: run `saydo refresh`.',
      )
      const gone = { ...empty, ...settings('s3://nowhere') }
      await expect(openPublishedLake(gone).current()).rejects.toThrow('names a bucket that is not there')
    })

    it('a key that DuckDB is given is not in a failure to take it', async () => {
      const { s3 } = settings(address)
      const extension = s3 && (await httpfs(s3))
      expect(existsSync(extension ?? '')).toBe(true)
      const broken = join(folder, 'httpfs.duckdb_extension')
      writeFileSync(broken, 'not an extension')
      const env = { ...process.env, SAYDO_DUCKDB_EXTENSIONS: folder }
      const prepare = s3 && prepareSession({ lakeRoot: address, s3: { ...s3, env } })
      const session = await (await DuckDBInstance.create(':memory:')).connect()
      const failure: unknown = await prepare?.(session).catch((error: unknown) => error)
      expect(String(failure)).toContain(`[lake] DuckDB does not read S3 with ${broken}`)
      expect(String(failure)).not.toContain('secret-of-the-tests')
      session.closeSync()
    })
  })
}

function never(): never {
  throw new Error('nothing is published')
}

function command(gateway: () => S3Gateway, folder: string): void {
  describe('the command', () => {
    it('lands a project of one’s own in the bucket that SAYDO_LAKE names', async () => {
      const { access, folder: buckets } = gateway()
      const project = join(folder, 'my-company')
      await saydo(['init', project])
      const config = join(project, 'saydo.config.ts')
      const env = {
        SAYDO_LAKE: 's3://own/lake',
        SAYDO_S3_ENDPOINT: access.endpoint,
        SAYDO_S3_KEY_ID: access.keyId,
        SAYDO_S3_SECRET: access.secret,
      }
      const sync = await saydo(['sync', '--config', config], env)
      expect(sync.code, sync.stderr).toBe(0)
      const storage = await openStorage('s3://own/lake', { access, scratch: join(folder, 'reader') })
      const landed = await storage.list('raw')
      expect(landed.length).toBeGreaterThan(1)
      for (const { path } of landed)
        expect(
          readFileSync(join(buckets, 'own', 'lake', path))
            .subarray(0, 4)
            .toString(),
        ).toBe('PAR1')
      expect(existsSync(join(project, '.saydo', 'lake'))).toBe(false)

      const wrong = await saydo(['sync', '--config', config], { ...env, SAYDO_S3_SECRET: '' })
      expect(wrong.code).toBe(2)
      expect(wrong.stderr).toContain('SAYDO_S3_SECRET')
    })
  })
}
