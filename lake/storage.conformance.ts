/** What every storage promises, as tests that run on a folder and on S3. */
import { createHash } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Storage } from './storage.ts'

/** `open` answers the same lake at every call, empty at the first. */
export function storageConformance(name: string, open: () => Promise<Storage>): void {
  describe(`storage in ${name}`, () => {
    let storage: Storage
    beforeAll(async () => {
      storage = await open()
    })
    const draft = (name: string, content: string | Buffer) => {
      const path = storage.temporary(name)
      writeFileSync(path, content)
      return path
    }

    makingFiles(() => storage, draft)
    texts(() => storage, open)
    creating(() => storage, open)
  })
}

type Now = () => Storage
type Draft = (name: string, content: string | Buffer) => string

function makingFiles(storage: Now, draft: Draft): void {
  it('a temporary file is local, listed under _tmp, and removed by its path or its name', async () => {
    const paths = ['one.parquet', 'two.parquet'].map((name) => draft(name, 'xyz'))
    expect(paths.every((path) => isAbsolute(path))).toBe(true)
    const listed = await storage().list('_tmp')
    expect(listed.map(({ path, bytes }) => `${path}: ${bytes}`).toSorted()).toEqual([
      '_tmp/one.parquet: 3',
      '_tmp/two.parquet: 3',
    ])
    await storage().remove(paths[0] ?? '')
    await storage().remove('_tmp/two.parquet')
    expect(paths.filter((path) => existsSync(path))).toEqual([])
  })

  it.each([
    ['empty', Buffer.alloc(0)],
    ['small', Buffer.from('some bytes')],
    ['of several upload parts', Buffer.alloc(33 * 1024 * 1024, 'saydo')],
  ])(
    'a file that is %s arrives in its place as it was, and is no longer temporary',
    async (name, content) => {
      const path = `raw/source=tool/stream=a%2Fb/${name} 中文.parquet`
      const from = draft('part.parquet', content)
      await storage().sync(from)
      const sha256 = createHash('sha256').update(content).digest('hex')
      expect(await storage().sha256(from)).toBe(sha256)
      const before = Date.now()
      await storage().promote(from, path)
      expect(existsSync(from)).toBe(false)
      expect(await storage().hashOf(path)).toBe(sha256)
      const stat = await storage().stat(path)
      expect(stat?.bytes).toBe(content.length)
      expect(Math.abs((stat?.modifiedAt.getTime() ?? 0) - before)).toBeLessThan(60_000)
      expect(await storage().list('raw/source=tool')).toContainEqual({ path, ...stat })
      expect(storage().absolute(path).startsWith(storage().root)).toBe(true)
      await storage().remove(path)
      expect(await storage().stat(path)).toBeUndefined()
    },
  )

  it('a file that was never made is not promoted, and nothing appears', async () => {
    const promoted = storage().promote(storage().temporary('never.parquet'), 'raw/never.parquet')
    await expect(promoted).rejects.toMatchObject({ code: 'ENOENT' })
    expect(await storage().stat('raw/never.parquet')).toBeUndefined()
  })

  it('a folder is removed with all below it, and none beside it', async () => {
    for (const path of ['models/a/1.txt', 'models/a/b/2.txt', 'models/ab/3.txt', 'models/a.txt'])
      await storage().writeText(path, path)
    await storage().remove('models/a')
    const left = (await storage().list('models')).map(({ path }) => path)
    expect(left.toSorted()).toEqual(['models/a.txt', 'models/ab/3.txt'])
    await storage().remove('models/a')
    await storage().remove('models')
    expect(await storage().list('models')).toEqual([])
    expect(await storage().list('')).toEqual([])
  })

  it.each(['../elsewhere', 'raw/../../elsewhere'])('refuses the path %s', (path) => {
    expect(() => storage().absolute(path)).toThrow('lies outside the lake')
  })
}

function texts(storage: Now, open: () => Promise<Storage>): void {
  it('a text is what was last written, and undefined where nothing was', async () => {
    expect(await storage().readText('versions/1.json')).toBeUndefined()
    expect(await storage().hashOf('versions/1.json')).toBeUndefined()
    expect(await storage().stat('versions/1.json')).toBeUndefined()
    await storage().writeText('versions/1.json', 'first')
    await storage().writeText('versions/1.json', '第二')
    expect(await storage().readText('versions/1.json')).toBe('第二')
    expect(await storage().stat('versions')).toBeUndefined()
    await storage().remove('versions')
  })

  it('a reader sees one whole text while it is replaced', async () => {
    const [writer, reader] = [await open(), await open()]
    const versions = Array.from({ length: 20 }, (_, version) => String(version % 10).repeat(50_000 + version))
    await writer.writeText('current.json', versions[0] ?? '')
    const writing = (async () => {
      for (const version of versions) await writer.writeText('current.json', version)
      return 'done'
    })()
    let read = 0
    do {
      expect(versions).toContain(await reader.readText('current.json'))
      read += 1
    } while ((await Promise.race([writing, Promise.resolve('writing')])) === 'writing')
    expect(read).toBeGreaterThan(1)
    await storage().remove('current.json')
    expect(await storage().list('')).toEqual([])
  })
}

function creating(storage: Now, open: () => Promise<Storage>): void {
  it('creating keeps what is there', async () => {
    expect(await storage().createText('leases/a', 'mine')).toBe(true)
    expect(await storage().createText('leases/a', 'yours')).toBe(false)
    expect(await storage().readText('leases/a')).toBe('mine')
    await storage().remove('leases/a')
    expect(await storage().createText('leases/a', 'yours')).toBe(true)
    await storage().remove('leases')
  })

  it('of ten that create at once one succeeds, and its text is there', async () => {
    const writers = await Promise.all(Array.from({ length: 10 }, open))
    for (let round = 0; round < 5; round += 1) {
      const path = `leases/${round}`
      const won = await Promise.all(writers.map((each, index) => each.createText(path, String(index))))
      expect(won.filter(Boolean)).toHaveLength(1)
      expect(await storage().readText(path)).toBe(String(won.indexOf(true)))
    }
    await storage().remove('leases')
    expect(await storage().list('')).toEqual([])
  })
}
