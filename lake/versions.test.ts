/** Versions on SQLite; on PostgreSQL in `tests/versions.test.ts`. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { versionsConformance } from './versions-conformance.ts'

const folder = mkdtempSync(join(tmpdir(), 'control-'))
let databases = 0
afterAll(() => rmSync(folder, { recursive: true, force: true }))

versionsConformance('SQLite', async () => join(folder, `control-${(databases += 1)}.db`))
