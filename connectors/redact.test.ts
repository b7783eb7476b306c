/** No spelling of a secret gets through. */
import { assert, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { createRedactor } from './redact.ts'

test('plain, in a query string, and in base64', () => {
  const redact = createRedactor(['tok+en/1'])
  expect(redact('token tok+en/1!')).toBe('token ***!')
  expect(redact('/x?key=tok%2Ben%2F1&page=2')).toBe('/x?key=***&page=2')
  expect(redact(`Basic ${Buffer.from('tok+en/1').toString('base64')}`)).toBe('Basic ***')
})

test('a secret that holds another one goes as a whole', () => {
  expect(createRedactor(['abcd', 'abcdef'])('abcdef abcd')).toBe('*** ***')
})

test('whatever the secret, nothing of it is left', () => {
  const long = string({ minLength: 4, maxLength: 40, unit: 'grapheme' }).filter(
    (text) => !'***'.includes(text),
  )
  assert(
    property(long, string(), string(), (secret, before, after) => {
      const clean = createRedactor([secret])(`${before}|${secret}|${encodeURIComponent(secret)}|${after}`)
      expect(clean).not.toContain(secret)
    }),
  )
})

test('an empty or very short secret blanks out nothing', () => {
  expect(createRedactor(['', 'a'])('a cat')).toBe('a cat')
})
