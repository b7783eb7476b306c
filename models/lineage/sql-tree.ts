/** The parts of DuckDB's parse tree that lineage reads, in DuckDB's own spelling. */

type Named = { readonly alias: string; readonly type: string }

export type ColumnRef = Named & { readonly class: 'COLUMN_REF'; readonly column_names: readonly string[] }
export type FunctionCall = Named & {
  readonly class: 'FUNCTION'
  readonly function_name: string
  readonly children: readonly Expression[]
  readonly filter: Expression | null
  readonly order_bys: { readonly orders: readonly Order[] }
}
export type WindowCall = Named & {
  readonly class: 'WINDOW'
  readonly function_name: string
  readonly children: readonly Expression[]
  readonly partitions: readonly Expression[]
  readonly orders: readonly Order[]
  readonly arg_orders: readonly Order[]
  readonly filter_expr: Expression | null
  readonly start_expr: Expression | null
  readonly end_expr: Expression | null
  readonly offset_expr: Expression | null
  readonly default_expr: Expression | null
}
export type Case = Named & {
  readonly class: 'CASE'
  readonly case_checks: readonly { readonly when_expr: Expression; readonly then_expr: Expression }[]
  readonly else_expr: Expression
}
export type Subquery = Named & {
  readonly class: 'SUBQUERY'
  readonly subquery_type: 'SCALAR' | 'EXISTS' | 'NOT_EXISTS' | 'ANY'
  readonly subquery: { readonly node: Query }
  readonly child: Expression | null
}
export type Lambda = Named & {
  readonly class: 'LAMBDA'
  readonly lhs: Expression
  readonly expr: Expression
}
export type Star = Named & {
  readonly class: 'STAR'
  readonly relation_name: string
  readonly exclude_list: readonly string[]
  readonly replace_list: readonly { readonly key: string; readonly value: Expression }[]
  readonly rename_list: readonly unknown[]
  readonly qualified_exclude_list: readonly unknown[]
  /** `COLUMNS(…)` instead of `*`. */
  readonly columns: boolean
  readonly expr: Expression | null
}
export type Positional = Named & { readonly class: 'POSITIONAL_REFERENCE'; readonly index: number }
export type Constant = Named & {
  readonly class: 'CONSTANT'
  readonly value: { readonly is_null: boolean; readonly value?: unknown }
}
/** Expressions whose value comes from all their parts. */
export type Composed = Named & {
  readonly class: 'CAST' | 'COMPARISON' | 'CONJUNCTION' | 'OPERATOR' | 'BETWEEN' | 'COLLATE' | 'PARAMETER'
}
export type Expression =
  | ColumnRef
  | FunctionCall
  | WindowCall
  | Case
  | Subquery
  | Lambda
  | Star
  | Positional
  | Constant
  | Composed

export type Order = { readonly expression: Expression }

export type Modifier =
  | { readonly type: 'ORDER_MODIFIER'; readonly orders: readonly Order[] }
  | { readonly type: 'DISTINCT_MODIFIER'; readonly distinct_on_targets: readonly Expression[] }
  | {
      readonly type: 'LIMIT_MODIFIER' | 'LIMIT_PERCENT_MODIFIER'
      readonly limit: Expression | null
      readonly offset: Expression | null
    }

type Shared = {
  readonly modifiers: readonly Modifier[]
  readonly cte_map: {
    readonly map: readonly {
      readonly key: string
      readonly value: { readonly aliases: readonly string[]; readonly query: { readonly node: Query } }
    }[]
  }
}
export type Select = Shared & {
  readonly type: 'SELECT_NODE'
  readonly select_list: readonly Expression[]
  readonly from_table: From
  readonly where_clause: Expression | null
  readonly group_expressions: readonly Expression[]
  /** `FORCE_AGGREGATES` is `group by all`. */
  readonly aggregate_handling: string
  readonly having: Expression | null
  readonly qualify: Expression | null
}
export type SetOperation = Shared & {
  readonly type: 'SET_OPERATION_NODE'
  readonly setop_type: 'UNION' | 'UNION_BY_NAME' | 'EXCEPT' | 'INTERSECT'
  readonly setop_all: boolean
  readonly left: Query
  readonly right: Query
}
export type Recursive = Shared & {
  readonly type: 'RECURSIVE_CTE_NODE'
  readonly cte_name: string
  readonly union_all: boolean
  readonly aliases: readonly string[]
  readonly left: Query
  readonly right: Query
}
export type Query = Select | SetOperation | Recursive

type Aliased = { readonly alias: string; readonly column_name_alias: readonly string[] }
export type BaseTable = Aliased & {
  readonly type: 'BASE_TABLE'
  readonly schema_name: string
  readonly table_name: string
}
export type Join = {
  readonly type: 'JOIN'
  readonly left: From
  readonly right: From
  readonly condition: Expression | null
  readonly join_type: string
  readonly ref_type: string
  readonly using_columns: readonly string[]
}
export type From =
  | BaseTable
  | Join
  | (Aliased & { readonly type: 'SUBQUERY'; readonly subquery: { readonly node: Query } })
  | (Aliased & { readonly type: 'TABLE_FUNCTION'; readonly function: FunctionCall })
  | {
      readonly type: 'EXPRESSION_LIST'
      readonly alias: string
      readonly expected_names: readonly string[]
      readonly values: readonly (readonly Expression[])[]
    }
  | { readonly type: 'EMPTY' }
