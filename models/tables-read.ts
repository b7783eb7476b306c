/** Which tables a query reads, from its own operation nodes: the model graph needs no other declaration. */
import {
  OperationNodeTransformer,
  type ReferenceNode,
  type RootOperationNode,
  type SchemableIdentifierNode,
  type SelectQueryNode,
} from 'kysely'

/** Names as written in the query (`order`, `xo.customer_month`), without common table expressions, sorted. */
export function tablesRead(query: RootOperationNode): string[] {
  const collector = new TableCollector()
  collector.transformNode(query)
  return [...collector.tables].sort()
}

class TableCollector extends OperationNodeTransformer {
  readonly tables = new Set<string>()
  /** Common table expressions that the node at hand sees. */
  #visible: ReadonlySet<string> = new Set()

  protected override transformSelectQuery(node: SelectQueryNode): SelectQueryNode {
    const outside = this.#visible
    const expressions = node.with?.expressions ?? []
    const names = expressions.map(({ name }) => name.table.table.identifier.name)
    if (node.with?.recursive) this.#visible = new Set([...outside, ...names])
    // One that is named like a table reads that table, and hides it from what follows.
    for (const [index, { expression }] of expressions.entries()) {
      this.transformNode(expression)
      this.#visible = new Set([...this.#visible, ...names.slice(index, index + 1)])
    }
    const { with: _, ...rest } = node
    super.transformSelectQuery(rest)
    this.#visible = outside
    return node
  }

  protected override transformSchemableIdentifier(node: SchemableIdentifierNode): SchemableIdentifierNode {
    const { schema, identifier } = node
    if (schema !== undefined) this.tables.add(`${schema.name}.${identifier.name}`)
    else if (!this.#visible.has(identifier.name)) this.tables.add(identifier.name)
    return node
  }

  /** A column's table is an alias or a table that FROM already names. */
  protected override transformReference(node: ReferenceNode): ReferenceNode {
    return node
  }
}
