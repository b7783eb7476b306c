/** The lock between processes: one at a time, and free again the moment its holder is killed. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withProcessLock } from './process-lock.ts'

let home = ''
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'saydo-lock-'))
})
afterEach(() => rm(home, { recursive: true, force: true }))

test('work under one lock never overlaps', async () => {
  const file = join(home, 'lock')
  let inside = 0
  const overlaps: number[] = []
  const work = async () => {
    inside++
    overlaps.push(inside)
    await new Promise((resolve) => setTimeout(resolve, 20))
    inside--
  }
  await Promise.all([1, 2, 3, 4].map(() => withProcessLock(file, work)))
  expect(overlaps).toEqual([1, 1, 1, 1])
})

test('a failure of the work releases the lock', async () => {
  const file = join(home, 'lock')
  await expect(withProcessLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await withProcessLock(file, async () => 'free')).toBe('free')
})

test('a killed holder releases the lock, and the one who waited says so once', async () => {
  const file = join(home, 'lock')
  const module = fileURLToPath(import.meta.resolve('./process-lock.ts'))
  const program = `
    const { withProcessLock } = await import(${JSON.stringify(module)})
    await withProcessLock(${JSON.stringify(file)}, () => { console.log('held'); return new Promise(() => setInterval(() => {}, 1000)) })`
  const holder = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await once(holder.stdout, 'data')
  let waits = 0
  const got = withProcessLock(
    file,
    async () => 'mine',
    () => {
      waits++
      setTimeout(() => holder.kill('SIGKILL'), 300)
    },
  )
  expect(await got).toBe('mine')
  expect(waits).toBe(1)
})
