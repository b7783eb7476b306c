/** What an audit works with: the build it looks at, what is served beside it, and how rows are found and told. */
import { isDeepStrictEqual } from 'node:util'
import { type Build, buildOf, partitionsOf } from '#lake/builds.ts'
import type { EngineSession, Slice } from '#lake/engine.ts'
import type { Partition } from '#lake/partition.ts'
import { identifier } from '#lake/quote.ts'
import { type Audit, auditReads } from '#models/audit.ts'
import { lookedUpBy } from '#models/definition.ts'
import type { Model } from '#models/define-model.ts'
import { indexColumns } from './build-partitions.ts'
import type { AuditInput } from './index.ts'
import { refuseDamagedInput } from './refuse-damaged-input.ts'
import { modelNamed, type Workshop } from './workshop.ts'

/** What an audit found: offending rows, and the grain of a few of them; ids only, never content. */
export type Finding = { readonly audit: string; readonly rows: number; readonly examples: readonly string[] }

export type Table = { readonly build: Build; readonly partitions: readonly Partition[] }

export type AuditWork = {
  readonly workshop: Workshop
  readonly session: EngineSession
  readonly model: Model
  readonly table: Table
  /** What the environment serves of the model, and of the tables that audits compare it with. */
  readonly served: Readonly<Record<string, Table | undefined>>
  readonly others: Readonly<Record<string, Table>>
}

export async function auditWork(
  workshop: Workshop,
  session: EngineSession,
  model: Model,
  { fingerprint, upstream, environment }: AuditInput,
): Promise<AuditWork> {
  const served = await workshop.versions(environment).served()
  const names = [...new Set(model.audits.flatMap(auditReads))].filter((name) => name in upstream)
  const others: Record<string, Table> = {}
  for (const name of names) others[name] = await tableOf(workshop, name, upstream[name] ?? '')
  const before: Record<string, Table | undefined> = {}
  for (const name of [model.name, ...names]) {
    const found = served[name]
    before[name] =
      found === undefined ? undefined : await tableOf(workshop, name, found).catch(() => undefined)
  }
  return {
    workshop,
    session,
    model,
    table: await tableOf(workshop, model.name, fingerprint),
    served: before,
    others,
  }
}

async function tableOf({ control }: Workshop, model: string, fingerprint: string): Promise<Table> {
  const build = await buildOf(control.db, model, fingerprint)
  return { build, partitions: await partitionsOf(control.db, build) }
}

/** Partitions that this audit has not passed already as part of what is served. */
export async function freshPartitions(
  { workshop, model, table, served }: AuditWork,
  audit: Audit,
): Promise<Partition[]> {
  const before = served[model.name]
  if (before === undefined) return [...table.partitions]
  if (!(await hasPassed(workshop, before.build, audit))) return [...table.partitions]
  const known = new Set(before.partitions.map(idOf))
  return table.partitions.filter((partition) => !known.has(idOf(partition)))
}

/** Whether a union's parts, as they are now, have each passed an audit that then holds for their rows together. */
export async function passedByParts(
  { workshop, model, table, served }: AuditWork,
  audit: Audit,
): Promise<boolean> {
  if (model.make.by !== 'union' || served[model.name] === undefined) return false
  const isOfEachRow = audit.by === 'rows' && audit.of === 'new' && audit.reads.length === 0
  if (!isOfEachRow && !(audit.by === 'unique' && model.reads.length === 1)) return false
  for (const name of model.reads) {
    const part = modelNamed(workshop, name)
    if (!part.audits.some((each) => isDeepStrictEqual(each, audit))) return false
    const build = { model: name, fingerprint: table.build.inputs[name] ?? '' }
    if (!(await hasPassed(workshop, build, audit))) return false
  }
  return true
}

async function hasPassed(
  { control }: Workshop,
  { model, fingerprint }: Pick<Build, 'model' | 'fingerprint'>,
  { name }: Audit,
): Promise<boolean> {
  const result = await control.db
    .selectFrom('audit_result')
    .select('rows')
    .where('model', '=', model)
    .where('fingerprint', '=', fingerprint)
    .where('audit', '=', name)
    .executeTakeFirst()
  return result?.rows === 0
}

export function idOf({ model, fingerprint }: Partition): string {
  return `${model} ${fingerprint}`
}

export function sliceOf(
  { workshop }: AuditWork,
  table: string,
  { columns }: Build,
  partitions: readonly Partition[],
): Slice {
  const filled = partitions.filter(({ rows }) => rows > 0)
  const files = filled.flatMap((partition) =>
    partition.files.map(({ path }) => workshop.storage.absolute(path)),
  )
  return { table, columns, files, exact: true }
}

/** The hashes of the grain of some partitions of a model, as `g`, and its days, as `d`. */
export async function grainsOf(
  { workshop }: AuditWork,
  model: string,
  { as, of }: { readonly as: string; readonly of: readonly Partition[] },
): Promise<Slice> {
  const files = of.filter(({ rows }) => rows > 0).flatMap(({ index }) => index)
  for (const file of files) await refuseDamagedInput(workshop, file, false)
  return {
    table: as,
    exact: true,
    columns: indexColumns(lookedUpBy(workshop.models, model)).filter(
      ({ name }) => name === 'g' || name === 'd',
    ),
    files: files.map(({ path }) => workshop.storage.absolute(path)),
  }
}

type Asked = { readonly model: Model; readonly slices: readonly Slice[] }

export async function found(
  session: EngineSession,
  audit: string,
  sql: string,
  { model, slices }: Asked,
): Promise<Finding> {
  const id = model.grain
    .map((column) => `coalesce(cast(${identifier(column)} as VARCHAR), 'null')`)
    .join(` || ' ' || `)
  const counted = await session.rows(
    { sql: `select count(*) as "rows" from (${sql}) as offending`, parameters: [] },
    slices,
  )
  const rows = Number(counted[0]?.['rows'] ?? 0)
  if (rows === 0) return { audit, rows, examples: [] }
  const some = await session.rows(
    {
      sql: `select distinct ${id} as id from (${sql}) as offending order by id limit 3`,
      parameters: [],
    },
    slices,
  )
  return { audit, rows, examples: some.map((row) => String(row['id'])) }
}
