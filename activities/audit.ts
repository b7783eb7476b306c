/** Audit one build: every audit of its model must find no rows, before anybody can see the build. */
import type { Build } from '#lake/builds.ts'
import { openedWhenAsked } from '#lake/opened-when-asked.ts'
import { identifier } from '#lake/quote.ts'
import type { Audit } from '#models/audit.ts'
import { windowHint } from '#models/window-hint.ts'
import { repeatedFound } from './audit-unique.ts'
import {
  type AuditWork,
  auditWork,
  type Finding,
  found,
  freshPartitions,
  grainsOf,
  idOf,
  passedByParts,
  sliceOf,
} from './audit-work.ts'
import type { AuditInput, AuditResult } from './index.ts'
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

/** Every audit is asked before the first failure is thrown, so that all that is wrong is remembered. */
export async function auditBuild(
  workshop: Workshop,
  input: AuditInput,
  signal: AbortSignal | undefined,
): Promise<AuditResult> {
  const model = modelNamed(workshop, input.model)
  await using session = openedWhenAsked(() => workshop.engine.open(signal))
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

async function findingOf(work: AuditWork, audit: Audit): Promise<Finding> {
  if (await passedByParts(work, audit)) return { audit: audit.name, rows: 0, examples: [] }
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

type RowsAudit = Extract<Audit, { by: 'rows' }>

/** Whether a table that an audit compares with has lost nothing since it was served, so that nothing found in it then is missing now. */
async function keptAll(work: AuditWork, { refers }: RowsAudit, name: string): Promise<boolean> {
  const { served, others } = work
  const [before, now] = [served[name], others[name]]
  if (before === undefined || now === undefined) return false
  const [known, current] = [new Set(before.partitions.map(idOf)), new Set(now.partitions.map(idOf))]
  const gone = before.partitions.filter((partition) => !current.has(idOf(partition)))
  if (gone.length === 0) return true
  // Hashes of the grain tell which values went, when the grain is what the audit looks for.
  if (now.build.grain.join() !== refers?.target) return false
  const fresh = now.partitions.filter((partition) => !known.has(idOf(partition)))
  const lost = await work.session.rows(
    {
      sql: 'select g from gone where not exists (select 1 from fresh where fresh.g = gone.g) limit 1',
      parameters: [],
    },
    [
      await grainsOf(work, name, { as: 'gone', of: gone }),
      await grainsOf(work, name, { as: 'fresh', of: fresh }),
    ],
  )
  return lost.length === 0
}

async function rowsFound(work: AuditWork, audit: RowsAudit): Promise<Finding> {
  const { table, others, model, session } = work
  const kept = await Promise.all(audit.reads.map((name) => keptAll(work, audit, name)))
  const eachAlone = audit.of === 'new' && kept.every(Boolean)
  const partitions = eachAlone ? await freshPartitions(work, audit) : table.partitions
  if (audit.of === 'new' && partitions.length === 0) return { audit: audit.name, rows: 0, examples: [] }
  const own = sliceOf(work, 'model', table.build, partitions)
  const missing = await missingFrom(work, audit)
  if (missing) return found(session, audit.name, missing.sql, { model, slices: [own, missing.slice] })
  const slices = [
    own,
    ...audit.reads.flatMap((name) => {
      const other = others[name]
      return other ? [sliceOf(work, name, other.build, other.partitions)] : []
    }),
  ]
  return found(session, audit.name, audit.sql, { model, slices })
}

/** Values that refer to the grain of another model are looked for among the hashes of it, which are read faster than the values. */
async function missingFrom(work: AuditWork, { refers, reads }: RowsAudit) {
  const [name = ''] = reads
  const other = work.others[name]
  if (refers === undefined || other === undefined || other.build.grain.join() !== refers.target)
    return undefined
  const typeIn = ({ columns }: Build, wanted: string) =>
    columns.find((column) => column.name === wanted)?.type
  if (typeIn(work.table.build, refers.column) !== typeIn(other.build, refers.target)) return undefined
  const hashed = work.workshop.engine.spelling.hash([refers.column])
  return {
    sql: `select * from model where ${identifier(refers.column)} is not null and not exists (select 1 from grains where g = ${hashed})`,
    slice: await grainsOf(work, name, { as: 'grains', of: other.partitions }),
  }
}

async function countFound(
  { table, served, model }: AuditWork,
  { name, drop, growth }: Extract<Audit, { by: 'row count' }>,
): Promise<Finding> {
  const before = served[model.name]?.build.rows
  const now = table.build.rows
  const allowed = before === undefined || (now >= before * (1 - drop) && now <= before * (1 + growth))
  if (allowed) return { audit: name, rows: 0, examples: [] }
  return { audit: name, rows: Math.abs(now - before), examples: [`${before} rows served, ${now} built`] }
}

async function stalenessFound(
  { table, workshop }: AuditWork,
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

async function note({ workshop, model, table }: AuditWork, audit: Audit, rows: number): Promise<void> {
  const values = { rows, severity: audit.severity, audited_at: workshop.now().toISOString() }
  await workshop.control.db
    .insertInto('audit_result')
    .values({ model: model.name, fingerprint: table.build.fingerprint, audit: audit.name, ...values })
    .onConflict((conflict) => conflict.columns(['model', 'fingerprint', 'audit']).doUpdateSet(values))
    .execute()
}
