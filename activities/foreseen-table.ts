/** The table a model will have, as far as it is known before it is built: partitions of the lake, and stand-ins for those to be built. */
import { hash } from 'node:crypto'
import type { DayContents } from '#lake/content.ts'
import { keyOf, type Partition, type PartitionKey } from '#lake/partition.ts'

/** A partition whose content nobody knows yet: it may have other rows on each of these days. */
export function standIn(
  { model, key, name }: { readonly model: string; readonly key: string; readonly name: string },
  { days, rows, bytes }: { readonly days: readonly string[]; readonly rows: number; readonly bytes: number },
): Partition {
  const each = Math.max(1, Math.round(rows / Math.max(1, days.length)))
  return {
    model,
    fingerprint: `to be built ${name}`,
    key,
    files: [{ path: '', bytes, sha256: '' }],
    index: [],
    rows,
    days: days.map((day): DayContents[number] => [day, each, unlikeAny(`${model} ${name} ${day}`)]),
    madeOf: { code: '', inputs: {} },
    builtAt: '',
  }
}

/** A content that no table has, so that whoever reads it is taken to be touched. */
function unlikeAny(name: string): string {
  return String(BigInt(`0x${hash('sha256', name).slice(0, 15)}`))
}

/** The days on which a partition may have rows: those expected of its model in its span, and those it had before. */
export function daysCovered(
  key: PartitionKey,
  expected: readonly string[],
  before: Partition | undefined,
): string[] {
  const had = (before?.days ?? []).map(([day]) => day)
  if (key.is === 'undated') return ['']
  const inside = key.is === 'span' ? expected.filter((day) => day >= key.from && day < key.to) : [...expected]
  const days = [...new Set([...inside, ...had])].toSorted()
  return days.length > 0 ? days : ['']
}

/** Of a closed month that is put together from its days, the content is known. */
export function joinedFrom(key: string, pieces: readonly Partition[]): Partition {
  const [first] = pieces
  return {
    model: first?.model ?? '',
    fingerprint: `to be joined ${key}`,
    key,
    files: pieces.flatMap(({ files }) => files),
    index: pieces.flatMap(({ index }) => index),
    rows: pieces.reduce((sum, { rows }) => sum + rows, 0),
    days: pieces.flatMap(({ days }) => days),
    madeOf: { code: '', inputs: {} },
    builtAt: '',
  }
}

/** Whether a built partition lies inside the place of another. */
export function isInside(outer: PartitionKey, { key }: Pick<Partition, 'key'>): boolean {
  const inner = keyOf(key)
  return outer.is === 'span' && inner.is === 'span' && inner.from >= outer.from && inner.to <= outer.to
}
