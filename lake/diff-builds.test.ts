/** Rows of two builds are told apart by their indexes: added, removed and changed by grain. */
import { expect, it } from 'vitest'
import { type Model, modelOf } from '#models/define-model.ts'
import { buildAll } from '#tests/build-all.ts'
import { openTestLake } from '#tests/test-lake.ts'
import { findBuild } from './builds.ts'
import { differingRows, diffRows } from './diff-builds.ts'

function model(...rows: readonly string[]): Model {
  const sql = `select id, word from (values ${rows.join(', ')}) as given(id, word)`
  return modelOf({
    name: 'words',
    description: '',
    owner: 'test',
    grain: ['id'],
    columns: ['id', 'word'].map((name) => ({ name, type: 'VARCHAR' as const })),
    raw: {},
    make: { by: 'query', query: { sql, parameters: [] } },
    reads: [],
  })
}

it('counts and names what differs, by grain', async () => {
  await using lake = await openTestLake()
  const work = { db: lake.control.db, storage: lake.storage, engine: lake.engine }
  const built = async (...rows: readonly string[]) => {
    const { upstream } = await buildAll(lake.verbs([model(...rows)]))
    const build = await findBuild(lake.control.db, 'words', upstream['words'] ?? '')
    if (build === undefined) throw new Error('not built')
    return build
  }
  const before = await built(`('a', 'x')`, `('b', 'x')`, `('c', 'x')`)
  const after = await built(`('a', 'x')`, `('b', 'y')`, `('d', 'x')`, `('e', null)`)
  expect(await diffRows(work, before, after)).toEqual({ added: 2, removed: 1, changed: 1 })
  expect(await diffRows(work, before, before)).toEqual({ added: 0, removed: 0, changed: 0 })
  expect(await differingRows(work, { before, after }, 20)).toEqual([
    { id: 'b', change: 'changed' },
    { id: 'c', change: 'removed' },
    { id: 'd', change: 'added' },
    { id: 'e', change: 'added' },
  ])
  expect(await differingRows(work, { before, after }, 1)).toHaveLength(1)
  expect(await diffRows(work, before, { ...after, grain: ['word'] })).toBeUndefined()
})
