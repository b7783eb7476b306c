/** `saydo lineage`: what a column is made of and what is made of it, from the project file alone. */
import { InvalidArgumentError } from 'commander'
import { buildOrder } from '#models/build-order.ts'
import type { Model } from '#models/define-model.ts'
import type { LineageGraph } from '#models/lineage/graph.ts'
import { downstreamOf, edgesAround, upstreamOf } from '#models/lineage/reach.ts'
import { lineageOf } from '#models/lineage.ts'
import { traceable } from '#models/lineage/traceable.ts'
import { projectModels } from '#stack/project-models.ts'
import { command, type GlobalOptions, openProject } from './global-options.ts'
import { graphMermaid, lineageMermaid } from './lineage-mermaid.ts'
import { lineageTree, type Sides } from './lineage-tree.ts'
import { bold, printJson, printLine, printTable } from './output.ts'

type Options = GlobalOptions & {
  readonly up?: true
  readonly down?: true
  readonly depth?: number
  readonly mermaid?: true
}

export const lineageCommand = command(
  'lineage',
  'what a model or column is made of, and what is made of it',
  [
    'lineage xo.customer_month.next_revenue --up',
    'lineage hubspot.deals.properties --down --depth 2',
    'lineage xo.response_context --mermaid',
    'lineage',
  ],
)
  .argument(
    '[name]',
    'a model, a stream or a column: xo.response_context, crm.contacts, xo.response_context.score',
  )
  .option('--up', 'only what it is made of')
  .option('--down', 'only what is made of it')
  .option('--depth <steps>', 'so many steps, not all', steps)
  .option('--mermaid', 'answer as a Mermaid flowchart')
  .action(async (name: string | undefined, options: Options) => {
    const { settings, file } = await openProject(options)
    const models = projectModels(file.project(settings.env))
    const levels = buildOrder(models)
    const graph = await lineageOf(models.map(traceable))
    if (name === undefined) return answerGraph(graph, levels, options)
    answer(graph, name, options)
  })

function answer(graph: LineageGraph, name: string, options: Options): void {
  const both = options.up === options.down
  const sides: Sides = {
    up: both || options.up === true,
    down: both || options.down === true,
    depth: options.depth ?? Infinity,
  }
  if (options.mermaid) return printLine(lineageMermaid(graph, name, sides))
  if (options.json) return printJson(asJson(graph, name, sides))
  for (const line of lineageTree(graph, name, sides)) printLine(line)
  if (!graph.tables.get(name)) return
  printLine(`\n${bold('columns')}`)
  printTable(columnRows(graph, name))
}

function asJson(graph: LineageGraph, name: string, { up, down, depth }: Sides) {
  const upstream = up ? upstreamOf(graph, name, depth) : []
  const downstream = down ? downstreamOf(graph, name, depth) : []
  const names = new Set([name, ...[...upstream, ...downstream].map((each) => each.name)])
  const edges = edgesAround(graph, name).filter(({ from, to }) => names.has(from) && names.has(to))
  return { name, ...(up ? { up: upstream } : {}), ...(down ? { down: downstream } : {}), edges }
}

/** How many origins of a column a line shows. */
const shown = 4

function columnRows({ columns, edges }: LineageGraph, table: string) {
  return [...columns]
    .filter(([, column]) => column.table === table)
    .map(([name, { column, type }]) => {
      const from = edges.filter(({ to, kind }) => to === name && kind === 'value').map((each) => each.from)
      const more = from.length > shown ? ` and ${from.length - shown} more` : ''
      return { column, type, 'comes from': `${from.slice(0, shown).join(', ')}${more}` }
    })
}

function answerGraph(graph: LineageGraph, levels: readonly (readonly Model[])[], options: Options): void {
  if (options.mermaid) return printLine(graphMermaid(graph))
  const rows = levels.flatMap((level, index) =>
    level.map(({ name }) => ({ level: index + 1, model: name, reads: graph.tables.get(name)?.reads ?? [] })),
  )
  if (options.json) printJson(rows)
  else printTable(rows.map((row) => ({ ...row, reads: row.reads.join(', ') })))
}

function steps(text: string): number {
  if (/^[1-9]\d*$/.test(text)) return Number(text)
  throw new InvalidArgumentError('Expected a whole number from 1.')
}
