/** The simulated company of a project file, if it has one: the one a running `saydo start` serves, or one started here. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { startSimulation } from '#simulation/index.ts'
import type { Simulation } from './load-project.ts'
import { runningStack } from './stack-record.ts'

export type SimulatedCompany = {
  /** Addresses and tokens of its systems, to be laid over the environment. */
  readonly env: Readonly<Record<string, string>>
  readonly close: () => Promise<void>
}

const Kept = z.object({ seed: z.int(), size: z.enum(['tiny', 'small', 'large']) })

/** The last seed and size asked for in this state folder are used again, so that a later command meets the same company. */
export async function simulatedCompany(
  home: string,
  wanted: Simulation,
  asked: Partial<Simulation>,
  say: (line: string) => void,
): Promise<SimulatedCompany> {
  const running = await runningStack(home)
  if (running !== undefined) return { env: running.simulationEnv, close: async () => {} }
  const file = join(home, 'simulation.json')
  const kept = Kept.safeParse(JSON.parse(await readFile(file, 'utf8').catch(() => '{}'))).data
  const { seed, size } = { ...wanted, ...kept, ...asked }
  await mkdir(home, { recursive: true })
  await writeFile(file, JSON.stringify({ seed, size }))
  return startSimulation({ seed, size, folder: join(home, 'simulation'), say })
}
