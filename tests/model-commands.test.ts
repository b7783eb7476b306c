/** The life of a model build, through the command: foreseen, tried in an environment, compared, promoted, taken back, tidied up. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { saydoHere as saydo } from './saydo-in-process.ts'

// Inside the checkout, where a project file that is imported here finds `saydo`.
const home = join(import.meta.dirname, '../.saydo')
mkdirSync(home, { recursive: true })
const folder = mkdtempSync(join(home, 'models-'))
const project = join(folder, 'company')
const config = join(project, 'saydo.config.ts')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

type Json = Readonly<Record<string, unknown>>

async function ask(...args: string[]): Promise<Json> {
  const run = await saydo([...args, '--json', '--config', config])
  expect(run.code, run.stderr).toBe(0)
  return JSON.parse(run.stdout) as Json
}

async function say(...args: string[]): Promise<string> {
  const run = await saydo([...args, '--config', config])
  expect(run.code, run.stderr).toBe(0)
  return run.stdout
}

const parquet = () =>
  readdirSync(join(project, '.saydo/lake/models'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.parquet'),
  )

beforeAll(async () => {
  expect((await saydo(['init', project])).code).toBe(0)
  const refresh = await saydo(['refresh', '--config', config])
  expect(refresh.code, refresh.stderr).toBe(0)
}, 60_000)

it('a plan names the new file, its late day and the partitions they touch, before anything runs', async () => {
  expect(await say('plan')).toMatch(/Nothing to build: production serves all \d+ models/)
  writeFileSync(
    join(project, 'data/survey-2.csv'),
    'id,at,email,channel,recommend\nX1,2026-09-01 10:00,new@example.com,web,10\nX2,2026-03-01 11:00,new@example.com,web,3\n',
  )
  await say('sync')
  const plan = await ask('plan')
  expect(plan['streams']).toEqual([
    { stream: 'shop.survey', files: 1, rows: 2, days: ['2026-03-01', '2026-09-01'], late: ['2026-03-01'] },
  ])
  const told = await say('plan', 'shop.submission__survey')
  expect(told).toMatch(/shop\.submission__survey │ build +│ +3 │ +7 │/)
  expect(told).toContain('shop.survey changed')
  const unknown = await saydo(['plan', 'submision', '--config', config])
  expect(unknown).toMatchObject({ code: 2, stderr: expect.stringContaining('did you mean') as string })
})

it('an environment builds what differs and leaves production alone', async () => {
  const built = await ask('build', '--env', 'dev')
  expect(built).toMatchObject({ published: { version: 2, changed: true } })
  expect(await ask('metric', 'nps')).toMatchObject([{ n: 80, published_version: 1 }])
  expect(await ask('metric', 'nps', '--env', 'dev')).toMatchObject([{ n: 82, published_version: 2 }])
  expect(await say('plan')).toContain('Nothing to build: the lake has it all')
  const nobody = await saydo(['metric', 'nps', '--env', 'stage', '--config', config])
  expect(nobody).toMatchObject({
    code: 1,
    stderr: '[versions] nothing is published yet in stage; run `saydo refresh --env stage` first.\n',
  })
  expect((await saydo(['metric', 'nps', '--env', 'No!', '--config', config])).code).toBe(2)
})

it('two versions are compared in rows, ids and numbers', async () => {
  const diff = await ask('diff', '1', '--env', 'dev', '--rows', 'submission')
  expect(diff).toMatchObject({ from: 1, to: 2 })
  const models = diff['models'] as { model: string; rows: unknown }[]
  expect(models.find(({ model }) => model === 'submission')).toMatchObject({
    rows: { added: 2, removed: 0, changed: 0 },
  })
  expect(models.map(({ model }) => model)).not.toContain('order')
  expect(diff['rows']).toEqual([
    { id: 'shop:X1', change: 'added' },
    { id: 'shop:X2', change: 'added' },
  ])
  const said = await say('diff', '1', '2', '--by', 'channel')
  expect(said).toMatch(/nps +│ all +│ +42\.5 │ +41\.5 │ +80 │ +82 │/)
  expect(said).toMatch(/nps +│ web/)
  expect((await saydo(['diff', '9', '--config', config])).stderr).toContain(
    'there is no version 9; there are 1, 2',
  )
})

it('promoting and rolling back are single moves', async () => {
  expect(await say('promote', 'dev')).toBe('Production serves version 2, as dev does.\n')
  expect(await say('promote', 'dev')).toBe('Production serves version 2 already.\n')
  expect(await ask('metric', 'nps')).toMatchObject([{ n: 82 }])
  const versions = (await ask('versions')) as unknown as {
    version: number
    current: boolean
    changed: string[]
  }[]
  expect(versions.map(({ version, current }) => [version, current])).toEqual([
    [1, false],
    [2, true],
  ])
  expect(versions[1]?.changed).toContain('submission')
  expect(await say('rollback')).toBe('Version 1 is served.\n')
  expect(await ask('metric', 'nps')).toMatchObject([{ n: 80 }])
  expect((await saydo(['promote', 'stage', '--config', config])).stderr).toContain('build it first')
})

it('a build that is held back is published when somebody says so', async () => {
  expect(await say('build', '--no-publish')).toContain('audited and waiting for `saydo publish`')
  expect(await ask('metric', 'nps')).toMatchObject([{ n: 80 }])
  expect(await say('publish')).toContain('published version 3')
  expect(await ask('metric', 'nps')).toMatchObject([{ n: 82 }])
  const again = await saydo(['publish', '--config', config])
  expect(again).toMatchObject({ code: 1 })
  expect(again.stderr).toContain('nothing waits to be published in production')
})

it('audits and checks what is served, and a damaged file is made anew', async () => {
  expect(await say('audit')).toMatch(/(\d+) of \1 audits found no rows/)
  expect(await say('check', '--files')).toMatch(/steadiness +│ ok/)
  const [file = ''] = parquet().filter((name) => name.startsWith('answer/') && !name.includes('index'))
  writeFileSync(join(project, '.saydo/lake/models', file), 'damaged')
  const check = await saydo(['check', '--no-models', '--files', '--config', config])
  expect(check.code).toBe(1)
  expect(check.stdout).toContain('forgotten; run `saydo build`, which makes it anew')
  await say('build')
  await say('check', '--no-models', '--files')
  expect(readFileSync(join(project, '.saydo/lake/models', file), 'utf8')).toBe('damaged')
})

it('garbage is told first and deleted when said so; what is served stays', async () => {
  const before = parquet().length
  const args = ['gc', '--keep-versions', '1', '--older-than', '0m']
  expect(await say(...args)).toContain('Nothing was deleted')
  expect(parquet()).toHaveLength(before)
  expect(await ask(...args, '--yes')).toMatchObject({ versions: [1], deleted: true })
  expect(parquet().length).toBeLessThan(before)
  expect(await ask('metric', 'nps')).toMatchObject([{ n: 82 }])
  expect(await say('check', '--no-models', '--files')).not.toContain('failed')
  expect(await say('plan')).toContain('Nothing to build')
})
