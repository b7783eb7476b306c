/** What a project file imports from `saydo`: how to declare a project, the connectors, and all that a connector of one's own needs. */
export { defineProject } from '#activities/project.ts'
export { connect, defineConnector } from '#connectors/connector.ts'
export type {
  Checkpoint,
  Connector,
  ConnectorContext,
  Privacy,
  ReadRequest,
  Source,
  SourceEvent,
  Stream,
  Unreadable,
} from '#connectors/connector.ts'
export { SourceLimited, SourceRejected, SourceUnavailable } from '#connectors/source-error.ts'
export { files } from '#connectors/files.ts'
export { hubspot } from '#connectors/hubspot.ts'
export { mastodon } from '#connectors/mastodon.ts'
export { typeform } from '#connectors/typeform.ts'
export { zendesk } from '#connectors/zendesk.ts'
