/** Built bit by bit equals built anew: some hundreds of histories here, as many as you like with `npm run proofs -- <cases> <seed>`. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import type { Counts } from './incremental-equals-full.ts'

const CASES = Number(process.env['SAYDO_PROOF_CASES'] ?? 500)
/** As many as a small machine has cores. */
const PROCESSES = 2

const run = promisify(execFile)

async function prove(seed: number): Promise<Counts> {
  const program = join(import.meta.dirname, 'incremental-equals-full.ts')
  const { stdout } = await run(process.execPath, [
    program,
    String(Math.ceil(CASES / PROCESSES)),
    String(seed),
  ])
  return JSON.parse(stdout) as Counts
}

it(
  'whatever happens to data and code between runs, building bit by bit equals building anew, and a run without news builds nothing',
  { timeout: 900_000 },
  async () => {
    const seed = Number(process.env['SAYDO_PROOF_SEED'] ?? Date.now() % 1_000_000)
    const proofs = await Promise.all(Array.from({ length: PROCESSES }, (_, nth) => prove(seed + nth)))
    const sum = (of: (counts: Counts) => number) => proofs.reduce((total, counts) => total + of(counts), 0)
    process.stdout.write(
      `incremental equals full (seeds from ${seed}): ${sum((c) => c.cases)} cases, ${sum((c) => c.runs)} runs, ${sum((c) => c.partitionsBuilt)} partitions built, ` +
        `${sum((c) => c.rebuilds)} full rebuilds, ${sum((c) => c.tablesCompared)} tables of ${sum((c) => c.partitionsCompared)} partitions compared\n`,
    )
    expect(sum((counts) => counts.cases)).toBeGreaterThanOrEqual(CASES)
    expect(sum((counts) => counts.runsWithoutWork)).toBeGreaterThanOrEqual(CASES)
  },
)
