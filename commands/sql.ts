/** `saydo sql`: one read-only select over the published version. */
import { publishedSlices } from '#lake/published-slices.ts'
import { type EnvironmentOption, withEnvironment } from './environment.ts'
import { command, type GlobalOptions, openProject } from './global-options.ts'
import { printJson, printTable, type TableRow } from './output.ts'
import { withPublished } from './published.ts'

export const sqlCommand = withEnvironment(
  command('sql', 'one read-only select over the published version', [
    'sql "select channel, count(*) from submission group by all"',
    'sql "describe xo.response_context"',
    'sql "select * from xo.customer_month limit 5" --json',
  ]),
)
  .argument('<select>', 'DuckDB SQL; tables are the published models')
  .action(async (select: string, options: GlobalOptions & EnvironmentOption) => {
    const { settings } = await openProject(options)
    const rows = await withPublished(
      settings,
      ({ storage, engine }, version) =>
        engine.rows({ sql: select, parameters: [] }, publishedSlices(storage, version)),
      options.env,
    )
    if (options.json) printJson(rows)
    else printTable(rows as TableRow[], 'no rows')
  })
