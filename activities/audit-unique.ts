/** Whether a build's rows are told apart by their grain: hashes decide where to look, and rows that share one are compared themselves. */
import type { Partition } from '#lake/partition.ts'
import { identifier } from '#lake/quote.ts'
import type { Audit } from '#models/audit.ts'
import type { Model } from '#models/define-model.ts'
import { type AuditWork, type Finding, found, freshPartitions, grainsOf, sliceOf } from './audit-work.ts'
import { modelNamed } from './workshop.ts'

export async function repeatedFound(
  work: AuditWork,
  audit: Extract<Audit, { by: 'unique' }>,
): Promise<Finding> {
  const { table, model, session, workshop } = work
  const { columns, name } = audit
  const whole = sliceOf(work, 'model', table.build, table.partitions)
  const isGrain = columns.join() === model.grain.join()
  if (!isGrain) return found(session, name, repeatedSql(columns, 'model'), { model, slices: [whole] })
  const fresh = await freshPartitions(work, audit)
  if (fresh.length === 0 || (await isPassedByPart(work, audit))) return { audit: name, rows: 0, examples: [] }
  const suspects = await repeatedHashes(work, fresh)
  if (suspects.length === 0) return { audit: name, rows: 0, examples: [] }
  const among = `(select * from model where ${workshop.engine.spelling.hash(columns)} in (${suspects.join(', ')}))`
  return found(session, name, repeatedSql(columns, `${among} as model`), { model, slices: [whole] })
}

/** A union of one part has that part's rows; what the part has passed as it is now holds for the union too. */
async function isPassedByPart(
  { workshop, model, table, served }: AuditWork,
  { name, columns }: Extract<Audit, { by: 'unique' }>,
): Promise<boolean> {
  const [part = '', ...others] = model.make.by === 'union' ? model.reads : []
  if (part === '' || others.length > 0 || served[model.name] === undefined) return false
  const passed = await workshop.control.db
    .selectFrom('audit_result')
    .select('rows')
    .where('model', '=', part)
    .where('fingerprint', '=', table.build.inputs[part] ?? '')
    .where('audit', '=', name)
    .executeTakeFirst()
  const isSame = modelNamed(workshop, part).grain.join() === columns.join()
  return isSame && passed?.rows === 0
}

/** Rows of two partitions then differ in the column they are cut by. */
function isCutByGrain({ grain, partition }: Model): boolean {
  if (partition.by === 'none') return false
  return grain.includes(partition.by === 'time' ? partition.column : partition.key)
}

/** As many as an error needs to tell; the rows they stand for are counted exactly among these. */
const SUSPECTS = 10_000

async function repeatedHashes(work: AuditWork, fresh: readonly Partition[]): Promise<string[]> {
  const { session, table, model } = work
  const isFresh = new Set(fresh)
  const old = isCutByGrain(model) ? [] : table.partitions.filter((partition) => !isFresh.has(partition))
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

function repeatedSql(columns: readonly string[], from: string): string {
  const list = columns.map(identifier).join(', ')
  const filled = columns.map((column) => `${identifier(column)} is not null`).join(' and ')
  return `select * from (select *, count(*) over (partition by ${list}) as times from ${from} where ${filled}) as counted where times > 1`
}
