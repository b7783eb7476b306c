/** How models are cut and what they read is checked before any of them is built, naming the model and the column. */
import { expect, it } from 'vitest'
import { z } from 'zod'
import { buildOrder } from './build-order.ts'
import { refersTo } from './audit.ts'
import { type Model, modelOf } from './define-model.ts'
import { bucket, lookup, same, time, window } from './partition.ts'
import { windowHint } from './window-hint.ts'

function model(name: string, more: Partial<Model> = {}): Model {
  return modelOf({
    name,
    description: '',
    owner: 'test',
    grain: ['id'],
    columns: [
      { name: 'id', type: 'VARCHAR' },
      { name: 'at', type: 'TIMESTAMP' },
    ],
    raw: {},
    make: { by: 'query', query: { sql: 'select id, at from up', parameters: [] } },
    reads: [],
    ...more,
  })
}

const up = model('up', { time: 'at' })
const cut = { reads: ['up'], partition: time('at'), time: 'at' } as const
const landed = { source: 's', stream: 't', record: z.object({ id: z.string() }) }

it.each<[string, Model]>([
  [
    'down is cut by day, but there is no such column; there are id, at.',
    model('down', { partition: time('day'), time: 'day' }),
  ],
  [
    'down is cut by id, which is VARCHAR; expected a TIMESTAMP or a DATE.',
    model('down', { partition: time('id'), time: 'id' }),
  ],
  ['down says that id is its time, which is VARCHAR', model('down', { time: 'id' })],
  ['down is cut by person, but there is no such column', model('down', { partition: bucket('person', 4) })],
  [
    'down declares how it reads others, which its query does not name.',
    model('down', { inputs: { others: [same()] } }),
  ],
  ['down reads up as `same` but is built whole', model('down', { reads: ['up'], inputs: { up: [same()] } })],
  [
    'down looks up up by name, but there is no such column',
    model('down', { ...cut, inputs: { up: [lookup('name')] } }),
  ],
  [
    'down reads landed by time, but that has no time column',
    model('down', { ...cut, reads: [], raw: { landed }, inputs: { landed: [same()] } }),
  ],
  [
    'down reads landed by its time at, but there is no such column; there are id.',
    model('down', {
      ...cut,
      reads: [],
      raw: { landed: { ...landed, time: 'at' } },
      inputs: { landed: [window(-1, 0)] },
    }),
  ],
  [
    'down reads the same bucket of landed, but there is no such column',
    model('down', { partition: bucket('at', 2), raw: { landed }, inputs: { landed: [same()] } }),
  ],
])('%s', (message, own) => {
  expect(() => buildOrder([up, own])).toThrow(`[models] ${message}`)
})

it('what can be read is read', () => {
  const down = model('down', { ...cut, inputs: { up: [window(-30, 0), lookup('id')] } })
  expect(buildOrder([up, down])).toHaveLength(2)
})

it('an audit that refers to an input beyond the window says how far it reaches', () => {
  const audit = refersTo('id', 'up', 'id')
  const narrow = model('down', { ...cut, inputs: { up: [window(-30, 0)] } })
  expect(windowHint(narrow, audit)).toContain('its window on up reaches from -30 to 0 days; widen it')
  expect(windowHint(model('down', { reads: ['up'] }), audit)).toBe('')
})
