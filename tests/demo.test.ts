/** The whole house in one go, as a newcomer runs it: stand-ins, Temporal, DuckDB, the control database and Cube, all real. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { generateCompany } from '#simulation/index.ts'
import { type Cube, startCube } from '#stack/cube.ts'
import { saydo, type Run } from './saydo-command.ts'

const seed = 11
const home = mkdtempSync(join(tmpdir(), 'saydo-demo-'))
const env = { SAYDO_HOME: home }
const Rows = z.array(z.record(z.string(), z.unknown()))

let started: Run
beforeAll(async () => {
  started = await saydo(['start', '--once', '--size', 'tiny', '--seed', String(seed), '--json'], env)
}, 300_000)
afterAll(() => rmSync(home, { recursive: true, force: true }))

async function rows(...args: string[]) {
  const run = await saydo([...args, '--json'], env)
  expect(run.stderr).toBe('')
  expect(run.code).toBe(0)
  return Rows.parse(JSON.parse(run.stdout))
}

describe('the demo', () => {
  it('starts, lands five sources, publishes, and ends with 0', () => {
    expect(started.stderr).toContain('[temporal] started server')
    expect(started.code).toBe(0)
    const { refresh } = JSON.parse(started.stdout) as {
      refresh: { failures: unknown[]; published: { version: number } }
    }
    expect(refresh.failures).toEqual([])
    expect(refresh.published.version).toBe(1)
  })

  it('finds every planted count exactly, and planted effects in their intervals', async () => {
    const Verdicts = z.array(z.object({ effect: z.string(), unit: z.string(), verdict: z.string() }))
    const verdicts = Verdicts.parse(await rows('truth'))
    const looked = verdicts.filter(({ verdict }) => verdict !== 'not looked for')
    const counts = looked.filter(({ unit, effect }) => unit === 'count' && effect !== 'count.persons')
    expect(counts.length).toBeGreaterThanOrEqual(9)
    expect(counts.filter(({ verdict }) => verdict === 'outside')).toEqual([])
    const estimates = looked.filter(({ unit }) => unit !== 'count')
    expect(estimates.length).toBeGreaterThanOrEqual(15)
    expect(estimates.filter(({ verdict }) => verdict === 'outside').length).toBeLessThanOrEqual(2)
  })

  it('adds nothing when nothing is new', async () => {
    const again = await saydo(['refresh', '--json'], env)
    const summary = JSON.parse(again.stdout) as { rows: number; built: number; published: unknown }
    expect(summary).toMatchObject({ rows: 0, built: 0, published: { version: 1, changed: false } })
  })

  it('keeps planted personal data out of Temporal, of the control database and of everything printed', () => {
    const company = generateCompany({ seed, size: 'tiny' })
    const markers = company.customers.flatMap(({ name, email, phone }) => [name, email, phone])
    const comments = company.submissions.flatMap(({ comment }) =>
      comment !== null && comment.length > 12 ? [comment] : [],
    )
    const files = ['temporal.db', 'temporal.db-wal', 'temporal.log', 'control.db', 'control.db-wal']
    const stored =
      files.map((file) => readIfThere(join(home, file))).join('\n') + started.stdout + started.stderr
    expect(stored).toContain('typeform')
    const told = [...new Set([...markers, ...comments])].filter(
      (marker) => marker.length >= 4 && stored.includes(marker),
    )
    expect(told).toEqual([])
  })

  it('shows where bad records are, without their content', async () => {
    const kinds = await rows('quarantine', 'list')
    expect(kinds.map(({ source, stream }) => [source, stream].join('.'))).toEqual(
      expect.arrayContaining(['stores.till', 'stores.kiosk', 'typeform.responses']),
    )
  })
})

describe('one number, three ways', () => {
  let cube: Cube
  beforeAll(async () => {
    cube = await startCube({
      lakeRoot: join(home, 'lake'),
      secret: 'a'.repeat(40),
      timezone: 'Asia/Shanghai',
      say: () => {},
    })
  })
  afterAll(() => cube.close())

  it('the command and Cube agree to 1e-9', async () => {
    const Number9 = z.object({
      channel: z.string(),
      value: z.number(),
      n: z.number(),
      low: z.number(),
      high: z.number(),
    })
    const command = z.array(Number9).parse(await rows('metric', 'nps', '--by', 'channel'))
    const meta = await ask(cube, '/meta', undefined)
    const view = z
      .object({
        cubes: z.array(z.object({ name: z.string(), measures: z.array(z.object({ name: z.string() })) })),
      })
      .parse(meta)
      .cubes.find(({ measures }) => measures.some(({ name }) => name.endsWith('.nps')))
    if (view === undefined) throw new Error('no view has nps')
    const members = ['nps', 'nps_n', 'nps_low', 'nps_high'].map((name) => `${view.name}.${name}`)
    const answer = await ask(cube, '/load', { measures: members, dimensions: [`${view.name}.channel`] })
    const { data } = z.object({ data: Rows }).parse(answer)
    for (const row of command) {
      const same = data.find((each) => each[`${view.name}.channel`] === row.channel)
      const [value, n, low, high] = members.map((member) => Number(same?.[member]))
      expect(value).toBeCloseTo(row.value, 9)
      expect(n).toBe(row.n)
      expect(low).toBeCloseTo(row.low, 9)
      expect(high).toBeCloseTo(row.high, 9)
    }
    expect(command.length).toBe(5)
  })
})

describe('wrong use', () => {
  it.each([
    [['metric', 'happiness'], /there are nps/],
    [['metric', 'nps', '--by', 'mood'], /allowed are/],
    [['metric', 'nps', '--from', 'yesterday'], /YYYY-MM-DD/],
    [['sql', 'drop table submission'], /only one select/],
    [['sql', `select * from read_csv('/etc/hosts')`], /./],
    [['sync', 'nobody'], /there is no source nobody/],
    [['rollback', '99'], /there is no version 99/],
    [['check', '--config', 'nowhere.ts'], /saydo init/],
    [['metrics'], /unknown command/],
  ])('saydo %j is refused in a sentence, with exit code 2', async (args, sentence) => {
    const run = await saydo(args, env)
    expect(run.stderr).toMatch(sentence)
    expect(run.stderr).not.toMatch(/^\s+at /m)
    expect(run.code).toBe(2)
  })
})

async function ask(cube: Cube, path: string, query: unknown): Promise<unknown> {
  const url = new URL(`${cube.url}/cubejs-api/v1${path}`)
  if (query !== undefined) url.searchParams.set('query', JSON.stringify(query))
  const answer = await fetch(url, { headers: { authorization: await cube.token() } })
  expect(answer.status).toBe(200)
  return answer.json()
}

function readIfThere(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8') : ''
}
