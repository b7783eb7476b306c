/** The models of a checked project: its connectors' streams give the raw columns that mappings may name. */
import type { Project } from '#activities/project.ts'
import type { Model } from '#models/define-model.ts'
import { modelsOf } from '#models/index.ts'

export function projectModels(project: Project): Model[] {
  const { sources, tables, questions, surveys, timezone } = project
  const streamOf = (source: string, stream: string) => {
    const entry = sources[source]
    return entry?.connector.streams(entry.config).find((each) => each.name === stream)
  }
  return modelsOf({
    sources: Object.fromEntries(
      Object.entries(sources).map(([name, { connector }]) => [name, connector.name]),
    ),
    tables,
    questions,
    surveys,
    timezone,
    recordOf: (source, stream) => streamOf(source, stream)?.record,
    eventTimeOf: (source, stream) => streamOf(source, stream)?.eventTime,
  })
}
