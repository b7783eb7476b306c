/** Zendesk against its stand-in. */
import { handMadeCompany, personalMarkers } from '#simulation/hand-made-company.ts'
import { startZendesk } from '#simulation/zendesk-server.ts'
import { conformance } from './conformance.ts'
import { zendesk } from './zendesk.ts'

conformance(zendesk, async () => {
  const secrets = { email: 'desk@own.example', token: 'zd-very-secret+token/1' }
  const server = await startZendesk(handMadeCompany(), { ...secrets, callsPerPage: 6 })
  return {
    config: { url: server.url, pageSize: 5, rate: { requests: 1000, perSeconds: 1 } },
    secrets,
    faults: server,
    personal: personalMarkers,
    middle: '2026-03-04T00:00:00Z',
    close: () => server.close(),
  }
})
