/** OpenLineage run events: that a build, or a model in it, started, completed or failed. */
import {
  columnLineageFacet,
  dataSourceFacet,
  errorFacet,
  type Facet,
  jobTypeFacet,
  nominalTimeFacet,
  outputStatisticsFacet,
  parentFacet,
  producer,
  schemaFacet,
  sqlFacet,
  versionFacet,
} from './facets.ts'
import type { LineageDataset, LineageModel, LineageOutput, LineageRun } from './lineage-run.ts'

type Facets = Readonly<Record<string, Facet>>
type Dataset = { readonly namespace: string; readonly name: string; readonly facets: Facets }

export type RunEvent = {
  readonly eventType: 'START' | 'COMPLETE' | 'FAIL'
  readonly eventTime: string
  readonly producer: string
  readonly schemaURL: string
  readonly run: { readonly runId: string; readonly facets: Facets }
  readonly job: { readonly namespace: string; readonly name: string; readonly facets: Facets }
  readonly inputs: readonly Dataset[]
  readonly outputs: readonly (Dataset & { readonly outputFacets?: Facets })[]
}

/** Whose events these are. */
export type Place = {
  /** `saydo://<project>`, of jobs and datasets alike. */
  readonly namespace: string
  /** Where the lake lies, without credentials. */
  readonly lake: string
}

export type Happened = {
  readonly eventType: RunEvent['eventType']
  readonly at: Date
  readonly output?: LineageOutput | undefined
  readonly error?: string
}

export function runEvent(place: Place, run: LineageRun, happened: Happened): RunEvent {
  const { model, parent } = run
  return {
    eventType: happened.eventType,
    eventTime: happened.at.toISOString(),
    producer,
    schemaURL: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent',
    run: {
      runId: run.id,
      facets: {
        ...(run.nominalTime && { nominalTime: nominalTimeFacet(run.nominalTime) }),
        ...(parent !== undefined && { parent: parentFacet(parent, jobOf(place)) }),
        ...(happened.error !== undefined && { errorMessage: errorFacet(happened.error) }),
      },
    },
    job: {
      ...jobOf(place, model),
      facets: {
        jobType: jobTypeFacet(model === undefined ? 'BUILD' : 'MODEL'),
        ...(model?.sql !== undefined && { sql: sqlFacet(model.sql) }),
      },
    },
    inputs: model === undefined ? [] : model.inputs.map((input) => dataset(place, input)),
    outputs: model === undefined ? [] : [outputOf(place, model, happened.output)],
  }
}

function jobOf({ namespace }: Place, model?: LineageModel) {
  return { namespace, name: model === undefined ? 'build' : `build.${model.name}` }
}

function dataset({ namespace, lake }: Place, { name, columns, version }: LineageDataset): Dataset {
  return {
    namespace,
    name,
    facets: {
      schema: schemaFacet(columns),
      dataSource: dataSourceFacet(namespace, lake),
      ...(version !== undefined && { version: versionFacet(version) }),
    },
  }
}

function outputOf(place: Place, model: LineageModel, output: LineageOutput | undefined) {
  const { name, columns, sources } = model
  const written = dataset(place, { name, columns, ...(output && { version: output.version }) })
  return {
    ...written,
    facets: { ...written.facets, columnLineage: columnLineageFacet(place.namespace, columns, sources) },
    ...(output && { outputFacets: { outputStatistics: outputStatisticsFacet(output.rows, output.bytes) } }),
  }
}
