/** The one mapping from contracts to columns. */
import { expect, it } from 'vitest'
import { z } from 'zod'
import { columnsOf } from './columns-of.ts'

it.each([
  ['VARCHAR', z.string().nullish()],
  ['VARCHAR', z.enum(['a', 'b'])],
  ['VARCHAR', z.literal('a')],
  ['BIGINT', z.int().nullable()],
  ['BIGINT', z.literal(3)],
  ['DOUBLE', z.number().default(1)],
  ['DOUBLE', z.literal(0.5)],
  ['BOOLEAN', z.boolean()],
  ['DATE', z.iso.date()],
  ['TIMESTAMP', z.iso.datetime({ offset: true }).nullish()],
  ['TIMESTAMP', z.date()],
  ['JSON', z.looseObject({}).nullable()],
  ['JSON', z.array(z.string())],
  ['JSON', z.union([z.string(), z.number()])],
  ['DECIMAL(18,2)', z.string().meta({ column: 'DECIMAL(18,2)' }).nullable()],
  ['BIGINT', z.string().transform(Number).pipe(z.int())],
])('%s', (type, schema) => {
  expect(columnsOf(z.object({ value: schema }))).toEqual([{ name: 'value', type }])
})

it('columns keep the order of the contract', () => {
  expect(columnsOf(z.object({ b: z.string(), a: z.int() })).map(({ name }) => name)).toEqual(['b', 'a'])
})

it('a schema that ends in a transform is refused by the field’s name', () => {
  const contract = z.object({ odd: z.string().transform((text) => text.length) })
  expect(() => columnsOf(contract)).toThrow('field "odd" ends in a transform')
})
