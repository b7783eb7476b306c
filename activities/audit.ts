/** Audit one build: every audit of its model must find no rows, before anybody can see the build. */
import { type Build, buildOf, partitionsOf } from '#lake/builds.ts'
import type { EngineSession, Slice } from '#lake/engine.ts'
import type { Partition } from '#lake/partition.ts'
import { identifier } from '#lake/quote.ts'
import { type Audit, auditReads } from '#models/audit.ts'
import { lookedUpBy } from '#models/definition.ts'
import type { Model } from '#models/define-model.ts'
import { windowHint } from '#models/window-hint.ts'
import { indexColumns } from './build-partitions.ts'
import type { AuditInput, AuditResult } from './index.ts'
import { refuseDamagedInput } from './refuse-damaged-input.ts'
import { modelNamed, type Workshop } from './workshop.ts'

/** An audit found rows; the version is not published and the last good one stays. */
export class AuditFailed extends Error {
  override readonly name = 'AuditFailed'
  readonly model: string
  readonly audit: string
  readonly rows: number
  constructor(model: string, { audit, rows, examples }: Finding, hint = '') {
    const example = examples.length > 0 ? ` (for example ${examples.join('; ')})` : ''
    super(
      `[${model}] audit ${audit} found ${rows} rows${example}; mend the model or its source, nothing was published${hint}.`,
    )
    this.model = model
    this.audit = audit
    this.rows = rows
  }
}

/** What an audit found: offending rows, and the grain of a few of them; ids only, never content. */
export type Finding = { readonly audit: string; readonly rows: number; readonly examples: readonly string[] }

/** Every audit is asked before the first failure is thrown, so that all that is wrong is remembered. */
export async function auditBuild(
  workshop: Workshop,
  input: AuditInput,
  signal: AbortSignal | undefined,
): Promise<AuditResult> {
  const model = modelNamed(workshop, input.model)
  await using session = await workshop.engine.open(signal)
  const work = await auditWork(workshop, session, model, input)
  let warnings = 0
  let failed: AuditFailed | undefined
  for (const audit of model.audits) {
    const finding = await findingOf(work, audit)
    await note(work, audit, finding.rows)
    if (finding.rows === 0) continue
    if (audit.severity === 'warn') warnings += 1
    else failed ??= new AuditFailed(model.name, finding, windowHint(model, audit))
  }
  if (failed) throw failed
  return { warnings }
}

export type AuditedTable = Finding & Pick<AuditInput, 'model'> & Pick<Audit, 'severity'>

/** Every audit over the whole table, whatever has passed before. */
export async function auditTable(
  workshop: Workshop,
  input: AuditInput,
  signal?: AbortSignal,
): Promise<AuditedTable[]> {
  const model = modelNamed(workshop, input.model)
  await using session = await workshop.engine.open(signal)
  const work = { ...(await auditWork(workshop, session, model, input)), served: {} }
  const findings: AuditedTable[] = []
  for (const audit of model.audits) {
    const finding = await findingOf(work, audit)
    await note(work, audit, finding.rows)
    findings.push({ model: model.name, severity: audit.severity, ...finding })
  }
  return findings
}

type Table = { readonly build: Build; readonly partitions: readonly Partition[] }

type Work = {
  readonly workshop: Workshop
  readonly session: EngineSession
  readonly model: Model
  readonly table: Table
  /** What the environment serves of the model, and of the tables that audits compare it with. */
  readonly served: Readonly<Record<string, Table | undefined>>
  readonly others: Readonly<Record<string, Table>>
}

async function auditWork(
  workshop: Workshop,
  session: EngineSession,
  model: Model,
  { fingerprint, upstream, environment }: AuditInput,
): Promise<Work> {
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

async function findingOf(work: Work, audit: Audit): Promise<Finding> {
  switch (audit.by) {
    case 'rows':
      return rowsFound(work, audit)
    case 'unique':
      return repeatedFound(work, audit)
    case 'row count':
      return countFound(work, audit)
    default:
      return stalenessFound(work, audit)
  }
}

/** Partitions that this audit has not passed already as part of what is served. */
async function freshPartitions({ workshop, model, table, served }: Work, audit: Audit): Promise<Partition[]> {
  const before = served[model.name]
  if (before === undefined) return [...table.partitions]
  const passed = await workshop.control.db
    .selectFrom('audit_result')
    .select('rows')
    .where('model', '=', model.name)
    .where('fingerprint', '=', before.build.fingerprint)
    .where('audit', '=', audit.name)
    .executeTakeFirst()
  if (passed?.rows !== 0) return [...table.partitions]
  const known = new Set(before.partitions.map(idOf))
  return table.partitions.filter((partition) => !known.has(idOf(partition)))
}

function idOf({ model, fingerprint }: Partition): string {
  return `${model} ${fingerprint}`
}

type RowsAudit = Extract<Audit, { by: 'rows' }>

/** Whether a table that an audit compares with has lost nothing since it was served, so that nothing found in it then is missing now. */
async function keptAll(work: Work, { target }: RowsAudit, name: string): Promise<boolean> {
  const { served, others } = work
  const [before, now] = [served[name], others[name]]
  if (before === undefined || now === undefined) return false
  const [known, current] = [new Set(before.partitions.map(idOf)), new Set(now.partitions.map(idOf))]
  const gone = before.partitions.filter((partition) => !current.has(idOf(partition)))
  if (gone.length === 0) return true
  // Hashes of the grain tell which values went, when the grain is what the audit looks for.
  if (target === undefined || now.build.grain.join() !== target) return false
  const fresh = now.partitions.filter((partition) => !known.has(idOf(partition)))
  const lost = await work.session.rows(
    { sql: 'select g from gone where g not in (select g from fresh) limit 1', parameters: [] },
    [
      await grainsOf(work, name, { as: 'gone', of: gone }),
      await grainsOf(work, name, { as: 'fresh', of: fresh }),
    ],
  )
  return lost.length === 0
}

async function rowsFound(work: Work, audit: RowsAudit): Promise<Finding> {
  const { table, others, model, session } = work
  const kept = await Promise.all(audit.reads.map((name) => keptAll(work, audit, name)))
  const eachAlone = audit.of === 'new' && kept.every(Boolean)
  const partitions = eachAlone ? await freshPartitions(work, audit) : table.partitions
  if (audit.of === 'new' && partitions.length === 0) return { audit: audit.name, rows: 0, examples: [] }
  const slices = [
    sliceOf(work, 'model', table.build, partitions),
    ...audit.reads.flatMap((name) => {
      const other = others[name]
      return other ? [sliceOf(work, name, other.build, other.partitions)] : []
    }),
  ]
  return found(session, audit.name, audit.sql, { model, slices })
}

function sliceOf(
  { workshop }: Work,
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

type Asked = { readonly model: Model; readonly slices: readonly Slice[] }

async function found(
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

/** Hashes of the grain decide where to look; rows that share one are compared themselves. */
async function repeatedFound(work: Work, audit: Extract<Audit, { by: 'unique' }>): Promise<Finding> {
  const { table, model, session, workshop } = work
  const { columns, name } = audit
  const whole = sliceOf(work, 'model', table.build, table.partitions)
  const isGrain = columns.join() === model.grain.join()
  if (!isGrain) return found(session, name, repeatedSql(columns, 'model'), { model, slices: [whole] })
  const fresh = await freshPartitions(work, audit)
  if (fresh.length === 0) return { audit: name, rows: 0, examples: [] }
  const suspects = await repeatedHashes(work, fresh)
  if (suspects.length === 0) return { audit: name, rows: 0, examples: [] }
  const among = `(select * from model where ${workshop.engine.spelling.hash(columns)} in (${suspects.join(', ')}))`
  return found(session, name, repeatedSql(columns, `${among} as model`), { model, slices: [whole] })
}

/** As many as an error needs to tell; the rows they stand for are counted exactly among these. */
const SUSPECTS = 10_000

async function repeatedHashes(work: Work, fresh: readonly Partition[]): Promise<string[]> {
  const { session, table, model } = work
  const isFresh = new Set(fresh)
  const old = table.partitions.filter((partition) => !isFresh.has(partition))
  const rows = await session.rows(
    {
      sql: `select cast(g as VARCHAR) as g from (
        select g from fresh group by g having count(*) > 1 union select g from fresh where g in (select g from old)
      ) as repeated limit ${SUSPECTS}`,
      parameters: [],
    },
    [
      await grainsOf(work, model.name, { as: 'fresh', of: fresh }),
      await grainsOf(work, model.name, { as: 'old', of: old }),
    ],
  )
  return rows.map((row) => String(row['g']))
}

/** The hashes of the grain of some partitions of a model, as `g`. */
async function grainsOf(
  { workshop }: Work,
  model: string,
  { as, of }: { readonly as: string; readonly of: readonly Partition[] },
): Promise<Slice> {
  const files = of.filter(({ rows }) => rows > 0).flatMap(({ index }) => index)
  for (const file of files) await refuseDamagedInput(workshop, file, false)
  return {
    table: as,
    exact: true,
    columns: indexColumns(lookedUpBy(workshop.models, model)).filter(({ name }) => name === 'g'),
    files: files.map(({ path }) => workshop.storage.absolute(path)),
  }
}

function repeatedSql(columns: readonly string[], from: string): string {
  const list = columns.map(identifier).join(', ')
  const filled = columns.map((column) => `${identifier(column)} is not null`).join(' and ')
  return `select * from (select *, count(*) over (partition by ${list}) as times from ${from} where ${filled}) as counted where times > 1`
}

async function countFound(
  { table, served, model }: Work,
  { name, drop, growth }: Extract<Audit, { by: 'row count' }>,
): Promise<Finding> {
  const before = served[model.name]?.build.rows
  const now = table.build.rows
  const allowed = before === undefined || (now >= before * (1 - drop) && now <= before * (1 + growth))
  if (allowed) return { audit: name, rows: 0, examples: [] }
  return { audit: name, rows: Math.abs(now - before), examples: [`${before} rows served, ${now} built`] }
}

async function stalenessFound(
  { table, workshop }: Work,
  { name, days }: Extract<Audit, { by: 'freshness' }>,
): Promise<Finding> {
  const all = table.partitions.flatMap((partition) => partition.days.map(([day]) => day))
  const newest = all
    .filter((day) => day !== '')
    .toSorted()
    .at(-1)
  const oldest = new Date(workshop.now().getTime() - days * 86_400_000).toISOString().slice(0, 10)
  if (newest !== undefined && newest >= oldest) return { audit: name, rows: 0, examples: [] }
  return { audit: name, rows: table.build.rows, examples: [`the newest row is of ${newest ?? 'no day'}`] }
}

async function note({ workshop, model, table }: Work, audit: Audit, rows: number): Promise<void> {
  const values = { rows, severity: audit.severity, audited_at: workshop.now().toISOString() }
  await workshop.control.db
    .insertInto('audit_result')
    .values({ model: model.name, fingerprint: table.build.fingerprint, audit: audit.name, ...values })
    .onConflict((conflict) => conflict.columns(['model', 'fingerprint', 'audit']).doUpdateSet(values))
    .execute()
}
