/** Ports of this machine that nobody listens on. */
import { createServer } from 'node:net'

/** The wished ports where they are free, others where they are not. Somebody else may still take one before it is used. */
export async function freePorts(wished: readonly number[]): Promise<number[]> {
  const held: { port: number; release: () => Promise<void> }[] = []
  for (const port of wished) held.push((await hold(port)) ?? (await holdAny()))
  await Promise.all(held.map(({ release }) => release()))
  return held.map(({ port }) => port)
}

async function holdAny() {
  const held = await hold(0)
  if (!held) throw new Error('[ports] no free port on 127.0.0.1; close some programs.')
  return held
}

function hold(port: number): Promise<{ port: number; release: () => Promise<void> } | undefined> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve({
        port: typeof address === 'object' && address ? address.port : port,
        release: () => new Promise((done) => void server.close(() => done())),
      })
    })
  })
}
