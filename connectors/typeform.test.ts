/** Typeform against its stand-in. */
import { handMadeCompany, personalMarkers } from '#simulation/hand-made-company.ts'
import { startTypeform } from '#simulation/typeform-server.ts'
import { conformance } from './conformance.ts'
import { typeform } from './typeform.ts'

conformance(typeform, async () => {
  const token = 'tfp_very-secret+token/1'
  const server = await startTypeform(handMadeCompany(), { token })
  return {
    config: { url: server.url, pageSize: 7 },
    secrets: { token },
    faults: server,
    personal: personalMarkers,
    broken: { responses: 3 },
    middle: '2026-03-04T00:00:00Z',
    close: () => server.close(),
  }
})
