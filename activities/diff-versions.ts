/** What differs between two published versions, model by model: rows and columns. */
import { findBuild } from '#lake/builds.ts'
import { type DiffWork, diffRows, type RowsDiff } from '#lake/diff-builds.ts'
import { columnDifferences } from './contract-change.ts'

export type ModelDiff = {
  readonly model: string
  /** `rebuilt`: other partitions hold the same rows. */
  readonly change: 'added' | 'removed' | 'changed' | 'rebuilt'
  /** Null where rows cannot be recognised: another grain, or a build of before partitions. */
  readonly rows: RowsDiff | null
  readonly columns: ReturnType<typeof columnDifferences>
}

type Models = Readonly<Record<string, { readonly fingerprint: string }>>

/** Models whose builds are the same are left out. */
export async function diffVersions(work: DiffWork, before: Models, after: Models): Promise<ModelDiff[]> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted()
  const diffs: ModelDiff[] = []
  for (const model of names) {
    const [old, fresh] = [before[model]?.fingerprint, after[model]?.fingerprint]
    if (old === fresh) continue
    const diff = await diffModel(work, model, { old, fresh })
    if (diff !== undefined) diffs.push(diff)
  }
  return diffs
}

type Prints = { readonly old: string | undefined; readonly fresh: string | undefined }

async function diffModel(
  work: DiffWork,
  model: string,
  { old, fresh }: Prints,
): Promise<ModelDiff | undefined> {
  const [was, is] = [await built(work, model, old), await built(work, model, fresh)]
  if (was && is) {
    const rows = (await diffRows(work, was, is)) ?? null
    const columns = columnDifferences(was.columns, is.columns)
    const isSame = columns.length === 0 && rows !== null && rows.added + rows.removed + rows.changed === 0
    return { model, change: isSame ? 'rebuilt' : 'changed', rows, columns }
  }
  if (is) return { model, change: 'added', rows: { added: is.rows, removed: 0, changed: 0 }, columns: [] }
  return was && { model, change: 'removed', rows: { added: 0, removed: was.rows, changed: 0 }, columns: [] }
}

function built({ db }: DiffWork, model: string, fingerprint: string | undefined) {
  return fingerprint === undefined ? undefined : findBuild(db, model, fingerprint)
}
