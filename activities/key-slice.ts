/** Sets of keys as a query sees them: the table `keys`, each key's hash `k` with the file of its set `_set`. */
import type { Slice } from '#lake/engine.ts'

export function keySlice(files: readonly string[]): Slice {
  return { table: 'keys', files, fileColumn: '_set', exact: true, columns: [{ name: 'k', type: 'UBIGINT' }] }
}
