/** Where a lake lives as the environment says it: a folder unless it is on S3, whose address and key are then complete. */
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lakeSecrets } from './lake-settings.ts'
import { readSettings } from './settings.ts'

const config = join(import.meta.dirname, 'saydo.config.ts')
const read = (env: Record<string, string>) => readSettings(config, { SAYDO_HOME: '/state', ...env })
const key = { SAYDO_S3_KEY_ID: 'our-id', SAYDO_S3_SECRET: 'our-secret' }

describe('a lake in a folder', () => {
  it.each([
    [{}, resolve('/state/lake')],
    [{ SAYDO_LAKE: '' }, resolve('/state/lake')],
    [{ SAYDO_LAKE: '/data/lake' }, resolve('/data/lake')],
    [{ SAYDO_LAKE: 'lake' }, join(import.meta.dirname, 'lake')],
  ])('%j lives in %s and needs no key', (env, lakeRoot) => {
    const settings = read({ ...env, AWS_ENDPOINT_URL: 'not an address' })
    expect(settings).toMatchObject({ lakeRoot })
    expect(settings.s3).toBeUndefined()
  })
})

describe('a lake on S3', () => {
  it('is reached with our own variables', () => {
    const env = {
      SAYDO_LAKE: 's3://lake/prod/',
      SAYDO_S3_ENDPOINT: 'http://127.0.0.1:7070',
      ...key,
      AWS_ACCESS_KEY_ID: 'other',
      AWS_SESSION_TOKEN: 'other',
    }
    const { lakeRoot, s3 } = read(env)
    expect(lakeRoot).toBe('s3://lake/prod')
    expect(s3?.access).toEqual({
      endpoint: 'http://127.0.0.1:7070',
      region: 'us-east-1',
      keyId: 'our-id',
      secret: 'our-secret',
    })
    expect(s3?.scratch).toBe(join(resolve('/state'), 'scratch'))
  })

  it('is reached with the usual ones where ours are not set', () => {
    const usual = {
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'token',
      AWS_REGION: 'eu-central-1',
    }
    const settings = read({ SAYDO_LAKE: 's3://lake', ...usual })
    expect(settings.s3?.access).toEqual({
      region: 'eu-central-1',
      keyId: 'id',
      secret: 'secret',
      sessionToken: 'token',
    })
    expect(lakeSecrets(settings)).toEqual(['secret', 'token'])
  })

  it.each([
    [
      'a bucket',
      { SAYDO_LAKE: 's3://', SAYDO_S3_REGION: 'x', ...key },
      [/SAYDO_LAKE: .*s3:\/\/bucket\/prefix/],
    ],
    [
      'a region where there is no endpoint',
      { SAYDO_LAKE: 's3://lake', ...key },
      [/SAYDO_S3_REGION: .*eu-central-1/],
    ],
    [
      'an endpoint with a scheme',
      { SAYDO_LAKE: 's3://lake', SAYDO_S3_ENDPOINT: 'localhost:7070', ...key },
      [/SAYDO_S3_ENDPOINT: .*https:/],
    ],
    [
      'both halves of the key',
      { SAYDO_LAKE: 's3://lake', SAYDO_S3_REGION: 'x' },
      [/SAYDO_S3_KEY_ID/, /SAYDO_S3_SECRET/],
    ],
    [
      'both halves of one key',
      { SAYDO_LAKE: 's3://lake', SAYDO_S3_REGION: 'x', SAYDO_S3_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' },
      [/SAYDO_S3_SECRET/],
    ],
  ])('needs %s', (_, env, messages) => {
    for (const message of messages) expect(() => read(env)).toThrow(message)
  })
})
