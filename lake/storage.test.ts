/** Storage in a folder; on S3 in `tests/s3.test.ts`. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { s3Location } from './s3-location.ts'
import { storageConformance } from './storage.conformance.ts'
import { openStorage } from './storage.ts'

const folder = mkdtempSync(join(tmpdir(), 'storage-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

storageConformance('a folder', () => openStorage(join(folder, 'lake')))

describe('an address on S3', () => {
  it.each([
    ['s3://lake', { bucket: 'lake', prefix: '' }],
    ['s3://lake/', { bucket: 'lake', prefix: '' }],
    ['s3://my.lake-1/xo/prod/', { bucket: 'my.lake-1', prefix: 'xo/prod' }],
  ])('%s is a bucket and a prefix', (address, location) => {
    expect(s3Location(address)).toEqual(location)
  })

  it.each([
    's3:/lake',
    's3://',
    's3://Lake',
    's3://lake/../other',
    's3://lake//x',
    's3://lake/x?s3_region=y',
  ])('%s is none', (address) => {
    expect(() => s3Location(address)).toThrow('is no address of a lake; write s3://bucket/prefix')
  })

  it('is not opened without a key', () => {
    expect(() => openStorage('s3://lake')).toThrow('set SAYDO_S3_KEY_ID')
  })
})
