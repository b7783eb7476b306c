/** Finished builds of models, as the control database remembers them. */
import type { Column } from './column.ts'
import type { ControlDatabase } from './control/open-control.ts'

export type Build = {
  readonly model: string
  readonly fingerprint: string
  readonly grain: readonly string[]
  readonly columns: readonly Column[]
  /** Relative to the lake's root. */
  readonly files: readonly string[]
  readonly rows: number
  readonly bytes: number
  readonly contentHash: string
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
      files: JSON.parse(row.files) as string[],
      rows: row.rows,
      bytes: row.bytes,
      contentHash: row.content_hash,
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

/** Remember a build; a second one with the same fingerprint is the same build. */
export async function recordBuild(
  db: ControlDatabase,
  { contentHash, ...build }: Build,
  at: Date,
): Promise<void> {
  await db
    .insertInto('model_build')
    .values({
      ...build,
      grain: JSON.stringify(build.grain),
      columns: JSON.stringify(build.columns),
      files: JSON.stringify(build.files),
      content_hash: contentHash,
      built_at: at.toISOString(),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
