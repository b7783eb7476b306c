/** The control database on both engines: same steps, same answers, several processes at once. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { commitPart } from '#lake/commit-part.ts'
import type { PartCommit } from '#lake/commit-part.ts'
import { openControl } from '#lake/control/open-control.ts'
import type { Control } from '#lake/control/open-control.ts'
import { rawFiles } from '#lake/raw-files.ts'
import { readStreamState } from '#lake/stream-state.ts'
import { startPostgres } from './postgres-server.ts'
import type { PostgresServer } from './postgres-server.ts'

const NOW = '2026-03-01T12:00:00.000Z'
const now = () => new Date(NOW)
const OF = { source: 'tool', stream: 'answers', slice: '' }

function part(changes: Partial<PartCommit> = {}): PartCommit {
  const number = changes.part ?? 0
  return {
    of: OF,
    kind: 'sync',
    loadKey: 'key',
    part: number,
    expectedVersion: number,
    cursor: JSON.stringify({ page: number }),
    file: {
      path: `raw/${changes.loadKey ?? 'key'}-${number}`,
      rows: 10,
      bytes: 2 ** 40,
      sha256: 'ab',
      schemaHash: 'cd',
      eventFrom: null,
      eventTo: null,
      statistics: '{}',
    },
    columns: [{ name: 'id', type: 'VARCHAR' }],
    rejected: [],
    unknownFields: [],
    replayed: [],
    last: false,
    at: NOW,
    ...changes,
  }
}

const rejected = (position: string) => ({
  reason: 'id: Invalid input',
  position,
  issues: [],
  shape: {},
  sealed: 's1:x',
})

describe.each(['sqlite', 'postgres'] as const)('control database on %s', (engine) => {
  let folder: string
  let server: PostgresServer | undefined
  let databases = 0
  const opened: Control[] = []

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'control-'))
    if (engine === 'postgres') server = await startPostgres()
  })
  afterAll(async () => {
    for (const control of opened) await control.close()
    await server?.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const newDatabase = async () =>
    server ? server.database(`control_${(databases += 1)}`) : join(folder, `control-${(databases += 1)}.db`)

  function open(address: string): Control {
    const control = openControl(address)
    opened.push(control)
    return control
  }

  async function fresh(address?: string): Promise<Control> {
    const control = open(address ?? (await newDatabase()))
    await control.migrate()
    await readStreamState({ control, now }, OF)
    return control
  }

  it('is brought up to date once, also when several start together', async () => {
    const address = await newDatabase()
    const controls = [open(address), open(address), open(address)]
    await Promise.all(controls.map((control) => control.migrate()))
    expect(controls[0]?.engine).toBe(engine)
    expect(await controls[1]?.db.selectFrom('load').selectAll().execute()).toEqual([])
  })

  it('moves the cursor and shows the file together', async () => {
    const control = await fresh()
    expect(await commitPart(control, part({ rejected: [rejected('page 1')], unknownFields: ['mood'] }))).toBe(
      true,
    )
    expect(await commitPart(control, part({ part: 1, last: true }))).toBe(true)
    expect(await readStreamState({ control, now }, OF)).toEqual({
      cursor: '{"page":1}',
      cursor_version: 2,
      load_key: null,
      next_part: 0,
    })
    const [load] = await control.db.selectFrom('load').selectAll().execute()
    expect(load).toMatchObject({
      rows: 20,
      rejected: 1,
      files: 2,
      bytes: 2 ** 41,
      status: 'committed',
      sequence: 1,
    })
    const files = await rawFiles(control, 'tool', 'answers')
    expect(files.map(({ path, loadSequence, columns }) => [path, loadSequence, columns])).toEqual([
      ['raw/key-0', 1, [{ name: 'id', type: 'VARCHAR' }]],
      ['raw/key-1', 1, [{ name: 'id', type: 'VARCHAR' }]],
    ])
    expect(await control.db.selectFrom('unknown_field').select('field').execute()).toEqual([
      { field: 'mood' },
    ])
  })

  it('changes nothing for an attempt that saw an older cursor', async () => {
    const control = await fresh()
    await commitPart(control, part())
    expect(await commitPart(control, part({ loadKey: 'late', cursor: '{"page":9}' }))).toBe(false)
    expect(await rawFiles(control, 'tool', 'answers')).toHaveLength(1)
    expect((await readStreamState({ control, now }, OF)).cursor).toBe('{"page":0}')
  })

  it('takes back everything when one statement of the commit fails', async () => {
    const control = await fresh()
    await commitPart(control, part())
    // The same path again breaks a constraint after the cursor was moved.
    await expect(commitPart(control, part({ part: 1, file: part().file }))).rejects.toThrow(
      /unique|duplicate/i,
    )
    expect(await readStreamState({ control, now }, OF)).toMatchObject({
      cursor: '{"page":0}',
      cursor_version: 1,
    })
  })

  it('lets exactly one of many racing attempts commit', async () => {
    const address = await newDatabase()
    const control = await fresh(address)
    const second = open(address)
    const racers = [control, second, control, second, control, second]
    const won = await Promise.all(
      racers.map((racer, index) => commitPart(racer, part({ loadKey: `key-${index}` }))),
    )
    expect(won.filter(Boolean)).toHaveLength(1)
    expect(await rawFiles(control, 'tool', 'answers')).toHaveLength(1)
  })

  it('numbers loads in the order of their first commits, whatever the stream', async () => {
    const control = await fresh()
    const streams = Array.from({ length: 8 }, (_, index) => ({ ...OF, stream: `s${index}` }))
    await Promise.all(streams.map((of) => readStreamState({ control, now }, of)))
    await Promise.all(streams.map((of, index) => commitPart(control, part({ of, loadKey: `k${index}` }))))
    const sequences = await control.db.selectFrom('load').select('sequence').orderBy('sequence').execute()
    expect(sequences.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  })

  it('stores thousands of rejected records in one commit', async () => {
    const control = await fresh()
    const many = Array.from({ length: 3000 }, (_, index) => rejected(`line ${index}`))
    await commitPart(control, part({ file: null, rejected: many }))
    const { count } = await control.db
      .selectFrom('quarantine')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    expect(count).toBe(3000)
  })
})
