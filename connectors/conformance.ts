/** The suite every connector must pass: a connector's own test names its source and calls this. */
import { describe, test } from 'vitest'
import type { Connector } from './connector.ts'
import type { Check } from './conformance-check.ts'
import { contractChecks } from './conformance-contract.ts'
import { networkChecks } from './conformance-network.ts'
import { createReader } from './conformance-subject.ts'
import type { Subject } from './conformance-subject.ts'

/** Runs every check as one test; `start` gives a fresh source for each. Connectors that speak HTTP are also tried under faults. */
export function conformance(connector: Connector, start: () => Promise<Subject>): void {
  describe(`${connector.name} keeps the connector contract`, () => {
    each(contractChecks)
    if (connector.http !== undefined) describe('over a network', () => each(networkChecks))
  })

  function each(checks: readonly Check[]): void {
    for (const { title, run } of checks)
      test(title, async () => {
        const subject = await start()
        try {
          await run(createReader(connector, subject))
        } finally {
          await subject.close()
        }
      })
  }
}
