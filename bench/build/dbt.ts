/** The same models and audits as a dbt project on DuckDB: each model one external Parquet file, two threads, raw records deduplicated in tables of their own. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { columnsOf } from '#lake/columns-of.ts'
import type { Control } from '#lake/control/open-control.ts'
import { identifier, literal } from '#lake/quote.ts'
import { rawFiles } from '#lake/raw-files.ts'
import type { Model } from '#models/define-model.ts'
import { deduplicated } from './by-hand.ts'

/** dbt's 1.x line: newer ones bring a part that no package index has. */
const wanted = ['dbt-core>=1.10,<1.11', 'dbt-duckdb>=1.9,<1.11']

/** The dbt command of a virtual environment, made when needed; or why there is none. */
export function installDbt(folder: string): { readonly dbt: string } | { readonly why: string } {
  const dbt = join(folder, 'bin', 'dbt')
  if (existsSync(dbt)) return { dbt }
  for (const [command, ...args] of [
    ['python3', '-m', 'venv', folder],
    [join(folder, 'bin', 'pip'), 'install', '--quiet', '--prefer-binary', ...wanted],
  ] as const) {
    const { status, error } = spawnSync(command, args, { stdio: 'ignore', timeout: 600_000 })
    if (status !== 0) return { why: error?.message ?? `${command} ${args.join(' ')} ended with ${status}` }
  }
  return { dbt }
}

export type DbtRun = {
  readonly runSeconds: number
  readonly testSeconds: number
  readonly runCpu: number
  readonly testCpu: number
}

type DbtOptions = {
  readonly dbt: string
  readonly folder: string
  readonly control: Control
  readonly absolute: (path: string) => string
  readonly memoryMb: number
  readonly threads: number
}

export async function runDbt(models: readonly Model[], options: DbtOptions): Promise<DbtRun> {
  await writeProject(models, options)
  const run = timed(options, 'run')
  const test = timed(options, 'test')
  return { runSeconds: run.seconds, testSeconds: test.seconds, runCpu: run.cpu, testCpu: test.cpu }
}

function timed({ dbt, folder, threads }: DbtOptions, command: string): { seconds: number; cpu: number } {
  const from = performance.now()
  const script = `TIMEFORMAT='%U %S'; time ${dbt} --quiet ${command} --threads ${threads} --project-dir ${folder} --profiles-dir ${folder}`
  const { status, stderr, stdout } = spawnSync('bash', ['-c', script], {
    encoding: 'utf8',
    env: { ...process.env, DBT_SEND_ANONYMOUS_USAGE_STATS: 'false' },
  })
  const seconds = (performance.now() - from) / 1000
  if (status !== 0)
    throw new Error(
      `[bench] dbt ${command} ended with ${status}: ${stdout.slice(-2000)} ${stderr.slice(-500)}`,
    )
  const [user = '0', system = '0'] = stderr.trim().split('\n').at(-1)?.split(' ') ?? []
  return { seconds, cpu: Number(user) + Number(system) }
}

async function writeProject(
  models: readonly Model[],
  { folder, control, absolute, memoryMb, threads }: DbtOptions,
): Promise<void> {
  for (const each of ['models', 'tests', 'out']) mkdirSync(join(folder, each), { recursive: true })
  const put = (path: string, text: string) => writeFileSync(join(folder, path), text)
  put(
    'dbt_project.yml',
    `name: bench\nversion: '1.0'\nprofile: bench\nmodels:\n  bench:\n    +materialized: external\n`,
  )
  put(
    'profiles.yml',
    `bench:\n  target: dev\n  outputs:\n    dev:\n      type: duckdb\n      path: ${folder}/bench.duckdb\n      threads: ${threads}\n      config_options:\n        memory_limit: ${memoryMb}MB\n        threads: '${threads}'\n        preserve_insertion_order: 'false'\n        temp_directory: ${folder}/spill\n      settings:\n        TimeZone: UTC\n`,
  )
  const streams = new Map(
    models
      .flatMap(({ raw }) => Object.values(raw))
      .map(({ source, stream }) => [`${source}.${stream}`, { source, stream }]),
  )
  for (const [name, { source, stream }] of streams) {
    const raws = models
      .flatMap(({ raw }) => Object.values(raw))
      .filter((raw) => `${raw.source}.${raw.stream}` === name)
    const columns = [
      ...new Set(raws.flatMap(({ record }) => columnsOf(record).map((column) => identifier(column.name)))),
    ]
    const files = await rawFiles(control, source, stream)
    put(
      `models/${nameOf(`raw_${name}`)}.sql`,
      `{{ config(materialized='table') }}\n${deduplicated(files, columns.join(', '), absolute)}`,
    )
  }
  for (const model of models) {
    const file = nameOf(model.name)
    const config =
      model.make.by === 'union'
        ? `materialized='view'`
        : `materialized='external', location='${folder}/out/${file}.parquet', options={'compression': 'zstd'}`
    put(`models/${file}.sql`, `{{ config(${config}) }}\n${queryOf(model)}`)
    for (const [place, audit] of model.audits.entries()) {
      const list = audit.by === 'unique' ? audit.columns.map(identifier).join(', ') : ''
      const read = (name: string, as: string) =>
        `${identifier(as)} as (select * from {{ ref('${nameOf(name)}') }})`
      if (audit.by === 'rows')
        put(
          `tests/${file}_${place}.sql`,
          `with ${[read(model.name, 'model'), ...audit.reads.map((name) => read(name, name))].join(', ')} ${dotless(audit.sql, audit.reads)}`,
        )
      if (audit.by === 'unique')
        put(
          `tests/${file}_${place}.sql`,
          `select ${list} from {{ ref('${file}') }} group by ${list} having count(*) > 1`,
        )
    }
  }
}

function queryOf(model: Model): string {
  const { make, columns, raw, reads } = model
  if (make.by === 'union') {
    const parts = reads.map((part) => `select * from {{ ref('${nameOf(part)}') }}`)
    const empty = `select ${columns.map(({ name, type }) => `null::${type} as ${identifier(name)}`).join(', ')} where false`
    return parts.length > 0 ? parts.join(' union all by name ') : empty
  }
  if (make.by !== 'query') throw new Error(`[bench] ${model.name} is not made by a query.`)
  const list = columns.map(({ name, type }) => `cast(${identifier(name)} as ${type}) as ${identifier(name)}`)
  const inputs = [
    ...reads.map((name) => `${identifier(name)} as (select * from {{ ref('${nameOf(name)}') }})`),
    ...Object.entries(raw).map(
      ([table, { source, stream }]) =>
        `${identifier(table)} as (select * from {{ ref('${nameOf(`raw_${source}.${stream}`)}') }})`,
    ),
  ]
  const sql = dotless(bound(make.query), reads)
  return `with ${inputs.join(', ')} select ${list.join(', ')} from (${sql})`
}

/** Names with a schema as common table expressions, which have none. */
function dotless(sql: string, tables: readonly string[]): string {
  return tables
    .filter((name) => name.includes('.'))
    .reduce((text, name) => text.replaceAll(name.split('.').map(identifier).join('.'), identifier(name)), sql)
}

function bound({
  sql,
  parameters,
}: {
  readonly sql: string
  readonly parameters: readonly unknown[]
}): string {
  return sql.replaceAll(/\$(\d+)/g, (_, place: string) => {
    const value = parameters[Number(place) - 1]
    return typeof value === 'string' ? literal(value) : String(value)
  })
}

function nameOf(name: string): string {
  return name.replaceAll(/[.-]/g, '_')
}
