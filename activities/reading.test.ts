/** What one partition reads of an input: its slice and its content say the same, for every reading and every partition. */
import { describe, expect, it } from 'vitest'
import { contentText, plus, sumOfDays, Timeline } from '#lake/content.ts'
import type { PartitionKey } from '#lake/partition.ts'
import { all, lookup, type Reading, same, window } from '#models/partition.ts'
import type { InputTable, Piece } from './input-table.ts'
import { contentRead, sliceRead } from './reading.ts'

const piece = (id: string, from: string | null, to = from, undated = false): Piece => ({
  id,
  files: [{ path: `${id}.parquet`, sha256: id }],
  index: [],
  from,
  to,
  undated,
  rows: 1,
  key: undefined,
})
const february = piece('february', '2024-02-28')
const march = piece('march', '2024-03-01', '2024-03-31')
const april = piece('april', '2024-04-01')
const lost = piece('lost', null, null, true)
const mixed = piece('mixed', '2024-02-29', '2024-04-30', true)

function table(pieces: readonly Piece[]): InputTable {
  const timeline = new Timeline(
    sumOfDays([
      [
        ['2024-02-28', 1, '1'],
        ['2024-03-01', 1, '10'],
        ['2024-03-31', 1, '100'],
        ['2024-04-01', 1, '1000'],
        ['', 1, '10000'],
      ],
    ]),
  )
  return {
    table: 'given',
    columns: [{ name: 'at', type: 'TIMESTAMP' }],
    time: 'at',
    timeline,
    pieces,
    bucketed: { key: 'id', of: 4 },
    contentOfBucket: (bucket) => ({ rows: 1, hash: BigInt(bucket) }),
    landed: null,
  }
}

const span: PartitionKey = { is: 'span', from: '2024-03-01', to: '2024-04-01' }
const undated: PartitionKey = { is: 'undated' }
const whole: PartitionKey = { is: 'whole' }
const inBucket: PartitionKey = { is: 'bucket', bucket: 2, of: 4 }
const found = { file: 'keys.parquet', pieces: new Set([april]), content: { rows: 2, hash: 5n } }

function read(
  key: PartitionKey,
  readings: readonly Reading[],
  pieces: readonly Piece[] = [february, march, april, lost],
) {
  const lookups = readings.some((each) => each.read === 'lookup') ? [found] : []
  const input = table(pieces)
  const { slice } = sliceRead(input, { readings, key, bucketKey: 'id', lookups, absolute: (path) => path })
  const content = contentRead(input, readings, { key, bucketKey: 'id', lookups })
  return { files: slice.files.map((file) => file.replace('.parquet', '')), only: slice.only, content }
}

const by = (from: string | null, to: string | null) => ({ by: 'span', column: 'at', from, to })

describe('a span', () => {
  it.each([
    ['the same span', [same()], ['march'], '2-110'],
    ['a day before', [window(-1, 0)], ['march'], '2-110'],
    ['two days before, over the leap day', [window(-2, 0)], ['february', 'march'], '3-111'],
    ['a day after', [window(0, 1)], ['march', 'april'], '3-1110'],
    ['all before', [window(null, 0)], ['february', 'march'], '3-111'],
    ['all from it on', [window(0, null)], ['march', 'april'], '3-1110'],
    ['everything', [all()], ['february', 'march', 'april', 'lost'], '5-11111'],
  ] as const)('reads %s', (_, readings, files, content) => {
    expect(read(span, readings)).toEqual({ files, only: undefined, content })
  })

  it('filters rows where a file holds others too', () => {
    expect(read(span, [same()], [mixed, march])).toMatchObject({
      files: ['mixed', 'march'],
      only: [by('2024-03-01', '2024-04-01')],
    })
  })

  it('sees several readings of one input together, and its content tells each', () => {
    const { files, only, content } = read(span, [same(), lookup('id')])
    expect(files).toEqual(['march', 'april'])
    expect(only).toEqual([
      by('2024-03-01', '2024-04-01'),
      { by: 'keys', column: 'id', files: ['keys.parquet'] },
    ])
    expect(content).toBe('2-110 2-5')
    expect(read(span, [same(), all()])).toMatchObject({ only: undefined, content: '2-110 5-11111' })
  })
})

describe('the undated', () => {
  it('read the undated, everything, or nothing', () => {
    expect(read(undated, [same()])).toEqual({
      files: ['lost'],
      only: [{ by: 'undated', column: 'at' }],
      content: '1-10000',
    })
    expect(read(undated, [all()])).toMatchObject({ only: undefined, content: '5-11111' })
    expect(read(undated, [window(null, null)])).toMatchObject({ files: [], content: '0-0' })
  })
})

describe('a bucket', () => {
  it('reads its own where the input is cut alike, and a share of everything where not', () => {
    const alike = { ...piece('two', '2024-03-01'), key: inBucket }
    const other = { ...piece('three', '2024-03-01'), key: { ...inBucket, bucket: 3 } }
    expect(read(inBucket, [same()], [alike, other])).toEqual({
      files: ['two'],
      only: undefined,
      content: '1-2',
    })
    const finer: PartitionKey = { is: 'bucket', bucket: 2, of: 8 }
    expect(read(finer, [same()], [alike, other])).toEqual({
      files: ['two', 'three'],
      only: [{ by: 'bucket', key: 'id', bucket: 2, of: 8 }],
      content: '5-11111',
    })
  })
})

describe('a whole table', () => {
  it('reads everything, and of what it looks up the keys it found', () => {
    expect(read(whole, [all()])).toMatchObject({ only: undefined, content: '5-11111' })
    expect(read(whole, [lookup('id')])).toEqual({
      files: ['april'],
      only: [{ by: 'keys', column: 'id', files: ['keys.parquet'] }],
      content: contentText(plus({ rows: 0, hash: 0n }, found.content)),
    })
  })
})
