/** What two builds of a model have in common: rows compared by the hashes in their partitions' indexes, files that both share left aside. */
import { type Build, partitionsOf } from './builds.ts'
import type { Column } from './column.ts'
import type { ControlDatabase } from './control/open-control.ts'
import type { Engine, Slice } from './engine.ts'
import type { Partition } from './partition.ts'
import { identifier } from './quote.ts'
import type { Storage } from './storage.ts'

export type RowsDiff = { readonly added: number; readonly removed: number; readonly changed: number }

export type DiffWork = {
  readonly db: ControlDatabase
  readonly storage: Pick<Storage, 'absolute'>
  readonly engine: Engine
}

type Sides = { readonly before: readonly Partition[]; readonly after: readonly Partition[] }

/** Undefined for builds of before partitions, and when the grain is another: then rows have nothing to be recognised by. */
export async function diffRows(work: DiffWork, before: Build, after: Build): Promise<RowsDiff | undefined> {
  const sides = await sidesOf(work, before, after)
  if (sides === undefined) return undefined
  if (sides.before.length + sides.after.length === 0) return { added: 0, removed: 0, changed: 0 }
  const sql = `select count(*) filter (where old.g is null) as added, count(*) filter (where fresh.g is null) as removed,
    count(*) filter (where old.h <> fresh.h or old.n <> fresh.n) as changed from ${joined}`
  const [row] = await work.engine.rows({ sql, parameters: [] }, indexSlices(work, sides))
  return {
    added: Number(row?.['added']),
    removed: Number(row?.['removed']),
    changed: Number(row?.['changed']),
  }
}

export type RowDiff = { readonly id: string; readonly change: 'added' | 'removed' | 'changed' }

/** The grain of some rows that differ, in order; ids only, never content. */
export async function differingRows(
  work: DiffWork,
  { before, after }: { readonly before: Build; readonly after: Build },
  limit: number,
): Promise<RowDiff[]> {
  const sides = await sidesOf(work, before, after)
  if (sides === undefined || sides.before.length + sides.after.length === 0) return []
  const hash = work.engine.spelling.hash(after.grain)
  const id = after.grain
    .map((name) => `coalesce(cast(${identifier(name)} as VARCHAR), 'null')`)
    .join(` || ' ' || `)
  const sql = `with differing as (
      select coalesce(old.g, fresh.g) as g,
        case when old.g is null then 'added' when fresh.g is null then 'removed' else 'changed' end as change
      from ${joined} where old.g is null or fresh.g is null or old.h <> fresh.h or old.n <> fresh.n
    ), named as (
      select ${hash} as g, ${id} as id from rows_before union select ${hash}, ${id} from rows_after
    )
    select distinct id, change from differing join named using (g) order by id limit ${limit}`
  const columns = (build: Build) => build.columns.filter(({ name }) => build.grain.includes(name))
  const data = (table: string, build: Build, partitions: readonly Partition[]): Slice => ({
    table,
    columns: columns(build),
    files: filled(partitions).flatMap(({ files }) => files.map(({ path }) => work.storage.absolute(path))),
  })
  const slices = [
    ...indexSlices(work, sides),
    data('rows_before', before, sides.before),
    data('rows_after', after, sides.after),
  ]
  const rows = await work.engine.rows({ sql, parameters: [] }, slices)
  return rows.map((row) => ({ id: String(row['id']), change: String(row['change']) as RowDiff['change'] }))
}

/** Rows that share their grain count together. */
const joined = `(select g, sum(h::HUGEINT) as h, count(*) as n from before group by g) as old
  full join (select g, sum(h::HUGEINT) as h, count(*) as n from after group by g) as fresh on old.g = fresh.g`

const indexed: readonly Column[] = [
  { name: 'g', type: 'UBIGINT' },
  { name: 'h', type: 'UBIGINT' },
]

function indexSlices({ storage }: DiffWork, { before, after }: Sides): Slice[] {
  const slice = (table: string, partitions: readonly Partition[]): Slice => ({
    table,
    columns: indexed,
    files: filled(partitions).flatMap(({ index }) => index.map(({ path }) => storage.absolute(path))),
  })
  return [slice('before', before), slice('after', after)]
}

function filled(partitions: readonly Partition[]): Partition[] {
  return partitions.filter(({ rows }) => rows > 0)
}

/** What each build has that the other has not. */
async function sidesOf({ db }: DiffWork, before: Build, after: Build): Promise<Sides | undefined> {
  if (before.partitions === null || after.partitions === null) return undefined
  if (before.grain.join() !== after.grain.join()) return undefined
  const [old, fresh] = [await partitionsOf(db, before), await partitionsOf(db, after)]
  const without = (some: readonly Partition[], others: readonly Partition[]) => {
    const shared = new Set(others.map(nameOf))
    return some.filter((each) => !shared.has(nameOf(each)))
  }
  return { before: without(old, fresh), after: without(fresh, old) }
}

function nameOf({ model, fingerprint }: Partition): string {
  return `${model} ${fingerprint}`
}
