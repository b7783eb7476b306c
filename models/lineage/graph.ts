/** The graph of columns: what every column of every model comes from, down to the fields of landed streams. */
import type { ColumnType } from '#lake/column.ts'

export type LineageGraph = {
  /** Models and streams (`crm.contacts`) by name. */
  readonly tables: ReadonlyMap<string, LineageTable>
  /** Columns by `<table>.<column>`. */
  readonly columns: ReadonlyMap<string, LineageColumn>
  readonly edges: readonly LineageEdge[]
}

export type LineageTable = {
  readonly name: string
  readonly kind: 'model' | 'stream'
  /** Tables it is made of; none of a stream. */
  readonly reads: readonly string[]
}

export type LineageColumn = { readonly table: string; readonly column: string; readonly type: ColumnType }

/** `value`: it flows into the other, as it is or transformed. `filter`: it only decides which rows or values do. */
export type LineageKind = 'value' | 'filter'

export type LineageEdge = { readonly from: string; readonly to: string; readonly kind: LineageKind }
