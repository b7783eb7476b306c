/** OpenLineage facets: the small, versioned parts that events are made of, each under the address of its schema. */
import type { Column } from '#lake/column.ts'
import packageJson from '#package.json' with { type: 'json' }
import type { ColumnSource } from './lineage-run.ts'

/** Who made an event. */
export const producer = `urn:saydo:${packageJson.version}`

export type Facet = Readonly<Record<string, unknown>> & {
  readonly _producer: string
  readonly _schemaURL: string
}

const facet = (version: string, name: string, fields: Readonly<Record<string, unknown>>): Facet => ({
  _producer: producer,
  _schemaURL: `https://openlineage.io/spec/facets/${version}/${name}.json#/$defs/${name}`,
  ...fields,
})

export const schemaFacet = (columns: readonly Column[]) =>
  facet('1-1-1', 'SchemaDatasetFacet', { fields: columns.map(({ name, type }) => ({ name, type })) })

export const dataSourceFacet = (name: string, uri: string) =>
  facet('1-0-1', 'DatasourceDatasetFacet', { name, uri })

export const versionFacet = (datasetVersion: string) =>
  facet('1-0-1', 'DatasetVersionDatasetFacet', { datasetVersion })

export const outputStatisticsFacet = (rowCount: number, size: number | undefined) =>
  facet('1-0-2', 'OutputStatisticsOutputDatasetFacet', {
    rowCount,
    ...(size === undefined ? {} : { size }),
  })

export const jobTypeFacet = (jobType: 'BUILD' | 'MODEL') =>
  facet('2-0-3', 'JobTypeJobFacet', { processingType: 'BATCH', integration: 'SAYDO', jobType })

export const sqlFacet = (query: string) => facet('1-1-0', 'SQLJobFacet', { query, dialect: 'duckdb' })

export const parentFacet = (
  runId: string,
  job: { readonly namespace: string; readonly name: string },
): Facet => facet('1-1-0', 'ParentRunFacet', { run: { runId }, job })

export const errorFacet = (message: string) =>
  facet('1-0-1', 'ErrorMessageRunFacet', { message, programmingLanguage: 'TypeScript' })

export const nominalTimeFacet = (start: Date) =>
  facet('1-0-1', 'NominalTimeRunFacet', { nominalStartTime: start.toISOString() })

/** Values flow directly; what only decides is an indirect influence. */
export function columnLineageFacet(
  namespace: string,
  columns: readonly Column[],
  sources: readonly ColumnSource[],
): Facet {
  const fields = columns.map(({ name: column }) => {
    const inputFields = sources
      .filter((source) => source.column === column)
      .map(({ from, kind }) => ({
        namespace,
        name: from.table,
        field: from.column,
        transformations: [{ type: kind === 'value' ? 'DIRECT' : 'INDIRECT' }],
      }))
    return [column, { inputFields }]
  })
  return facet('1-2-0', 'ColumnLineageDatasetFacet', { fields: Object.fromEntries(fields) })
}
