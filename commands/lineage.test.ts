/** `saydo lineage` on the example of two files: trees, tables, JSON, flowcharts, and what is said of names that are not there. */
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { runProgram } from './program.ts'

const config = join(import.meta.dirname, '../examples/two-files/saydo.config.ts')

let said = { out: '', err: '' }
beforeEach(() => {
  said = { out: '', err: '' }
  const keep = (stream: 'out' | 'err') => (text: string | Uint8Array) => {
    said[stream] += String(text)
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(keep('out'))
  vi.spyOn(process.stderr, 'write').mockImplementation(keep('err'))
})
afterEach(() => {
  vi.restoreAllMocks()
})

const lineage = (...words: string[]) => runProgram(['lineage', ...words, '--config', config])
const json = async (...words: string[]): Promise<unknown> => {
  await lineage(...words, '--json')
  return JSON.parse(said.out)
}

describe('saydo lineage', () => {
  it('shows what a column is made of as a tree, and what chooses its rows by table', async () => {
    expect(await lineage('xo.customer_month.next_revenue', '--up')).toBe(0)
    expect(said.out).toBe(`xo.customer_month.next_revenue  DECIMAL(18,2)

comes from
└─ xo.outcome.next_revenue
   └─ order.revenue
      └─ shop.order__orders.revenue
         └─ shop.orders.amount

chosen by rows, groups, order, cases
├─ call              called_at, email_key, member_key, phone_key
├─ order             email_key, member_key, ordered_at, phone_key, status
├─ person_key        all 2 columns
├─ submission        email_key, member_key, phone_key, submitted_at
├─ support_ticket    email_key, member_key, opened_at, phone_key
├─ xo.month_score    month, person_id
├─ xo.outcome        month, person_id
└─ xo.outcome_month  all 2 columns
`)
  })

  it('shows what is made of a landed field', async () => {
    expect(await lineage('shop.orders.amount', '--down')).toBe(0)
    expect(said.out).toBe(`shop.orders.amount  DECIMAL(18,2)

goes into
└─ shop.order__orders.revenue
   └─ order.revenue
      ├─ xo.response_context.revenue
      ├─ xo.outcome.next_revenue
      │  ├─ xo.customer_month.repurchased
      │  └─ xo.customer_month.next_revenue
      └─ xo.customer_month.revenue
`)
  })

  it('goes as many steps as it is told', async () => {
    await lineage('shop.orders.amount', '--down', '--depth', '1')
    expect(said.out).toContain('└─ shop.order__orders.revenue\n')
    expect(said.out).not.toContain('order.revenue\n   ')
    expect(await lineage('shop.orders.amount', '--depth', '0')).toBe(2)
  })

  it('shows both ways of a model, and where each of its columns comes from', async () => {
    expect(await lineage('answer')).toBe(0)
    expect(said.out).toContain(
      'comes from\n└─ answer_part\n   └─ shop.answer__survey\n      └─ shop.survey\n\ngoes into\n└─ xo.response_context\n   └─ xo.month_score\n      └─ xo.customer_month\n',
    )
    expect(said.out).toMatch(/│ score +│ DOUBLE +│ answer_part.number +│/)
  })

  it('lists all models level by level without a name', async () => {
    const rows = (await json()) as { level: number; model: string; reads: string[] }[]
    expect(rows.find(({ model }) => model === 'order')).toEqual({
      level: 2,
      model: 'order',
      reads: ['shop.order__orders'],
    })
    expect(rows).toHaveLength(20)
  })

  it('answers as JSON with kinds, depths and the edges between', async () => {
    expect(await json('order.revenue', '--up')).toEqual({
      name: 'order.revenue',
      up: [
        { name: 'shop.order__orders.revenue', table: 'shop.order__orders', kind: 'value', depth: 1 },
        { name: 'shop.orders.amount', table: 'shop.orders', kind: 'value', depth: 2 },
      ],
      edges: [
        { from: 'shop.orders.amount', to: 'shop.order__orders.revenue', kind: 'value' },
        { from: 'shop.order__orders.revenue', to: 'order.revenue', kind: 'value' },
      ],
    })
  })

  it('draws a flowchart with streams round and what chooses dotted', async () => {
    expect(await lineage('answer.score', '--up', '--mermaid')).toBe(0)
    expect(said.out).toBe(`flowchart LR
  n0["answer.score"]
  n1(["shop.survey.recommend"])
  n2["shop.answer__survey.number"]
  n3["answer_part.number"]
  n4["answer_part"]
  n1 --> n2
  n2 --> n3
  n3 --> n0
  n4 -.-> n0
  style n0 stroke-width:3px
`)
  })

  it('draws the graph of all models', async () => {
    await lineage('--mermaid')
    expect(said.out).toContain('(["shop.survey"])')
    expect(said.out).toContain('["xo.customer_month"]')
  })

  it.each([
    ['xo.customer_month.next_revenu', 'did you mean xo.customer_month.next_revenue'],
    ['customer_month', 'did you mean xo.customer_month'],
    ['shop.order', 'did you mean shop.orders'],
    ['nowhere', '`saydo lineage` lists the models.'],
  ])('knows no %s, and says what is near', async (name, hint) => {
    expect(await lineage(name)).toBe(2)
    expect(said.err).toContain(`[lineage] there is no model, stream or column ${name}; `)
    expect(said.err).toContain(hint)
  })
})
