/** What is running can be read from its id. */
import { expect, test } from 'vitest'
import { syncId } from './run-id.ts'

test.each([
  [undefined, 'sync:typeform:responses'],
  [{}, 'sync:typeform:responses'],
  [{ from: '2026-01-01', to: '2026-02-01' }, 'sync:typeform:responses:2026-01-01_2026-02-01'],
  [{ from: '2026-01-01' }, 'sync:typeform:responses:2026-01-01_'],
])('window %j is %s', (slice, id) =>
  expect(syncId({ source: 'typeform', stream: 'responses' }, slice)).toBe(id),
)
