/** The tables of a published version as an engine reads them. */
import { join } from 'node:path'
import type { Column } from './column.ts'
import type { Slice } from './engine.ts'
import type { PublishedVersion } from './published-version.ts'

export function publishedSlices(root: string, version: PublishedVersion): Slice[] {
  return Object.entries(version.models).map(([table, model]) => ({
    table,
    columns: model.columns as Column[],
    files: model.files.map((file) => join(root, file)),
  }))
}
