/** The graph of models: what a query reads, in which order models are built, and what a build depends on. */
import type { Kysely } from 'kysely'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { columnsOf } from '#lake/columns-of.ts'
import { refersTo } from './audit.ts'
import { buildOrder, ModelGraphBroken } from './build-order.ts'
import { unionOf } from './canonical.ts'
import { defineModel, type Model, modelOf } from './define-model.ts'
import { fingerprint } from './fingerprint.ts'
import { queryBuilder } from './query-builder.ts'
import { tablesRead } from './tables-read.ts'
import { PersonKey, type Warehouse } from './tables.ts'

const model = (name: string, reads: readonly string[], more: Partial<Model> = {}): Model =>
  modelOf({
    name,
    description: '',
    owner: 'test',
    grain: ['id'],
    columns: [{ name: 'id', type: 'VARCHAR' }],
    raw: {},
    query: { sql: 'select 1', parameters: [] },
    reads,
    ...more,
  })
const namesOf = (levels: readonly (readonly Model[])[]) =>
  levels.map((level) => level.map(({ name }) => name))

describe('build order', () => {
  it('builds level by level, also after what audits compare with', () => {
    const audited = model('audited', [], { audits: [refersTo('id', 'late', 'id')] })
    const models = [model('late', ['early']), audited, model('early', []), model('last', ['late', 'early'])]
    expect(namesOf(buildOrder(models))).toEqual([['early'], ['late'], ['audited', 'last']])
  })

  it('names the models that wait for each other', () => {
    const models = [model('z', ['a']), model('a', ['b']), model('b', ['c']), model('c', ['a'])]
    expect(() => buildOrder(models)).toThrow(
      new ModelGraphBroken('the models wait for each other: a → b → c → a.'),
    )
  })

  it('names a table that no model builds, and a name given twice', () => {
    expect(() => buildOrder([model('a', ['nowhere'])])).toThrow('a reads nowhere, which no model builds')
    expect(() => buildOrder([model('a', []), model('a', [])])).toThrow('two models are called a')
  })
})

describe('tables read', () => {
  const read = (query: (db: Kysely<Warehouse>) => { toOperationNode: () => unknown }) =>
    tablesRead(query(queryBuilder()).toOperationNode() as Parameters<typeof tablesRead>[0])

  it('are those of joins, subqueries, unions and schemas, under their own names', () => {
    const tables = read((db) =>
      db
        .selectFrom('order as o')
        .innerJoin('person_key as k', 'k.person_key', 'o.email_key')
        .where('o.order_id', 'in', db.selectFrom('xo.response_context as c').select('c.event_id'))
        .select('o.order_id as id')
        .union(db.selectFrom('call').select('call.call_id as id')),
    )
    expect(tables).toEqual(['call', 'order', 'person_key', 'xo.response_context'])
  })

  it('are not common table expressions, but are what these read', () => {
    const tables = read((db) =>
      db
        .with('late', (db) => db.selectFrom('order').select('order_id'))
        .with('later', (db) => db.selectFrom('late').selectAll())
        .selectFrom('later')
        .innerJoin('call', 'call.call_id', 'later.order_id')
        .select('order_id'),
    )
    expect(tables).toEqual(['call', 'order'])
  })

  it('are seen behind an expression of the same name, unless it is recursive', () => {
    const paid = (db: Kysely<Warehouse>) => db.selectFrom('order').select('order_id')
    const shadow = read((db) =>
      db
        .with('order', () => paid(db))
        .selectFrom('order')
        .selectAll(),
    )
    expect(shadow).toEqual(['order'])
    const recursive = read((db) =>
      db
        .withRecursive('reach', (db) =>
          db
            .selectFrom('call')
            .select('call_id')
            .union(db.selectFrom('reach' as 'call').select('call_id')),
        )
        .selectFrom('reach')
        .selectAll(),
    )
    expect(recursive).toEqual(['call'])
  })

  it('hide a table only in the query that has the expression', () => {
    const tables = read((db) =>
      db
        .selectFrom(
          db
            .with('call', (db) => db.selectFrom('order').select('order_id'))
            .selectFrom('call')
            .selectAll()
            .as('a'),
        )
        .innerJoin('call', 'call.call_id', 'a.order_id')
        .select('a.order_id'),
    )
    expect(tables).toEqual(['call', 'order'])
  })
})

describe('fingerprints', () => {
  const base = {
    model: model('a', []),
    engine: 'duckdb-1',
    contents: { order: '3-17', call: '0-0' },
  }

  it('are stable, in whatever order the inputs are named', () => {
    expect(fingerprint(base)).toMatch(/^[0-9a-f]{32}$/)
    expect(fingerprint({ ...base, contents: { call: '0-0', order: '3-17' } })).toBe(fingerprint(base))
    expect(fingerprint({ ...base, model: model('renamed', ['x']) })).toBe(fingerprint(base))
  })

  it('change with the SQL, its parameters, the contract, the engine and every input', () => {
    const prints = [
      base,
      { ...base, model: model('a', [], { query: { sql: 'select 2', parameters: [] } }) },
      { ...base, model: model('a', [], { query: { sql: 'select 1', parameters: [7] } }) },
      { ...base, model: model('a', [], { columns: [{ name: 'id', type: 'BIGINT' }] }) },
      { ...base, engine: 'duckdb-2' },
      { ...base, contents: { ...base.contents, order: '3-18' } },
      { ...base, contents: { order: '3-17' } },
      { ...base, contents: { order: '0-0', call: '3-17' } },
    ].map(fingerprint)
    expect(new Set(prints).size).toBe(prints.length)
  })
})

describe('declared models', () => {
  it('audit their grain, and know what they read', () => {
    const declared = defineModel({
      name: 'copy',
      description: 'A copy.',
      owner: 'test',
      grain: ['person_key'],
      contract: PersonKey,
      query: (db) => db.selectFrom('person_key').select(['person_key', 'person_id']),
    })
    expect(declared.audits.map(({ name, severity }) => [name, severity])).toEqual([
      ['not_null(person_key)', 'fail'],
      ['unique(person_key)', 'fail'],
    ])
    expect(declared.reads).toEqual(['person_key'])
    expect(declared.columns).toEqual(columnsOf(PersonKey))
  })

  it('do not compile when the query’s row is not the contract’s', () => {
    const rest = {
      name: 'x',
      description: '',
      owner: 'test',
      grain: ['person_key'],
      contract: PersonKey,
    } as const
    const models = [
      // @ts-expect-error a column is missing
      defineModel({ ...rest, query: (db) => db.selectFrom('person_key').select('person_key') }),
      defineModel({
        ...rest,
        // @ts-expect-error a column is too many
        query: (db) => db.selectFrom('person_key').select(['person_key', 'person_id', 'person_id as extra']),
      }),
      defineModel({
        ...rest,
        // @ts-expect-error a column is of another type
        query: (db) => db.selectFrom('person').select(['person_id as person_key', 'keys as person_id']),
      }),
      // @ts-expect-error the grain is no column
      defineModel({ ...rest, grain: ['nobody'], query: (db) => db.selectFrom('person_key').selectAll() }),
    ]
    expect(models).toHaveLength(4)
  })
})

describe('canonical tables', () => {
  const table = {
    name: 'thing',
    description: '',
    grain: ['id'],
    contract: z.object({ id: z.string(), n: z.int().nullable() }),
  }

  it('are the union of their parts, and empty without any', () => {
    const union = unionOf(table, [model('b.thing', []), model('a.thing__x', [])])
    expect(union.query.sql).toBe(
      'select "id", "n" from "b"."thing" union all select "id", "n" from "a"."thing__x"',
    )
    expect(union.reads).toEqual(['a.thing__x', 'b.thing'])
    expect(unionOf(table, []).query.sql).toBe(
      'select cast(null as VARCHAR) as "id", cast(null as BIGINT) as "n" where false',
    )
  })
})
