/** A model's own definition as a hash: what its rows depend on beside its inputs' content. */
import { hash } from 'node:crypto'
import { columnsOf } from '#lake/columns-of.ts'
import type { Model } from './define-model.ts'

/**
 * 16 hexadecimal digits over the query (or the program's version), how it grows, the contract, the grain, how it is cut, what it reads, which keys it is looked up
 * by, and the engine's major version. Descriptions, owners and audits are not part of it.
 */
export function definitionOf(model: Model, engine: string, lookedUpBy: readonly string[]): string {
  const { make, columns, grain, partition, time = null, inputs, raw, growth } = model
  const made =
    make.by === 'program'
      ? ['program', make.version]
      : make.by === 'union'
        ? ['union']
        : ['query', make.query]
  const landed = Object.entries(raw).map(([table, input]) => [
    table,
    input.source,
    input.stream,
    input.time ?? '',
    columnsOf(input.record),
  ])
  const parts = [made, columns, grain, partition, time, inputs, model.reads, landed, lookedUpBy, engine]
  const all = growth === undefined ? parts : [...parts, growth]
  return hash('sha256', JSON.stringify(all)).slice(0, 16)
}

/** 32 hexadecimal digits: equal fingerprints mean equal rows. */
export function fingerprintOf(code: string, key: string, inputs: Readonly<Record<string, string>>): string {
  const sorted = Object.entries(inputs).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return hash('sha256', JSON.stringify([code, key, sorted])).slice(0, 32)
}

/** The keys by which other models look a model up, itself or a union it is part of. */
export function lookedUpBy(models: readonly Model[], name: string): string[] {
  const keys = models.flatMap((model) => {
    const own = (model.inputs[name] ?? []).flatMap((reading) =>
      reading.read === 'lookup' ? [reading.key] : [],
    )
    const asPart = model.make.by === 'union' && model.reads.includes(name)
    return asPart ? [...own, ...lookedUpBy(models, model.name)] : own
  })
  return [...new Set(keys)].toSorted()
}
