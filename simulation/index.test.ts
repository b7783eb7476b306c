/** The simulated world as the demo starts it. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { generateCompany, startSimulation } from './index.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'saydo-simulation-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('serves the company, lays down its files and writes the truth beside them, the same every time', async () => {
  const told: string[] = []
  const first = await startSimulation({ seed: 5, size: 'tiny', folder, say: (line) => told.push(line) })
  await first.close()
  const filesBefore = filesBelow(folder)
  const truth = readFileSync(path.join(folder, 'truth.json'), 'utf8')
  const again = await startSimulation({ seed: 5, size: 'tiny', folder })
  try {
    expect(readFileSync(path.join(folder, 'truth.json'), 'utf8')).toBe(truth)
    expect(filesBelow(folder)).toEqual(filesBefore)
    expect(JSON.parse(truth)).toEqual(again.company.truth)
    expect(again.company.truth.map(({ name }) => name)).toContain('files.refused_files')
    expect(again.company.orders).toEqual(generateCompany({ seed: 5, size: 'tiny' }).orders)
    expect(told).toEqual([expect.stringMatching(/^company of seed 5: 2000 customers/)])
    const names = ['TYPEFORM', 'HUBSPOT', 'ZENDESK', 'MASTODON']
    for (const name of names) {
      expect(again.env[`${name}_URL`]).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
      expect(again.env[`${name}_TOKEN`]).toBeTruthy()
    }
    expect(existsSync(path.join(again.env['FILES_FOLDER'] ?? '', 'pos/east/2025-01.csv'))).toBe(true)
    const asked = await fetch(`${again.env['TYPEFORM_URL']}/forms`, {
      headers: { authorization: `Bearer ${again.env['TYPEFORM_TOKEN']}` },
    })
    expect(asked.status).toBe(200)
  } finally {
    await again.close()
  }
})

/** Path, size and time of change: what a file connector goes by. */
function filesBelow(where: string): string[] {
  return readdirSync(path.join(where, 'files'), { recursive: true, encoding: 'utf8' })
    .map((name) => ({ name, known: statSync(path.join(where, 'files', name)) }))
    .filter(({ known }) => known.isFile())
    .map(({ name, known }) => `${name} ${known.size} ${known.mtimeMs}`)
    .toSorted()
}
