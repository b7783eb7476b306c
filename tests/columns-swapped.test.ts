/** What a model's rows depend on is what its inputs' values are called, too. */
import { expect, it } from 'vitest'
import { modelOf } from '#models/define-model.ts'
import { buildAll } from './build-all.ts'
import { openLakeMaker } from './quick-lake.ts'

/** The same values in the same order under these names. */
function models(first: string, second: string) {
  const column = (name: string) => ({ name, type: 'BIGINT' as const })
  const rest = { description: '', owner: 'test', raw: {} }
  const model = (name: string, sql: string, columns: readonly string[], reads: readonly string[]) =>
    modelOf({
      ...rest,
      name,
      grain: columns.slice(0, 1),
      columns: columns.map(column),
      reads,
      make: { by: 'query', query: { sql, parameters: [] } },
    })
  return [
    model('up', `select 1::BIGINT as ${first}, 2::BIGINT as ${second}`, [first, second], []),
    model('down', 'select won from up', ['won'], ['up']),
  ]
}

it('a model is built again when columns that it reads change their names and not their values', async () => {
  await using maker = await openLakeMaker()
  await using lake = await maker.open()
  const won = async (first: string, second: string) => {
    const { upstream } = await buildAll(lake.verbs(models(first, second), '2024-05-20'))
    const { columns, files } = await lake.build('down', upstream['down'] ?? '')
    const slice = { table: 'down', columns, files: files.map(lake.storage.absolute) }
    return lake.rows('select won from down', [slice])
  }
  expect(await won('won', 'lost')).toEqual([{ won: 1 }])
  expect(await won('lost', 'won')).toEqual([{ won: 2 }])
})
