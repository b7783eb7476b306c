/** The graph of models: what a query reads, in which order models are built, and what a build depends on. */
import type { Kysely } from 'kysely'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { columnsOf } from '#lake/columns-of.ts'
import { refersTo } from './audit.ts'
import { buildOrder, ModelGraphBroken } from './build-order.ts'
import { unionOf } from './canonical.ts'
import { defineModel, type Model, modelOf } from './define-model.ts'
import { definitionOf, fingerprintOf, lookedUpBy } from './definition.ts'
import { bucket, lookup, same, time, window } from './partition.ts'
import { traceable } from './lineage/traceable.ts'
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
    make: { by: 'query', query: { sql: 'select 1', parameters: [] } },
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
  const inputs = { order: '3-17', call: '0-0' }
  const print = fingerprintOf('code', 'whole', inputs)

  it('are stable, in whatever order the inputs are named', () => {
    expect(print).toMatch(/^[0-9a-f]{32}$/)
    expect(fingerprintOf('code', 'whole', { call: '0-0', order: '3-17' })).toBe(print)
  })

  it('change with the definition, the partition and every input', () => {
    const prints = [
      print,
      fingerprintOf('other', 'whole', inputs),
      fingerprintOf('code', 'undated', inputs),
      fingerprintOf('code', 'whole', { ...inputs, order: '3-18' }),
      fingerprintOf('code', 'whole', { order: '3-17' }),
      fingerprintOf('code', 'whole', { order: '0-0', call: '3-17' }),
    ]
    expect(new Set(prints).size).toBe(prints.length)
  })
})

describe('definitions', () => {
  const base = model('a', [])
  const code = (changed: Model, engine = 'duckdb-1', keys: readonly string[] = []) =>
    definitionOf(changed, engine, keys)
  const program = (version: string) =>
    model('a', [], { make: { by: 'program', version, program: async function* () {} } })
  const raw = { source: 's', stream: 't', record: z.object({ id: z.string() }) }

  it('are not changed by a name, a description, an owner or an audit', () => {
    const audits = [refersTo('id', 'late', 'id')]
    expect(code(base)).toMatch(/^[0-9a-f]{16}$/)
    expect(code(model('renamed', [], { description: 'x', owner: 'y', audits }))).toBe(code(base))
  })

  it('change with whatever the rows depend on', () => {
    const query = (sql: string, ...parameters: unknown[]) =>
      model('a', [], { make: { by: 'query', query: { sql, parameters } } })
    const codes = [
      code(base),
      code(query('select 2')),
      code(query('select 1', 7)),
      code(model('a', [], { make: { by: 'union' } })),
      code(program('1')),
      code(program('2')),
      code(model('a', ['up'])),
      code(model('a', [], { columns: [{ name: 'id', type: 'BIGINT' }] })),
      code(model('a', [], { grain: ['id', 'id'] })),
      code(model('a', [], { partition: time('id') })),
      code(model('a', [], { partition: time('id', { unit: 'month' }) })),
      code(model('a', [], { partition: bucket('id', 4) })),
      code(model('a', [], { partition: bucket('id', 8) })),
      code(model('a', [], { time: 'id' })),
      code(model('a', [], { inputs: { up: [same()] } })),
      code(model('a', [], { inputs: { up: [window(-1, 0)] } })),
      code(model('a', [], { inputs: { up: [lookup('id')] } })),
      code(model('a', [], { raw: { t: raw } })),
      code(model('a', [], { raw: { t: { ...raw, time: 'id' } } })),
      code(model('a', [], { raw: { t: { ...raw, record: z.object({ id: z.int() }) } } })),
      code(base, 'duckdb-2'),
      code(base, 'duckdb-1', ['id']),
    ]
    expect(new Set(codes).size).toBe(codes.length)
  })
})

describe('keys a model is looked up by', () => {
  it('are those of every reader, also of a union it is part of', () => {
    const models = [
      model('part', []),
      model('whole', ['part'], { make: { by: 'union' } }),
      model('by id', ['whole'], { inputs: { whole: [lookup('id'), same()] } }),
      model('by name', ['part'], { inputs: { part: [lookup('name'), lookup('id')] } }),
    ]
    expect(lookedUpBy(models, 'whole')).toEqual(['id'])
    expect(lookedUpBy(models, 'part')).toEqual(['id', 'name'])
    expect(lookedUpBy(models, 'by id')).toEqual([])
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
    expect(traceable(union).query?.sql).toBe(
      'select "id", "n" from "a"."thing__x" union all select "id", "n" from "b"."thing"',
    )
    expect(union.make).toEqual({ by: 'union' })
    expect(union.reads).toEqual(['a.thing__x', 'b.thing'])
    const alone = unionOf(table, [])
    expect(alone.reads).toEqual([])
    expect(traceable(alone).derives).toEqual({ id: [], n: [] })
  })
})
