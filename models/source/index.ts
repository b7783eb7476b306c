/** Vendors whose records saydo knows how to read: connector name → the models of a source that uses it. */
import type { Model } from '#models/define-model.ts'
import { hubspotModels } from './hubspot.ts'
import { mastodonModels } from './mastodon.ts'
import { typeformModels } from './typeform.ts'
import { zendeskModels } from './zendesk.ts'

export const sourceModels: Readonly<Record<string, (source: string) => Model[]>> = {
  hubspot: hubspotModels,
  mastodon: mastodonModels,
  typeform: typeformModels,
  zendesk: zendeskModels,
}
