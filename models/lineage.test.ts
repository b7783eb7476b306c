/** Lineage of hand-written queries of every shape, and what is said of queries that name what there is not. */
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { columnsOf } from '#lake/columns-of.ts'
import type { LineageGraph } from './lineage/graph.ts'
import type { Traceable } from './lineage/model-origins.ts'
import { lineageOf } from './lineage.ts'

const table = (name: string, columns: string): Traceable => ({
  name,
  columns: columns.split(' ').map((column) => ({ name: column, type: 'VARCHAR' })),
  raw: {},
  reads: [],
})
const inputs = [table('t', 'id k a b l'), table('u', 'id k c'), table('s.v', 'k d')]

/** The model `m` over `t`, `u` and `s.v`, with the columns that its query is asked for. */
const model = (sql: string, columns: string, more: Partial<Traceable> = {}): Traceable => ({
  ...table('m', columns),
  reads: inputs.map(({ name }) => name),
  query: { sql },
  ...more,
})

/** `value < filter` of each column of `m`. */
async function traced(sql: string, columns: string): Promise<Record<string, string>> {
  const graph = await lineageOf([...inputs, model(sql, columns)])
  return Object.fromEntries(columns.split(' ').map((column) => [column, originsOf(graph, `m.${column}`)]))
}

function originsOf({ edges }: LineageGraph, column: string): string {
  const from = (kind: string) =>
    edges.filter((edge) => edge.to === column && edge.kind === kind).map((edge) => edge.from)
  return `${from('value').join(' ')} < ${from('filter').join(' ')}`.trim()
}

describe('values flow', () => {
  it.each([
    ['through names and aliases', 'select x.a, b as y from t as x', { a: 't.a <', y: 't.b <' }],
    ['through raw text, in any case', 'select upper("A" || \'!\') as y from T', { y: 't.a <' }],
    ['through a schema', 'select v.d, s.v.k from s.v', { d: 's.v.d <', k: 's.v.k <' }],
    [
      'from nothing, when constant',
      "select 'x' as a, $1 as b, current_date as d from t",
      { a: '<', b: '<', d: '<' },
    ],
    [
      'through stars',
      'select * exclude (l, id) replace (a || b as b) from t',
      { k: 't.k <', a: 't.a <', b: 't.a t.b <' },
    ],
    ['through a table’s star', 'select x.* from t as x, u', { a: 't.a <', k: 't.k <' }],
    ['through subqueries', 'select y from (select a as y from (select a from t))', { y: 't.a <' }],
    ['through renamed columns', 'select y from (select a, b from t) as x(w, y)', { y: 't.b <' }],
    ['through earlier columns', 'select a as y, y || b as z from t', { y: 't.a <', z: 't.a t.b <' }],
    [
      'through expressions by name',
      'with x as (select a from t), y(w) as (select a from x) select w from y',
      { w: 't.a <' },
    ],
    ['through unions by place', 'select a as y from t union all select c from u', { y: 't.a u.c <' }],
    [
      'through unions by name',
      'select a, b from t union all by name select c as b from u',
      { a: 't.a <', b: 't.b u.c <' },
    ],
    ['through functions and casts', 'select cast(coalesce(a, b) as VARCHAR) as y from t', { y: 't.a t.b <' }],
    [
      'through fields of a column',
      "select l.x.y as a, l->'$.z' as b, l->>'z' as c from t",
      { a: 't.l <', b: 't.l <', c: 't.l <' },
    ],
    ['through a whole row', 'select x as y from u as x', { y: 'u.c u.id u.k <' }],
    [
      'through lambdas, not their parameters',
      'select list_transform(l, lambda a: a || b) as y from t',
      { y: 't.b t.l <' },
    ],
    ['through lists in the text of old', 'select list_filter(l, a -> a > 1) as y from t', { y: 't.l <' }],
    ['through values', 'select y from (values (1)) as x(y)', { y: '<' }],
  ] as const)('%s', async (_, sql, expected) => {
    expect(await traced(sql, Object.keys(expected).join(' '))).toEqual(expected)
  })
})

describe('columns choose', () => {
  it.each([
    ['in where', 'select a from t where b = 1', { a: 't.a < t.b' }],
    [
      'in a table that only filters, for all that follows',
      'with x as (select a from t where b = 1) select a from x',
      { a: 't.a < t.b' },
    ],
    ['in joins', 'select a, c from t join u on t.id = u.id', { a: 't.a < t.id u.id', c: 'u.c < t.id u.id' }],
    [
      'in joins by shared names',
      'select k, a from t left join u using (k)',
      { k: 't.k < u.k', a: 't.a < t.k u.k' },
    ],
    ['in full joins, of both', 'select k from t full join u using (k)', { k: 't.k u.k <' }],
    ['in natural joins', 'select d from t natural join s.v', { d: 's.v.d < s.v.k t.k' }],
    [
      'in semi joins, whose other side shows nothing',
      'select id, a from t semi join u using (k)',
      { id: 't.id < t.k u.k', a: 't.a < t.k u.k' },
    ],
    ['as groups', 'select k, max(a) as y from t group by 1', { k: 't.k <', y: 't.a < t.k' }],
    ['as all groups', 'select k, max(a) as y from t group by all', { k: 't.k <', y: 't.a < t.k' }],
    [
      'as groups by alias',
      'select upper(k) as g, count(*) as n from t group by g',
      { g: 't.k <', n: '< t.k' },
    ],
    ['in having', 'select k from t group by k having max(a) > 1', { k: 't.k < t.a' }],
    [
      'in an aggregate’s filter and order',
      'select string_agg(a order by id) filter (where b > 1) as y, count(*) as n from t',
      { y: 't.a < t.b t.id', n: '<' },
    ],
    ['as the other argument of arg_max', 'select arg_max(a, b) as y from t', { y: 't.a < t.b' }],
    [
      'in windows',
      'select lag(a) over (partition by k order by id) as y, b from t',
      { y: 't.a < t.id t.k', b: 't.b <' },
    ],
    [
      'in named windows',
      'select row_number() over w as n from t window w as (partition by k)',
      { n: '< t.k' },
    ],
    [
      'in qualify, by alias',
      'select a, row_number() over (order by id) as n from t qualify n = 1',
      { a: 't.a < t.id', n: '< t.id' },
    ],
    [
      'in order, and by place',
      'select a, b from t order by 2, id limit 1',
      { a: 't.a < t.b t.id', b: 't.b < t.id' },
    ],
    ['in distinct', 'select distinct a, b from t', { a: 't.a < t.b', b: 't.b < t.a' }],
    ['in distinct on', 'select distinct on (k) a from t order by k, id', { a: 't.a < t.id t.k' }],
    [
      'in unions without repetition',
      'select a as y, b as z from t union select c, id from u',
      { y: 't.a u.c < t.b u.id', z: 't.b u.id < t.a u.c' },
    ],
    ['in except', 'select a as y from t except select c from u', { y: 't.a < u.c' }],
    [
      'in subqueries of conditions',
      'select a from t where id in (select id from u where c = 1)',
      { a: 't.a < t.id u.c u.id' },
    ],
    [
      'in exists, whatever it selects',
      'select a from t where exists (select k from u where u.id = t.id)',
      { a: 't.a < t.id u.id' },
    ],
    [
      'in subqueries of values',
      'select (select max(c) from u where u.k = t.k) as y from t',
      { y: 'u.c < t.k u.k' },
    ],
    ['in cases that take a column', 'select case when b = 1 then a end as y from t', { y: 't.a < t.b' }],
    [
      'not in cases that only recode',
      "select case a when 1 then 'x' else null end as y from t",
      { y: 't.a <' },
    ],
    ['as lists unfolded beside them', 'select a, unnest(l) as y from t', { a: 't.a < t.l', y: 't.l <' }],
    ['as lists unfolded in from', 'select a, e from t, unnest(t.l) as x(e)', { a: 't.a < t.l', e: 't.l <' }],
    [
      'in lateral subqueries',
      'select y from t, lateral (select t.a || c as y from u where u.k = t.k)',
      { y: 't.a u.c < t.k u.k' },
    ],
  ] as const)('%s', async (_, sql, expected) => {
    expect(await traced(sql, Object.keys(expected).join(' '))).toEqual(expected)
  })
})

describe('common table expressions', () => {
  it('that are recursive are followed until nothing is added', async () => {
    const sql = `with recursive r(x, y) as (
        select id, a from t where b = 1
        union all select u.c, r.x from r join u on u.id = r.y
      ) select y from r`
    expect(await traced(sql, 'y')).toEqual({ y: 't.a t.id u.c < t.b u.id' })
  })

  it('named like a table read the table, and hide it from what follows', async () => {
    const sql = 'with u as (select a as c from t), t as (select c as a from u) select a from t'
    expect(await traced(sql, 'a')).toEqual({ a: 't.a <' })
    expect(await traced('with t as (select b as a from t) select a from t', 'a')).toEqual({ a: 't.b <' })
  })
})

describe('landed streams', () => {
  it('are named by source and stream', async () => {
    const record = z.object({ email: z.string(), at: z.iso.datetime() })
    const sql = 'select email as y from contacts where "at" is not null'
    const graph = await lineageOf([
      model(sql, 'y', { reads: [], raw: { contacts: { source: 'crm', stream: 'people', record } } }),
    ])
    expect(originsOf(graph, 'm.y')).toBe('crm.people.email < crm.people.at')
    expect(graph.columns.get('crm.people.at')).toEqual({
      table: 'crm.people',
      column: 'at',
      type: 'TIMESTAMP',
    })
    expect(graph.tables.get('m')).toEqual({ name: 'm', kind: 'model', reads: ['crm.people'] })
    expect(columnsOf(record)).toHaveLength(2)
  })
})

describe('models without SQL', () => {
  const own = (derives?: Traceable['derives']) =>
    lineageOf([...inputs, { ...table('m', 'y z'), reads: ['t', 'u'], derives }])

  it('derive each column from what they say', async () => {
    const graph = await own({ y: ['t.a', 'u.c'], z: [] })
    expect(originsOf(graph, 'm.y')).toBe('t.a u.c <')
    expect(originsOf(graph, 'm.z')).toBe('<')
  })

  it('derive from all that they read where they say nothing', async () => {
    const everything = 't.a t.b t.id t.k t.l u.c u.id u.k <'
    expect(originsOf(await own(), 'm.y')).toBe(everything)
    expect(originsOf(await own({ y: ['t.a'] }), 'm.z')).toBe(everything)
  })

  it('are refused when they derive from what there is not', async () => {
    await expect(own({ y: ['t.aa'] })).rejects.toThrow(
      '[m] its column y derives from t.aa, which is no column of what it reads; did you mean t.a?',
    )
  })
})

describe('a query is refused, before anything is built, when it', () => {
  it.each([
    [
      'names an unknown column',
      'select coluor as y from t join u using (k)',
      '[m] its query names the column "coluor", which none of t, u has; there are id, k, a, b, l, id, k, c.',
    ],
    [
      'mistypes a column',
      'select s.v.dd as y from s.v',
      '[m] its query names the column "s.v.dd", which none of s.v has; did you mean d?',
    ],
    [
      'names a column of the wrong table',
      'select u.a as y from t, u',
      'names the column "u.a", which none of t, u has; did you mean a',
    ],
    [
      'names a column that its subquery does not show',
      'select b as y from (select a from t)',
      'names the column "b"',
    ],
    [
      'reads an unknown table',
      'select 1 as y from tt',
      '[m] its query reads tt, which no model builds and no stream of it lands; did you mean t',
    ],
    [
      'could mean two columns',
      'select id as y from t, u',
      'names the column "id", which t and u have; say whose it is.',
    ],
    [
      'does not select what its contract promises',
      'select a as x from t',
      '[m] its query does not select y, which its contract promises; it selects x.',
    ],
    [
      'cannot be parsed',
      'selec a',
      '[m] its query cannot be read: syntax error at or near "selec"; write one select.',
    ],
    ['is no select', 'drop table t', 'write one select.'],
    [
      'is two statements',
      'select 1 as y; select 2 as y',
      '[m] its query cannot be read: it is 2 statements; write one select.',
    ],
    [
      'picks columns by a pattern',
      "select columns('a.*') as y from t",
      'which lineage cannot follow; name the columns.',
    ],
    [
      'pivots',
      'select y from t pivot (max(a) for b in (1))',
      'reads from PIVOT, which lineage cannot follow',
    ],
  ])('%s', async (_, sql, message) => {
    await expect(lineageOf([...inputs, model(sql, 'y')])).rejects.toThrow(message)
  })

  it('reads a model where the graph of models does not see it', async () => {
    const hidden = model('select c as y from u', 'y', { reads: ['t'] })
    await expect(lineageOf([...inputs, hidden])).rejects.toThrow(
      '[m] its query reads u in raw SQL, where the graph of models does not see it; read it with selectFrom or a join.',
    )
  })

  it('reads a model that no one builds', async () => {
    await expect(lineageOf([model('select 1 as y', 'y', { reads: ['order'] })])).rejects.toThrow(
      '[m] it reads order, which no model builds',
    )
  })

  it('is of a model called like a stream', async () => {
    const raw = { x: { source: 'm', stream: 'x', record: z.object({ y: z.string() }) } }
    const twice = { ...model('select y from x', 'y', { reads: [], raw }), name: 'm.x' }
    await expect(lineageOf([twice])).rejects.toThrow('it is called like the stream m.x; rename the model.')
  })
})
