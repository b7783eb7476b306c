/** What connectors hand over, through the rules as they are applied before landing: nothing personal is left of it. */
import { expect, test } from 'vitest'
import { createPageParser } from '#activities/parse-page.ts'
import { createPrivacy } from '#activities/privacy.ts'
import { createReader } from '#connectors/conformance-subject.ts'
import type { Connector } from '#connectors/connector.ts'
import { hubspot } from '#connectors/hubspot.ts'
import { mastodon } from '#connectors/mastodon.ts'
import { typeform } from '#connectors/typeform.ts'
import { zendesk } from '#connectors/zendesk.ts'
import { handMadeCompany, personalMarkers } from '#simulation/hand-made-company.ts'
import { startHubspot } from '#simulation/hubspot-server.ts'
import { startMastodon } from '#simulation/mastodon-server.ts'
import type { StandIn } from '#simulation/stand-in.ts'
import { startTypeform } from '#simulation/typeform-server.ts'
import { startZendesk } from '#simulation/zendesk-server.ts'

const secrets = { email: 'desk@own.example', token: 'a-token-of-ours' }
const company = handMadeCompany()
const member = { member_id: 'id' }

const sources: readonly [Connector, () => Promise<StandIn>, object][] = [
  [typeform, () => startTypeform(company, secrets), {}],
  [
    hubspot,
    () => startHubspot(company, secrets),
    { properties: { contacts: member, deals: member, tickets: member, feedback_submissions: member } },
  ],
  [zendesk, () => startZendesk(company, secrets), {}],
  [mastodon, () => startMastodon(company, secrets), { tags: ['saydo', 'teahouse'] }],
]

test.each(
  sources.map(([connector, start, config]) => [connector.name, { connector, start, config }] as const),
)(
  '%s lands rows and seals what is broken, with nobody’s name, address, number or handle in them',
  async (name, { connector, start, config }) => {
    const server = await start()
    const reader = createReader(connector, {
      config: { url: server.url, ...config },
      secrets,
      personal: [],
      middle: '',
      close: () => server.close(),
    })
    const privacy = createPrivacy('a key of thirty-two letters or so', '86')
    for (const stream of reader.streams) {
      const { pages, records } = await reader.read(stream)
      const parser = createPageParser(name, stream, privacy)
      const landed = pages.map((page, index) => parser.page({ type: 'page', ...page }, index))
      const rows = landed.flatMap((page) => page.rows)
      expect(rows.length).toBeGreaterThan(0)
      expect(rows.length + landed.flatMap((page) => page.rejected).length).toBe(records.length)
      expect(
        landed.flatMap((page) => page.unknownFields ?? []).filter((field) => PERSONAL.test(field)),
      ).toEqual([])
      const bytes = JSON.stringify(landed)
      for (const marker of personalMarkers) expect(bytes, `${stream.name}: ${marker}`).not.toContain(marker)
    }
    await server.close()
  },
)

/** Fields by whose name one would look for a person. */
const PERSONAL = /name|mail|phone|address/i
