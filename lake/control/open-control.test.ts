/** A control database that a newer saydo has changed is left alone. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { LakeTooNew, openControl } from './open-control.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'control-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('a lake written by a newer version is refused by name, and by an older one brought up to date', async () => {
  const control = openControl(join(folder, 'control.db'))
  await control.migrate()
  await control.migrate()
  await sql`insert into kysely_migration (name, timestamp) values ('0099-future', '2030-01-01')`.execute(
    control.db,
  )
  const refused = await control.migrate().catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(LakeTooNew)
  expect(String(refused)).toContain('step 0099-future')
  await control.close()
})
