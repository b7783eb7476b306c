/** A process of its own that ensures the Temporal server of a folder, tells its mode and address, and leaves it when its input ends. Argument: the folder. */
import { once } from 'node:events'
import { ensureTemporal } from '#stack/temporal.ts'

const [dataDir = ''] = process.argv.slice(2)
const { TEMPORAL_ADDRESS: _, ...env } = process.env
const server = await ensureTemporal({ env, dataDir, say: () => {} })
console.log(`${server.mode} ${server.address}`)
process.stdin.resume()
await once(process.stdin, 'end')
await server.stop()
