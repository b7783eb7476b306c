/** Versions on PostgreSQL: the same promises as on SQLite, with publishers that really run at once. */
import { afterAll, beforeAll } from 'vitest'
import { versionsConformance } from '#lake/versions-conformance.ts'
import { type PostgresServer, startPostgres } from './postgres-server.ts'

let server: PostgresServer
let databases = 0
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server.stop())

versionsConformance('PostgreSQL', () => server.database(`versions_${(databases += 1)}`))
