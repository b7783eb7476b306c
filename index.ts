/** What a project file imports from `saydo`: how to declare a project, and the connectors. */
export { defineProject } from '#activities/project.ts'
export { connect, defineConnector } from '#connectors/connector.ts'
export { files } from '#connectors/files.ts'
export { hubspot } from '#connectors/hubspot.ts'
export { mastodon } from '#connectors/mastodon.ts'
export { typeform } from '#connectors/typeform.ts'
export { zendesk } from '#connectors/zendesk.ts'
