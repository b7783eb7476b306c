/** Which names a mistyped one may have meant. */
import { expect, it } from 'vitest'
import { nearNames } from './near-names.ts'

it.each([
  ['answr', ['answer', 'order'], ['answer']],
  ['customer_month', ['xo.customer_month', 'person'], ['xo.customer_month']],
  ['ORDER', ['order', 'answer'], ['order']],
  ['xyz', ['order', 'answer'], []],
  ['key', ['person_key', 'email_key', 'phone_key', 'key'], ['key', 'email_key', 'phone_key']],
])('%s among %j', (name, known, near) => {
  expect(nearNames(name, known)).toEqual(near)
})
