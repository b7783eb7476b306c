/** A source and one of its streams by name, or a sentence that lists what there is. */
import type { Connector, ConnectorContext, Stream } from '#connectors/connector.ts'
import type { StreamRef } from './index.ts'

/** By the names the project gave them; the connector with what it is given to work with. */
export type OpenSources = Readonly<
  Record<string, { readonly connector: Connector; readonly context: ConnectorContext }>
>

export function streamOf(sources: OpenSources, { source, stream }: StreamRef) {
  const found = sources[source]
  if (!found)
    throw new Error(
      `[land] there is no source ${source}; the project has ${Object.keys(sources).join(', ')}.`,
    )
  const streams: readonly Stream[] = found.connector.streams(found.context.config)
  const wanted = streams.find(({ name }) => name === stream)
  if (!wanted)
    throw new Error(
      `[land] ${source} has no stream ${stream}; it has ${streams.map(({ name }) => name).join(', ')}.`,
    )
  return { ...found, stream: wanted }
}
