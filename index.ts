/** What a project file imports from `saydo`: how to declare a project, and the connectors. */
export { defineProject } from '#activities/project.ts'
export { connect, defineConnector } from '#connectors/connector.ts'
export { typeform } from '#connectors/typeform.ts'
