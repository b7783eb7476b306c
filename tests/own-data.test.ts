/** Bringing one's own data, as the README says: files in, numbers out, faults named, the next run recovers. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { handMadeCompany } from '#simulation/hand-made-company.ts'
import { startTypeform } from '#simulation/typeform-server.ts'
import { saydo } from './saydo-command.ts'

const folder = mkdtempSync(join(tmpdir(), 'saydo-own-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const Rows = z.array(z.record(z.string(), z.unknown()))
async function ask(config: string, env: Readonly<Record<string, string>>, ...args: string[]) {
  const run = await saydo([...args, '--json', '--config', config], env)
  expect(run.stderr).toBe('')
  return Rows.parse(JSON.parse(run.stdout))
}

describe('two files', () => {
  const project = join(folder, 'my-company')
  const config = join(project, 'saydo.config.ts')

  beforeAll(async () => {
    expect((await saydo(['init', project])).code).toBe(0)
    const refresh = await saydo(['refresh', '--config', config])
    expect(refresh.code, refresh.stderr).toBe(0)
  })

  it('give an NPS that can be counted by hand from the file', async () => {
    const scores = readFileSync(join(project, 'data/survey.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => Number(line.split(',').at(-1)))
    const share = (from: number, to: number) =>
      scores.filter((score) => score >= from && score <= to).length / scores.length
    const [nps] = await ask(config, {}, 'metric', 'nps')
    expect(nps).toMatchObject({ n: scores.length, suppressed: false })
    expect(nps?.['value']).toBeCloseTo(100 * (share(9, 10) - share(0, 6)), 9)
  })

  it('join by e-mail in any spelling, although no e-mail reaches the disk', async () => {
    const [joined] = await ask(
      config,
      {},
      'sql',
      `select count(distinct c.person_id) as persons from xo.response_context r join xo.customer_month c using (person_id) where c.orders > 0`,
    )
    expect(Number(joined?.['persons'])).toBeGreaterThan(30)
    const control = readFileSync(join(project, '.saydo/control.db'), 'latin1')
    expect(control).not.toContain('@example.com')
  })

  it('a new file adds its answers, a wrong cell goes to quarantine with its line, the rest lands', async () => {
    writeFileSync(
      join(project, 'data/survey-2.csv'),
      'id,at,email,channel,recommend\nX1,2026-09-01 10:00,new@example.com,web,10\nX2,2026-09-01 11:00,new@example.com,web,very likely\n',
    )
    const refresh = await saydo(['refresh', '--json', '--config', config])
    expect(JSON.parse(refresh.stdout)).toMatchObject({
      rows: 1,
      rejected: 1,
      published: { version: 2, changed: true },
    })
    const [record] = await ask(config, {}, 'quarantine', 'show')
    expect(record).toMatchObject({ position: expect.stringContaining('survey-2.csv:3') })
    expect(JSON.stringify(record)).not.toContain('very likely')
    const rollback = await saydo(['rollback', '--config', config])
    expect(rollback.stdout).toContain('Version 1 is served')
    const [nps] = await ask(config, {}, 'metric', 'nps')
    expect(nps).toMatchObject({ n: 80, published_version: 1 })
  })
})

describe('a source that refuses', () => {
  it('is named, does not stop the others, and recovers with the next run', async () => {
    const company = handMadeCompany()
    await using typeform = Object.assign(await startTypeform(company, { token: 'right-token' }), {
      async [Symbol.asyncDispose]() {
        await typeform.close()
      },
    })
    const project = join(folder, 'two-sources')
    await saydo(['init', project])
    const config = join(project, 'saydo.config.ts')
    const text = readFileSync(config, 'utf8')
      .replace(
        'import { connect, defineProject, files }',
        'import { connect, defineProject, files, typeform }',
      )
      .replace(
        'sources: {',
        `sources: {\n    survey: connect(typeform, { url: '${typeform.url}', forms: ['transaction'], rate: { requests: 99, perSeconds: 1 } }),`,
      )
    writeFileSync(config, text)

    const wrong = await saydo(['refresh', '--config', config], { SURVEY_TOKEN: 'wrong-token' })
    expect(wrong.code).toBe(1)
    expect(wrong.stderr).toMatch(/survey\.responses: \[survey\].*401/)
    expect(wrong.stderr).not.toContain('wrong-token')
    expect(await ask(config, {}, 'metric', 'nps')).toMatchObject([{ n: 80 }])
    const status = await saydo(['status', '--config', config])
    expect(status.stdout).toMatch(/survey.*responses.*failed/)

    const right = await saydo(['refresh', '--config', config], { SURVEY_TOKEN: 'right-token' })
    expect(right.code).toBe(0)
    const [responses] = await ask(
      config,
      {},
      'sql',
      `select count(*) as n from submission where source = 'survey'`,
    )
    expect(Number(responses?.['n'])).toBeGreaterThan(0)
    expect((await saydo(['status', '--config', config])).stdout).not.toMatch(/failed/)
  })
})

describe('wrong project files', () => {
  it.each([
    [
      'every mistake with its path',
      `export default { name: 'X y', timezone: 'Mars/Base', sources: {}, extra: 1 }`,
      [/name: /, /timezone: .*IANA/, /extra/],
    ],
    [
      'a setting of a connector',
      `import { connect, files } from 'saydo'\nexport default { name: 'x', sources: { a: connect(files, { folder: '' , streams: {} }) } }`,
      [/sources\.a\.folder/, /sources\.a\.streams/],
    ],
    ['a file that does not run', `export default (`, [/does not load/]],
    ['no default export', `export const x = 1`, [/no default export/]],
  ])('names %s, exit code 2', async (_, text, sentences) => {
    const config = join(mkdtempSync(join(folder, 'wrong-')), 'saydo.config.ts')
    writeFileSync(config, text)
    const run = await saydo(['check', '--config', config], { SAYDO_KEY: 'k'.repeat(32) })
    expect(run.code).toBe(2)
    for (const sentence of sentences) expect(run.stderr).toMatch(sentence)
    expect(run.stderr).not.toMatch(/^\s+at /m)
  })

  it('names a missing key, and never starts without one', async () => {
    const project = join(folder, 'no-key')
    await saydo(['init', project])
    rmSync(join(project, '.env'))
    const run = await saydo(['refresh', '--config', join(project, 'saydo.config.ts')])
    expect(run.code).toBe(2)
    expect(run.stderr).toContain('SAYDO_KEY')
  })
})

const olist = join(import.meta.dirname, '../../shared/data/olist-8pct')
describe.skipIf(!existsSync(olist))('Olist', () => {
  const config = join(import.meta.dirname, '../examples/olist/saydo.config.ts')
  const env = { SAYDO_KEY: 'k'.repeat(32), SAYDO_HOME: join(folder, 'olist'), OLIST_FOLDER: olist }

  beforeAll(async () => {
    const refresh = await saydo(['refresh', '--json', '--config', config], env)
    expect(refresh.code, refresh.stderr).toBe(0)
    expect(JSON.parse(refresh.stdout)).toMatchObject({ rejected: 0, failures: [] })
  })

  it('reconciles file, raw, canonical and metric', async () => {
    const raw = await ask(
      config,
      env,
      'sql',
      `select (select count(*) from submission) as submissions, (select count(*) from "order") as orders`,
    )
    expect(raw).toEqual([{ submissions: 8225, orders: 8135 }])
    expect(await ask(config, env, 'metric', 'response_count')).toMatchObject([
      { value: 8225, low: 8225, high: 8225 },
    ])
  })

  it('gives the published scores by delay, in calendar days', async () => {
    const rows = await ask(
      config,
      env,
      'sql',
      `select delivery, round(avg(score), 2) as score from xo.response_context where delivery is not null group by 1 order by 1`,
    )
    expect(rows).toEqual([
      { delivery: '1-3 days late', score: 3.28 },
      { delivery: '4-7 days late', score: 1.95 },
      { delivery: '8+ days late', score: 1.59 },
      { delivery: 'on time', score: 4.27 },
    ])
  })

  it('honours design weights: 4.067 weighted, 3.27 as the sample lies', async () => {
    const [row] = await ask(
      config,
      env,
      'sql',
      `select round(sum(w * score) / sum(w), 3) as weighted, round(avg(score), 2) as plain from (
      select score, case when o.status = 'delivered' then 96478.0 / 5172 else 1 end as w from xo.response_context r join "order" o on o.order_id = r.event_id)`,
    )
    expect(row).toEqual({ weighted: 4.067, plain: 3.27 })
  })

  it('shows both published late rates: by instant and by calendar day', async () => {
    const [row] = await ask(
      config,
      env,
      'sql',
      `select round(avg((delivered_at > promised_at)::int), 4) as by_instant,
      round(avg((date_diff('day', timezone('America/Sao_Paulo', timezone('UTC', promised_at)), timezone('America/Sao_Paulo', timezone('UTC', delivered_at))) > 0)::int), 4) as by_day
      from "order" where delivered_at is not null and status = 'delivered'`,
    )
    expect(row).toEqual({ by_instant: 0.0802, by_day: 0.0662 })
  })
})
