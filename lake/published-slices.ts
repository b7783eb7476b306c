/** The tables of a published version as an engine reads them. */
import type { Column } from './column.ts'
import type { Slice } from './engine.ts'
import type { PublishedVersion } from './published-version.ts'
import type { Storage } from './storage.ts'

export function publishedSlices(storage: Pick<Storage, 'absolute'>, version: PublishedVersion): Slice[] {
  return Object.entries(version.models).map(([table, model]) => ({
    table,
    columns: model.columns as Column[],
    files: model.files.map((file) => storage.absolute(file)),
  }))
}
