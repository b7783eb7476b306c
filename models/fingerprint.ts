/** What a build's content depends on, and nothing else: equal fingerprints mean equal rows. */
import { createHash } from 'node:crypto'
import type { Model } from './define-model.ts'

export type FingerprintInput = {
  readonly model: Pick<Model, 'query' | 'columns'>
  readonly engine: string
  /** Input table → content hash; of landed streams, the hashes of their files in load order. */
  readonly contents: Readonly<Record<string, string>>
}

/** 32 hexadecimal digits. */
export function fingerprint({ model, engine, contents }: FingerprintInput): string {
  const inputs = Object.entries(contents).toSorted(([a], [b]) => (a < b ? -1 : 1))
  const parts = [model.query.sql, model.query.parameters, model.columns, engine, inputs]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}
