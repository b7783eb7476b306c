/** A connector gets its own secrets and nobody else's, and HTTP only when it says where to. */
import { expect, test } from 'vitest'
import { z } from 'zod'
import { defineConnector } from './connector.ts'
import { createContext } from './context.ts'
import { secretVariable } from './secret-variable.ts'
import { SourceRejected } from './source-error.ts'

const silent = defineConnector({
  name: 'silent',
  title: { en: 'Silent', zh: '无声' },
  kind: 'files',
  config: z.strictObject({}),
  secrets: ['token'],
  streams: () => [],
  check: () => Promise.resolve(),
  read: async function* () {},
})

const options = { source: 'my-shop', connector: silent, config: {}, random: () => 0 }

test('the environment’s name of a secret is the source’s and the secret’s', () => {
  expect(secretVariable('my-shop', 'token')).toBe('MY_SHOP_TOKEN')
})

test('a declared secret is given, any other is refused by name', () => {
  const { secret } = createContext({ ...options, secrets: { token: 'abcdef', other: 'ghijkl' } })
  expect(secret('token')).toBe('abcdef')
  expect(() => secret('other')).toThrow('[my-shop] has no secret "other"')
})

test('a connector that names no address cannot send a request', async () => {
  const { http } = createContext({ ...options, secrets: {} })
  const signal = AbortSignal.timeout(1000)
  await expect(http.json({ url: 'https://anywhere.example', signal })).rejects.toBeInstanceOf(SourceRejected)
})
