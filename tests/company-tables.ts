/** The small company's tables as a lake has them, told by rows and content, so that two lakes can be compared. */
import type { Build } from '#lake/builds.ts'
import type { Row, Slice } from '#lake/engine.ts'
import { duckdbSpelling } from '#lake/engine-spelling.ts'
import type { Storage } from '#lake/storage.ts'
import type { Model } from '#models/define-model.ts'
import { none } from '#models/partition.ts'
import type { Landed } from './company-history.ts'
import { type CompanyStream, type StreamName, streams } from './company-streams.ts'
import type { Delivery } from './quick-lake.ts'

/** The named models and all that they read. Audits change no row and have tests of their own. */
export function chosen(models: readonly Model[], leaves: readonly string[]): Model[] {
  const wanted = new Set(leaves)
  for (let size = -1; size !== wanted.size;) {
    size = wanted.size
    for (const { name, reads } of models) if (wanted.has(name)) for (const read of reads) wanted.add(read)
  }
  return models.filter(({ name }) => wanted.has(name)).map((model) => ({ ...model, audits: [] }))
}

/** The model as if nobody had ever cut it: one partition that reads everything. */
export function uncut(model: Model): Model {
  return { ...model, partition: none, inputs: {} }
}

type Land = (stream: CompanyStream, deliveries: readonly Delivery[]) => Promise<void>

/** One file per stream. */
export async function landAll({ land }: { readonly land: Land }, landed: readonly Landed[]): Promise<void> {
  for (const name of Object.keys(streams) as StreamName[])
    await land(
      streams[name],
      landed.filter(({ stream }) => stream === name),
    )
}

export type TablesFound = {
  /** Model → its rows and content, as its build says and as its files have them. */
  readonly tables: Readonly<Record<string, string>>
  readonly partitions: number
}

type Readable = {
  readonly storage: Pick<Storage, 'absolute'>
  readonly build: (model: string, fingerprint: string) => Promise<Build>
  readonly rows: (sql: string, inputs: readonly Slice[]) => Promise<Row[]>
}

export async function tablesOf(
  lake: Readable,
  models: readonly Model[],
  fingerprints: Readonly<Record<string, string>>,
): Promise<TablesFound> {
  const said = new Map<string, string>()
  const slices: Slice[] = []
  let partitions = 0
  for (const { name } of models) {
    const build = await lake.build(name, fingerprints[name] ?? '(none)')
    said.set(name, `${build.rows} ${build.contentHash}`)
    slices.push({ table: name, columns: build.columns, files: build.files.map(lake.storage.absolute) })
    partitions += build.partitions?.length ?? 0
  }
  const rows = await lake.rows(models.map(contentSql).join(' union all '), slices)
  const held = rows.map((row) => [
    String(row['model']),
    `${said.get(String(row['model']))} ${String(row['n'])}-${String(row['content'])}`,
  ])
  return { tables: Object.fromEntries(held), partitions }
}

function contentSql({ name, columns }: Model): string {
  const hash = duckdbSpelling.hash(columns.map((column) => column.name))
  return `select '${name}' as model, count(*) as n, ${duckdbSpelling.sumOfHashes('h')} as content from (select ${hash} as h from "${name}")`
}
