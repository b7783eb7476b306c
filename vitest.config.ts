/** `unit` beside the source; `servers` and `stack` on real engines (Temporal, PostgreSQL, Cube, DuckDB, killed processes). */
import { defineConfig } from 'vitest/config'

const servers = 'tests/temporal-server.test.ts'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['**/*.test.ts'],
          exclude: ['**/node_modules/**', 'tests/**', '.saydo/**'],
          testTimeout: 30_000,
        },
      },
      {
        // Beside those that start no server, since it minds who answers on the usual port.
        test: { name: 'servers', include: [servers], testTimeout: 180_000, hookTimeout: 300_000 },
      },
      {
        test: {
          name: 'stack',
          include: ['tests/**/*.test.ts'],
          exclude: [servers],
          testTimeout: 180_000,
          hookTimeout: 300_000,
          // Most of them wait for processes and timers half of their time.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
