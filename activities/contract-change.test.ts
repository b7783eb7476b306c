/** Changed contracts are told with whom they reach; only what somebody reads and can no longer have is breaking. */
import { expect, it } from 'vitest'
import type { Column } from '#lake/column.ts'
import { type Model, modelOf } from '#models/define-model.ts'
import { columnDifferences, contractChanges } from './contract-change.ts'

const text = (name: string): Column => ({ name, type: 'VARCHAR' })

function model(name: string, sql: string, columns: readonly Column[], reads: readonly string[] = []): Model {
  return modelOf({
    name,
    description: '',
    owner: 'test',
    grain: ['id'],
    columns,
    raw: {},
    make: { by: 'query', query: { sql, parameters: [] } },
    reads,
  })
}

it('columns are added, removed, widened or retyped', () => {
  const before: Column[] = [
    text('id'),
    { name: 'n', type: 'BIGINT' },
    { name: 'x', type: 'DOUBLE' },
    text('old'),
  ]
  const after: Column[] = [
    text('id'),
    { name: 'n', type: 'DOUBLE' },
    { name: 'x', type: 'BIGINT' },
    text('new'),
  ]
  expect(columnDifferences(before, after)).toEqual([
    { column: 'old', change: 'removed', before: 'VARCHAR', after: null },
    { column: 'n', change: 'widened', before: 'BIGINT', after: 'DOUBLE' },
    { column: 'x', change: 'retyped', before: 'DOUBLE', after: 'BIGINT' },
    { column: 'new', change: 'added', before: null, after: 'VARCHAR' },
  ])
})

it('a removed column that a model below reads is breaking, one that nobody reads is not', async () => {
  const top = model('top', `select 'a' as id`, [text('id')])
  const below = model('below', 'select id, word from top', [text('id'), text('word')], ['top'])
  const served = new Map([['top', [text('id'), text('word'), text('unread')]]])
  const changes = await contractChanges([top, below], served)
  expect([...changes.keys()]).toEqual(['top'])
  expect(changes.get('top')).toMatchObject([
    { column: 'word', change: 'removed', reaches: ['below'], breaking: true },
    { column: 'unread', change: 'removed', reaches: [], breaking: false },
  ])
})

it('a retyped column that a metric reads is breaking', async () => {
  const own = model('xo.response_context', `select 'a' as id, 1 as score`, [
    text('id'),
    { name: 'score', type: 'BOOLEAN' },
  ])
  const served = new Map([['xo.response_context', [text('id'), { name: 'score', type: 'DOUBLE' } as Column]]])
  const [change] = (await contractChanges([own], served)).get('xo.response_context') ?? []
  expect(change).toMatchObject({ column: 'score', change: 'retyped', breaking: true })
  expect(change?.metrics).toContain('nps')
})
