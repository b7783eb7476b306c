/** A table that is built whole is new as a piece every time; what its changed rows add to, and take from, what was found in it before. */
import { join } from 'node:path'
import type { LookupsFound } from '#lake/builds.ts'
import { type Content, minus, nothing, plus } from '#lake/content.ts'
import type { EngineSession, Slice } from '#lake/engine.ts'
import type { LakeFile } from '#lake/partition.ts'
import { findPartitions } from '#lake/partitions.ts'
import { identifier } from '#lake/quote.ts'
import { inDraft } from '#lake/store-file.ts'
import type { InputTable } from './input-table.ts'
import { keySlice } from './key-slice.ts'
import { refuseDamagedInput } from './refuse-damaged-input.ts'
import type { Workshop } from './workshop.ts'

export type Changes = {
  readonly workshop: Workshop
  readonly session: EngineSession
  readonly input: InputTable
  /** The index column of the key that is looked up. */
  readonly column: string
  /** Files of key sets by id. */
  readonly sets: ReadonlyMap<string, string>
  readonly before: LookupsFound[string] | undefined
}

/** By key set, the content of its rows now. Undefined when the table is not one whole piece now, or too much of it changed. */
export async function contentsAfterChanges(work: Changes): Promise<Map<string, Content> | undefined> {
  const { workshop, input, before } = work
  const [now] = input.pieces
  const was = before?.pieces ?? []
  if (now?.key?.is !== 'whole' || input.pieces.length > 1 || was.length === 0) return undefined
  const known = await findPartitions(workshop.control.db, input.table, was)
  const old = was.flatMap((id) => known.get(id) ?? []).filter(({ rows }) => rows > 0)
  if (known.size < new Set(was).size || old.length === 0 || now.rows === 0) return undefined
  return inDraft(workshop.storage, `changes-${workshop.newId()}`, async (folder) => {
    const file = join(folder, 'changes.parquet')
    const changed = await writeChanges(work, { now: now.index, was: old.flatMap(({ index }) => index), file })
    // With more changes than rows, searching all of it costs less.
    return changed > now.rows ? undefined : applied(work, file)
  })
}

type Written = {
  readonly now: readonly LakeFile[]
  readonly was: readonly LakeFile[]
  readonly file: string
}

/** Rows of the one that the other lacks, as k, h and whether they came (1) or went (−1). */
async function writeChanges({ workshop, session, column }: Changes, { now, was, file }: Written) {
  const indexOf = async (table: string, files: readonly LakeFile[]): Promise<Slice> => {
    for (const each of files) await refuseDamagedInput(workshop, each, false)
    return {
      table,
      exact: true,
      files: files.map(({ path }) => workshop.storage.absolute(path)),
      columns: [column, 'h'].map((name) => ({ name, type: 'UBIGINT' as const })),
    }
  }
  const k = identifier(column)
  const without = (one: string, other: string, sign: number) =>
    `select ${k} as k, h, ${sign} as came from ${one} where not exists (select 1 from ${other} where ${other}.${k} = ${one}.${k} and ${other}.h = ${one}.h)`
  return session.write({
    query: { sql: `${without('now', 'was', 1)} union all ${without('was', 'now', -1)}`, parameters: [] },
    inputs: [await indexOf('now', now), await indexOf('was', was)],
    file,
  })
}

async function applied({ workshop, session, sets, before }: Changes, file: string) {
  const setOf = new Map([...sets].map(([id, path]) => [workshop.storage.absolute(path), id]))
  const rows = await session.rows(
    {
      sql: `select keys._set as "set", came, count(*) as n, ${workshop.engine.spelling.sumOfHashes('h')} as hash
        from keys join changed on changed.k = keys.k group by keys._set, came`,
      parameters: [],
    },
    [
      keySlice([...setOf.keys()]),
      {
        table: 'changed',
        files: [file],
        exact: true,
        columns: [
          { name: 'k', type: 'UBIGINT' },
          { name: 'h', type: 'UBIGINT' },
          { name: 'came', type: 'BIGINT' },
        ],
      },
    ],
  )
  const contents = new Map<string, Content>()
  for (const id of sets.keys()) {
    const found = before?.matches[id] ?? []
    contents.set(
      id,
      found.map(([, rows, digits]): Content => ({ rows, hash: BigInt(digits) })).reduce(plus, nothing),
    )
  }
  for (const row of rows) {
    const id = setOf.get(String(row['set'])) ?? ''
    const change = { rows: Number(row['n']), hash: BigInt(String(row['hash'])) }
    const content = contents.get(id) ?? nothing
    contents.set(id, Number(row['came']) > 0 ? plus(content, change) : minus(content, change))
  }
  return contents
}
