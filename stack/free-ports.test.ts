/** Wished ports are given where they are free, and never one that somebody listens on. */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { freePorts } from './free-ports.ts'

test('a busy port is replaced, a free one is kept', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const busy = typeof address === 'object' && address ? address.port : 0
  const [free = 0] = await freePorts([0])
  const [first, second] = await freePorts([busy, free])
  server.close()
  expect(first).not.toBe(busy)
  expect(second).toBe(free)
})

test('two wishes for the same port get two ports', async () => {
  const [free = 0] = await freePorts([0])
  const [first, second] = await freePorts([free, free])
  expect(first).toBe(free)
  expect(second).not.toBe(free)
})
