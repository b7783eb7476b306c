/** HubSpot against its stand-in. */
import { handMadeCompany, personalMarkers } from '#simulation/hand-made-company.ts'
import { startHubspot } from '#simulation/hubspot-server.ts'
import { conformance } from './conformance.ts'
import { hubspot } from './hubspot.ts'

const properties = {
  contacts: { member_id: 'id' },
  deals: { member_id: 'id', channel: 'keep', order_number: 'keep' },
  tickets: { member_id: 'id' },
  feedback_submissions: { member_id: 'id', recommend: 'keep' },
} as const

conformance(hubspot, async () => {
  const token = 'pat-very-secret+token/1'
  const server = await startHubspot(handMadeCompany(), { token })
  return {
    config: { url: server.url, pageSize: 3, properties, rate: { requests: 1000, perSeconds: 1 } },
    secrets: { token },
    faults: server,
    personal: personalMarkers,
    middle: '2026-03-04T00:00:00Z',
    close: () => server.close(),
  }
})
