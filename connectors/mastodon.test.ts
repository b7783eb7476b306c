/** Mastodon against its stand-in. */
import { handMadeCompany, personalMarkers } from '#simulation/hand-made-company.ts'
import { mastodonLimit, startMastodon } from '#simulation/mastodon-server.ts'
import { conformance } from './conformance.ts'
import { mastodon } from './mastodon.ts'

conformance(mastodon, async () => {
  const token = 'mst-very-secret+token/1'
  const server = await startMastodon(handMadeCompany(), { token })
  return {
    config: { url: server.url, tags: ['saydo', 'TeaHouse'], pageSize: 3 },
    secrets: { token },
    faults: server,
    personal: personalMarkers,
    middle: '2026-03-04T00:00:00Z',
    pause: (seconds, now) => mastodonLimit(new Date(now.getTime() + seconds * 1000)),
    close: () => server.close(),
  }
})
