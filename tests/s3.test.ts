/** The lake in a bucket, on a real S3 gateway: what storage promises, landing, models, and the doors readers come through. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { openStorage, type Storage } from '#lake/storage.ts'
import { storageConformance } from '#lake/storage.conformance.ts'
import { findGateway, type S3Gateway, startGateway } from './s3-gateway.ts'

const found = await findGateway()
const binary = 'path' in found ? found.path : ''
if ('missing' in found) process.stdout.write(`s3: every test of this file is skipped: ${found.missing}\n`)

describe.skipIf(binary === '')('a lake on S3', () => {
  const folder = mkdtempSync(join(tmpdir(), 'saydo-s3-'))
  let gateway: S3Gateway
  beforeAll(async () => {
    gateway = await startGateway(binary)
    for (const name of ['whole', 'shared', 'lake']) gateway.bucket(name)
  })
  afterAll(async () => {
    await gateway.stop()
    rmSync(folder, { recursive: true, force: true })
  })

  const open = (address: string): Promise<Storage> =>
    openStorage(address, { access: gateway.access, scratch: join(folder, address.slice(5)) })

  storageConformance('a bucket', () => open('s3://whole'))
  storageConformance('a part of a bucket', () => open('s3://shared/xo/prod'))
})
