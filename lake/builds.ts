/** Finished builds of models: which partitions are a model's table together, as the control database remembers them. */
import { hash } from 'node:crypto'
import { z } from 'zod'
import type { Column } from './column.ts'
import { contentText, sumOfDays, Timeline } from './content.ts'
import type { ControlDatabase } from './control/open-control.ts'
import { bytesOf, type Partition } from './partition.ts'
import { findPartitions, type PartitionRef } from './partitions.ts'

export type Build = {
  readonly model: string
  readonly fingerprint: string
  readonly grain: readonly string[]
  readonly columns: readonly Column[]
  /** The column that says when a row happened; null without one. */
  readonly time: string | null
  /** Relative to the lake's root. */
  readonly files: readonly string[]
  readonly rows: number
  readonly bytes: number
  readonly contentHash: string
  /** Of other models too, where a union names them; null for builds of before partitions. */
  readonly partitions: readonly PartitionRef[] | null
  /** Input → the build, or the ledger of a landed stream, that was read. */
  readonly inputs: Readonly<Record<string, string>>
  readonly lookups: LookupsFound
}

/** What was found for the keys of partitions, by input: which pieces were searched, and which of them hold how much of each set of keys. */
export const LookupsFound = z.record(
  z.string(),
  z.object({
    pieces: z.array(z.string()),
    /** By the id of the set of keys: [place of the piece, rows, hash]. */
    matches: z.record(z.string(), z.array(z.tuple([z.int(), z.int(), z.string()]))),
  }),
)
export type LookupsFound = z.infer<typeof LookupsFound>

type TableShape = Pick<Build, 'model' | 'grain' | 'columns' | 'time' | 'inputs' | 'lookups'>

/** The build that these partitions are together. */
export function buildFrom(shape: TableShape, partitions: readonly Partition[]): Build {
  const refs = partitions.map(({ model, fingerprint }) => ({ model, fingerprint }))
  const filled = partitions.filter(({ rows }) => rows > 0)
  const described = [shape.grain, shape.columns, shape.time, refs.map((ref) => [ref.model, ref.fingerprint])]
  return {
    ...shape,
    fingerprint: hash('sha256', JSON.stringify(described)).slice(0, 32),
    files: filled.flatMap(({ files }) => files.map(({ path }) => path)),
    rows: partitions.reduce((sum, { rows }) => sum + rows, 0),
    bytes: partitions.reduce((sum, partition) => sum + bytesOf(partition), 0),
    contentHash: contentText(new Timeline(sumOfDays(partitions.map(({ days }) => days))).total),
    partitions: refs,
  }
}

export async function findBuild(
  db: ControlDatabase,
  model: string,
  fingerprint: string,
): Promise<Build | undefined> {
  const row = await db
    .selectFrom('model_build')
    .selectAll()
    .where('model', '=', model)
    .where('fingerprint', '=', fingerprint)
    .executeTakeFirst()
  return (
    row && {
      model,
      fingerprint,
      grain: JSON.parse(row.grain) as string[],
      columns: JSON.parse(row.columns) as Column[],
      time: row.time,
      files: JSON.parse(row.files) as string[],
      rows: row.rows,
      bytes: row.bytes,
      contentHash: row.content_hash,
      partitions: row.partitions === null ? null : (JSON.parse(row.partitions) as PartitionRef[]),
      inputs: row.inputs === null ? {} : (JSON.parse(row.inputs) as Record<string, string>),
      lookups: row.lookups === null ? {} : LookupsFound.parse(JSON.parse(row.lookups)),
    }
  )
}

/** A finished build; throws when there is none, since a workflow names only what an earlier step built. */
export async function buildOf(db: ControlDatabase, model: string, fingerprint: string): Promise<Build> {
  const build = await findBuild(db, model, fingerprint)
  if (build === undefined)
    throw new Error(`[models] ${model} ${fingerprint} was not built; run \`saydo build\` again.`)
  return build
}

/** The partitions of a build, in its order. Throws when one was forgotten meanwhile. */
export async function partitionsOf(db: ControlDatabase, build: Build): Promise<Partition[]> {
  const refs = build.partitions ?? []
  const byModel = Map.groupBy(refs, ({ model }) => model)
  const found = new Map<string, Partition>()
  for (const [model, own] of byModel) {
    const fingerprints = own.map(({ fingerprint }) => fingerprint)
    for (const [fingerprint, partition] of await findPartitions(db, model, fingerprints))
      found.set(`${model} ${fingerprint}`, partition)
  }
  return refs.map(({ model, fingerprint }) => {
    const partition = found.get(`${model} ${fingerprint}`)
    if (partition === undefined)
      throw new Error(
        `[${build.model}] its partition ${fingerprint} of ${model} is not there any more; run \`saydo build\` again.`,
      )
    return partition
  })
}

/** Remember a build; a second one with the same fingerprint is the same build, but what it has read may be newer, and damaged files may have been replaced. */
export async function recordBuild(
  db: ControlDatabase,
  { contentHash, ...build }: Build,
  at: Date,
): Promise<void> {
  const fresher = {
    files: JSON.stringify(build.files),
    bytes: build.bytes,
    inputs: JSON.stringify(build.inputs),
    lookups: JSON.stringify(build.lookups),
  }
  await db
    .insertInto('model_build')
    .values({
      ...build,
      grain: JSON.stringify(build.grain),
      columns: JSON.stringify(build.columns),
      partitions: build.partitions === null ? null : JSON.stringify(build.partitions),
      ...fresher,
      content_hash: contentHash,
      built_at: at.toISOString(),
    })
    .onConflict((conflict) => conflict.columns(['model', 'fingerprint']).doUpdateSet(fresher))
    .execute()
}
