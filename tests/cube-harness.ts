/** A Cube of our own over a lake of three published versions, for the tests that ask it questions over REST. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { type Cube, startCube } from '#stack/cube.ts'
import { arbitraryRows, type Row } from './metric-rows.ts'
import { publishedFixture, type PublishedFixture, type Tables } from './published-fixture.ts'

export const secret = 'a secret that is long enough for HS256'
export const timezone = 'Asia/Shanghai'

const sample = (seed: number): Tables => ({
  'xo.response_context': fc.sample(arbitraryRows['xo.response_context'], { seed, numRuns: 8 }).flat(),
  submission: fc.sample(arbitraryRows.submission, { seed, numRuns: 4 }).flat(),
  'xo.customer_month': fc.sample(arbitraryRows['xo.customer_month'], { seed, numRuns: 4 }).flat(),
})
/** Version 1: random rows of every table. */
export const tables = sample(11)

/** As many equal answers; version 2 is 20 tens, version 3 is 30 zeros. */
export const answers = (score: number, count: number): Tables => ({
  'xo.response_context': Array.from({ length: count }, () => ({
    concept: 'nps',
    score,
    answered_at: '2024-01-01T00:00:00Z',
    channel: 'web',
  })),
})

export type Answer = { status: number; body: { error?: string; data: Row[]; results?: { data: Row[] }[] } }

export type CubeHarness = {
  /** Holds `lake/`. */
  readonly folder: string
  readonly lake: PublishedFixture
  readonly cube: Cube
  readonly token: string
  /** Lines Cube said. */
  readonly said: readonly string[]
  /** GET below `/cubejs-api/v1/`; null sends no token. */
  readonly get: (path: string, authorization?: string | null) => Promise<Answer>
  readonly load: (query: object, authorization?: string | null) => Promise<Answer>
  readonly close: () => Promise<void>
}

export async function startCubeHarness(): Promise<CubeHarness> {
  const folder = mkdtempSync(join(tmpdir(), 'cube-'))
  const lake = await publishedFixture(join(folder, 'lake'))
  await lake.write(2, answers(10, 20))
  await lake.write(3, answers(0, 30))
  await lake.write(1, tables)
  const said: string[] = []
  const say = (line: string) => said.push(line)
  const cube = await startCube({ lakeRoot: lake.lakeRoot, secret, timezone, graceMs: 200, say })
  const token = await cube.token({ role: 'analyst' })
  const get = async (path: string, authorization: string | null = token): Promise<Answer> => {
    const headers: Record<string, string> = authorization === null ? {} : { Authorization: authorization }
    const response = await fetch(`${cube.url}/cubejs-api/v1/${path}`, { headers })
    return { status: response.status, body: (await response.json()) as Answer['body'] }
  }
  return {
    folder,
    lake,
    cube,
    token,
    said,
    get,
    load: (query, authorization) =>
      get(`load?query=${encodeURIComponent(JSON.stringify(query))}`, authorization),
    async close() {
      await cube.close()
      rmSync(folder, { recursive: true })
    },
  }
}
