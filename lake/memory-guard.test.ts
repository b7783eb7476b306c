import { DuckDBInstance } from '@duckdb/node-api'
import { setTimeout } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createMemoryGuard } from './memory-guard.ts'

const MB = 1e6

/** A guard of a process that holds what the test says, and how often it gave back. */
function guardOf(memoryMb: number) {
  const process = { holds: 150 * MB, gaveBack: 0 }
  const guarded = createMemoryGuard({ memoryMb, held: () => process.holds })
  const giveBack = async () => {
    process.gaveBack += 1
  }
  return { process, guarded: <T>(work: () => Promise<T>) => guarded(giveBack, work) }
}

const aWhile = () => setTimeout(130)

describe('createMemoryGuard', () => {
  it('gives back again and again while the process holds more than work may use', async () => {
    const { process, guarded } = guardOf(100)
    const answer = await guarded(async () => {
      process.holds = 251 * MB
      await aWhile()
      return 'done'
    })
    expect(answer).toBe('done')
    expect(process.gaveBack).toBeGreaterThan(1)
  })

  it('gives nothing back of what work may use, and nothing when there is no work', async () => {
    const { process, guarded } = guardOf(100)
    await guarded(async () => {
      process.holds = 249 * MB
      await aWhile()
    })
    process.holds = 900 * MB
    await aWhile()
    expect(process.gaveBack).toBe(0)
  })

  it('lets every work under way use as much', async () => {
    const { process, guarded } = guardOf(100)
    await guarded(() =>
      guarded(async () => {
        process.holds = 349 * MB
        await aWhile()
      }),
    )
    expect(process.gaveBack).toBe(0)
  })

  it('has ended giving back when the work has ended', async () => {
    const holds = [0, 900 * MB]
    const guarded = createMemoryGuard({ memoryMb: 100, held: () => holds.shift() ?? 0 })
    let gaveBack = false
    const slowly = async () => {
      await aWhile()
      gaveBack = true
    }
    await guarded(slowly, () => setTimeout(10))
    expect(gaveBack).toBe(true)
  })

  it('leaves it to the work to tell that memory is short', async () => {
    const guarded = createMemoryGuard({ memoryMb: -1, held: () => 0 })
    const refused = () => Promise.reject(new Error('could not free up enough memory'))
    await expect(guarded(refused, aWhile)).resolves.toBeUndefined()
    await expect(guarded(refused, () => Promise.reject(new Error('out of memory')))).rejects.toThrow(
      'out of memory',
    )
  })
})

/** What the engine relies on: without it, giving back would do nothing. */
describe.runIf(process.platform === 'linux')('DuckDB', () => {
  it('lets go of what it has freed when its limit is set', async () => {
    const instance = await DuckDBInstance.create(':memory:', { memory_limit: '500MB' })
    const session = await instance.connect()
    await session.run('CREATE TABLE many AS SELECT hash(i) AS h FROM range(25_000_000) AS t(i)')
    await session.run('DROP TABLE many')
    const held = process.memoryUsage.rss()
    await session.run("SET memory_limit = '500MB'")
    expect(process.memoryUsage.rss()).toBeLessThan(held - 100 * MB)
    session.closeSync()
    instance.closeSync()
  })
})
