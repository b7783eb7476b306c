/** Built partitions, as the control database remembers them. */
import type { ControlDatabase } from './control/open-control.ts'
import type { DayContents } from './content.ts'
import type { LakeFile, Partition } from './partition.ts'

export type PartitionRef = { readonly model: string; readonly fingerprint: string }

/** Where a partition's files go: every attempt at one has a name of its own. */
export function placeOf({ model, fingerprint }: PartitionRef, attempt: string): string {
  return `models/${model}/${fingerprint}-${attempt}`
}

/** The partition a file was made for; files of older lakes lie in a folder of that name. Throws for any other file. */
export function partitionOf(path: string): PartitionRef {
  const [, model, fingerprint] = /^models\/([^/]+)\/([^-/]+)[-/]/.exec(path) ?? []
  if (model === undefined || fingerprint === undefined)
    throw new Error(`[lake] ${path} is not a file of a partition.`)
  return { model, fingerprint }
}

/** Names per statement, below the parameter limits of both engines. */
const CHUNK = 500

/** The partitions of one model that the lake has, by fingerprint. */
export async function findPartitions(
  db: ControlDatabase,
  model: string,
  fingerprints: readonly string[],
): Promise<Map<string, Partition>> {
  const found = new Map<string, Partition>()
  for (let start = 0; start < fingerprints.length; start += CHUNK) {
    const rows = await db
      .selectFrom('model_partition')
      .selectAll()
      .where('model', '=', model)
      .where('fingerprint', 'in', fingerprints.slice(start, start + CHUNK))
      .execute()
    for (const row of rows)
      found.set(row.fingerprint, {
        model,
        fingerprint: row.fingerprint,
        key: row.key,
        // As `recordPartition` wrote them; a plan reads tens of thousands, and checking each again would take most of its time.
        files: JSON.parse(row.files) as LakeFile[],
        index: JSON.parse(row.index) as LakeFile[],
        rows: row.rows,
        days: JSON.parse(row.days) as DayContents,
        madeOf: JSON.parse(row.made_of) as Partition['madeOf'],
        builtAt: row.built_at,
      })
  }
  return found
}

/** Remember a partition. False when another attempt at the same one was first: then its files are the ones to use. */
export async function recordPartition(db: ControlDatabase, partition: Partition): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('model_partition')
    .values({
      model: partition.model,
      fingerprint: partition.fingerprint,
      key: partition.key,
      files: JSON.stringify(partition.files),
      index: JSON.stringify(partition.index),
      rows: partition.rows,
      days: JSON.stringify(partition.days),
      made_of: JSON.stringify(partition.madeOf),
      built_at: partition.builtAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

/** Forget a partition that has this damaged file, so that it is built again; one that was built again meanwhile has other files and stays. */
export async function forgetPartition(
  db: ControlDatabase,
  { model, fingerprint }: PartitionRef,
  damaged: string,
): Promise<void> {
  const known = (await findPartitions(db, model, [fingerprint])).get(fingerprint)
  if (![...(known?.files ?? []), ...(known?.index ?? [])].some(({ path }) => path === damaged)) return
  await db
    .deleteFrom('model_partition')
    .where('model', '=', model)
    .where('fingerprint', '=', fingerprint)
    .execute()
}
