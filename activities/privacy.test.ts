import { createHmac } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hideContacts } from './hide-contacts.ts'
import { createPrivacy, mask, normalise } from './privacy.ts'
import { readProjectKey } from './project-key.ts'

const KEY = 'a-key-for-tests-of-forty-characters-long'
const privacy = createPrivacy(KEY, '86')

describe('identifiers have one spelling', () => {
  it.each([
    ['email', ' Ｌi.Lei@Example.COM ', 'li.lei@example.com'],
    ['id', ' vip-００7 ', 'VIP-007'],
    ['phone', '138 0013 8000', '8613800138000'],
    ['phone', '+86 138-0013-8000', '8613800138000'],
    ['phone', '(+86)13800138000', '8613800138000'],
    ['phone', '0086 13800138000', '8613800138000'],
    ['phone', '8613800138000', '8613800138000'],
    ['phone', '１３８００１３８０００', '8613800138000'],
    ['phone', '010-12345678', '861012345678'],
    ['phone', '+1 (415) 555-2671', '14155552671'],
    ['phone', 'none', ''],
  ] as const)('%s %j is %j', (as, written, normal) => {
    expect(normalise(written, as, '86')).toBe(normal)
  })
})

describe('rules', () => {
  const record = {
    id: 7,
    email: 'Li@Example.com',
    contact: { email: 'li@example.com ', phone: 13_800_138_000, name: '李雷' },
    answers: [{ email: 'a@b.cn', text: 'fine' }, { text: 'good' }, null],
    tags: ['x@y.cn', null],
    empty: null,
  }

  it('hash gives the keyed hash of the normalised value, wherever the path leads', () => {
    const hashed = privacy.apply(record, {
      email: { policy: 'hash', as: 'email' },
      'contact.email': { policy: 'hash', as: 'email' },
      'contact.phone': { policy: 'hash', as: 'phone' },
      'answers[].email': { policy: 'hash', as: 'email' },
      tags: { policy: 'hash', as: 'email' },
      empty: { policy: 'hash', as: 'id' },
      'nowhere.at.all': { policy: 'drop' },
    })
    const of = (value: string) => `h1:${createHmac('sha256', KEY).update(value).digest('base64url')}`
    expect(hashed).toEqual({
      id: 7,
      email: of('li@example.com'),
      contact: { email: of('li@example.com'), phone: of('8613800138000'), name: '李雷' },
      answers: [{ email: of('a@b.cn'), text: 'fine' }, { text: 'good' }, null],
      tags: [of('x@y.cn'), null],
      empty: null,
    })
    expect(record.contact.email).toBe('li@example.com ')
  })

  it('drop leaves null, mask the shape, tokenize a token, keep the value', () => {
    const changed = privacy.apply(record, {
      email: { policy: 'mask' },
      contact: { policy: 'drop' },
      id: { policy: 'tokenize' },
      tags: { policy: 'keep' },
    })
    expect(changed).toMatchObject({ email: 'Xx@Xxxxxxx.xxx', contact: null, tags: record.tags })
    expect(privacy.openToken(String(changed['id']))).toBe('7')
  })

  it('an identifier that is nothing after normalising is null, not everybody’s same hash', () => {
    expect(privacy.hash('n/a', 'phone')).toBeNull()
    expect(privacy.hash('  ', 'email')).toBeNull()
  })

  it('masks Chinese as well', () => {
    expect(mask('李雷 Li, 138-0013 😀')).toBe('xx Xx, 000-0000 *')
  })
})

describe('tokens and seals', () => {
  it('open to what went in, with this key only', () => {
    const other = createPrivacy(`${KEY}!`, '86')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(privacy.openToken(privacy.tokenize(text))).toBe(text)
        expect(privacy.open(privacy.seal(text, 'a/b'), 'a/b')).toBe(text)
        expect(() => other.openToken(privacy.tokenize(text))).toThrow('[privacy]')
        expect(() => other.open(privacy.seal(text, 'a/b'), 'a/b')).toThrow('[privacy]')
      }),
      { numRuns: 100, seed: 3 },
    )
  })

  it('equal values have equal tokens, and no two seals are alike', () => {
    expect(privacy.tokenize('Li')).toBe(privacy.tokenize('Li'))
    expect(privacy.tokenize('Li')).not.toBe(privacy.tokenize('li'))
    expect(privacy.seal('Li', 'a/b')).not.toBe(privacy.seal('Li', 'a/b'))
  })

  it('notice a changed byte, and a seal used for another stream', () => {
    const token = Buffer.from(privacy.tokenize('Li Lei').slice(3), 'base64url')
    token[token.length - 1] = (token.at(-1) ?? 0) ^ 1
    expect(() => privacy.openToken(`t1:${token.toString('base64url')}`)).toThrow('was changed')
    expect(() => privacy.open(privacy.seal('Li', 'a/b'), 'a/c')).toThrow('another stream')
  })
})

describe('the key', () => {
  it('is asked for in words when it is missing or short', async () => {
    await expect(readProjectKey({})).rejects.toThrow(/SAYDO_KEY is not set.*openssl rand/)
    await expect(readProjectKey({ SAYDO_KEY_FILE: '/nowhere' })).rejects.toThrow('SAYDO_KEY_FILE (/nowhere)')
    expect(() => createPrivacy('short', '86')).toThrow('SAYDO_KEY has 5 characters; expected 32 or more')
  })

  it('comes from the environment, from a file, or is everybody’s in the demo', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'key-'))
    writeFileSync(join(folder, 'key'), `${KEY}\n`)
    expect(await readProjectKey({ SAYDO_KEY: KEY })).toBe(KEY)
    expect(await readProjectKey({ SAYDO_KEY_FILE: join(folder, 'key') })).toBe(KEY)
    expect((await readProjectKey({}, { demo: true })).length).toBeGreaterThanOrEqual(32)
    rmSync(folder, { recursive: true })
  })
})

describe('fields no contract names', () => {
  it.each([
    ['write to Li.Lei@example.com!', 'write to Xx.Xxx@xxxxxxx.xxx!'],
    ['13800138000', '00000000000'],
    ['call +86 138 0013 8000 now', 'call +00 000 0000 0000 now'],
    ['order 20240501123456, 2024-05-01T08:00:00.000Z', 'order 20240501123456, 2024-05-01T08:00:00.000Z'],
    [{ a: ['x@y.cn', 5] }, { a: ['x@x.xx', 5] }],
  ])('%j becomes %j', (value, hidden) => {
    expect(hideContacts(value)).toEqual(hidden)
  })
})
