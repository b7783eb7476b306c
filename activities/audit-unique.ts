/** Whether a build's rows are told apart by their grain: hashes decide where to look, and rows that share one are compared themselves. */
import type { Partition } from '#lake/partition.ts'
import { identifier } from '#lake/quote.ts'
import type { Audit } from '#models/audit.ts'
import type { Model } from '#models/define-model.ts'
import {
  type AuditWork,
  type Finding,
  found,
  freshPartitions,
  grainsOf,
  sliceOf,
  type Table,
} from './audit-work.ts'

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
  if (fresh.length === 0) return { audit: name, rows: 0, examples: [] }
  const other = audit.rowsOf === undefined ? undefined : work.others[audit.rowsOf]
  if (other && (await areOf(work, fresh, other))) return { audit: name, rows: 0, examples: [] }
  const strangers = other ? await hashesWithout(work, fresh, other) : []
  const hashedTo = (hashes: readonly string[]) =>
    `select * from model where ${workshop.engine.spelling.hash(columns)} in (${hashes.join(', ')})`
  if (strangers.length > 0) return found(session, name, hashedTo(strangers), { model, slices: [whole] })
  const suspects = await repeatedHashes(work, fresh)
  if (suspects.length === 0) return { audit: name, rows: 0, examples: [] }
  const sql = repeatedSql(columns, `(${hashedTo(suspects)}) as model`)
  return found(session, name, sql, { model, slices: [whole] })
}

/** Each row is of another row of that table: as many of those are met as there are rows. */
async function areOf(work: AuditWork, fresh: readonly Partition[], other: Table): Promise<boolean> {
  const [met] = await work.session.rows(
    {
      sql: `select count(*) as n from other where exists (select 1 from fresh where ${isSameRow})`,
      parameters: [],
    },
    await bothOf(work, fresh, other),
  )
  return Number(met?.['n']) === fresh.reduce((sum, { rows }) => sum + rows, 0)
}

async function hashesWithout(work: AuditWork, fresh: readonly Partition[], other: Table): Promise<string[]> {
  const rows = await work.session.rows(
    {
      sql: `select distinct cast(g as VARCHAR) as g from fresh where not exists (select 1 from other where ${isSameRow}) limit ${SUSPECTS}`,
      parameters: [],
    },
    await bothOf(work, fresh, other),
  )
  return rows.map((row) => String(row['g']))
}

const isSameRow = `fresh.g = other.g and coalesce(fresh.d, DATE '0001-01-01') = coalesce(other.d, DATE '0001-01-01')`

/** Of the other table what lies on the days of these partitions. */
async function bothOf(work: AuditWork, fresh: readonly Partition[], other: Table) {
  const days = new Set(fresh.flatMap((partition) => partition.days.map(([day]) => day)))
  const near = other.partitions.filter((partition) => partition.days.some(([day]) => days.has(day)))
  return [
    await grainsOf(work, work.model.name, { as: 'fresh', of: fresh }),
    await grainsOf(work, other.build.model, { as: 'other', of: near }),
  ]
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
