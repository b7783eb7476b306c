/** What a caller says of a run; everything OpenLineage wants beside it is added here. No field holds a row of data. */
import type { Column } from '#lake/column.ts'

/** A table as an event names it. */
export type LineageDataset = {
  /** `xo.customer_month`; of a landed stream `<source>.<stream>`. */
  readonly name: string
  readonly columns: readonly Column[]
  /** Names its content: a build's fingerprint; of a stream, whatever changes when it does. */
  readonly version?: string
}

/** Which column a column comes from; `filter` where it only decides which rows or values do. */
export type ColumnSource = {
  readonly column: string
  readonly from: { readonly table: string; readonly column: string }
  readonly kind: 'value' | 'filter'
}

/** The model a run builds. */
export type LineageModel = {
  readonly name: string
  readonly columns: readonly Column[]
  readonly inputs: readonly LineageDataset[]
  readonly sources: readonly ColumnSource[]
  /** Its query without parameters; none of a model written in TypeScript. */
  readonly sql?: string
}

export type LineageRun = {
  /** A UUID, the same when it ends as when it started; `modelRunId` makes one that every attempt knows. */
  readonly id: string
  /** Without one, the run is the build of the whole project. */
  readonly model?: LineageModel
  /** The id of the build this is a part of. */
  readonly parent?: string
  /** When the schedule meant it to start. */
  readonly nominalTime?: Date
}

/** What a model's run wrote. */
export type LineageOutput = { readonly version: string; readonly rows: number; readonly bytes?: number }
