/** Which tables a query reads, from its own operation nodes: the model graph needs no other declaration. */
import {
  type CommonTableExpressionNameNode,
  OperationNodeTransformer,
  type ReferenceNode,
  type RootOperationNode,
  type SchemableIdentifierNode,
} from 'kysely'

/** Names as written in the query (`order`, `xo.customer_month`), without common table expressions, sorted. */
export function tablesRead(query: RootOperationNode): string[] {
  const collector = new TableCollector()
  collector.transformNode(query)
  return [...collector.tables].filter((table) => !collector.expressions.has(table)).sort()
}

class TableCollector extends OperationNodeTransformer {
  readonly tables = new Set<string>()
  readonly expressions = new Set<string>()

  protected override transformSchemableIdentifier(node: SchemableIdentifierNode): SchemableIdentifierNode {
    const { schema, identifier } = node
    this.tables.add(schema === undefined ? identifier.name : `${schema.name}.${identifier.name}`)
    return super.transformSchemableIdentifier(node)
  }

  /** A column's table is an alias or a table that FROM already names. */
  protected override transformReference(node: ReferenceNode): ReferenceNode {
    return node
  }

  protected override transformCommonTableExpressionName(
    node: CommonTableExpressionNameNode,
  ): CommonTableExpressionNameNode {
    this.expressions.add(node.table.table.identifier.name)
    return node
  }
}
