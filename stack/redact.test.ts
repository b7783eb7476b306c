/** What a message may no longer contain once it is redacted, and what must stay readable. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { redactor } from './redact.ts'

describe('redactor', () => {
  const redact = redactor(['s3cret-token-value', 'short'])

  test.each([
    ['[crm] 401 for token s3cret-token-value', '[crm] 401 for token ***'],
    ['Authorization: Bearer abc.DEF-123456', 'Authorization: Bearer ***'],
    ['GET https://user:pass@crm.example/v1', 'GET https://***@crm.example/v1'],
    ['GET /v1?page=2&access_token=abc123&limit=5', 'GET /v1?page=2&access_token=***&limit=5'],
    ['no contact ann.lee+nps@example.co.uk', 'no contact ***@***'],
    ['no contact 王芳@例子.公司', 'no contact ***@***'],
    ['caller +86 138 1234 5678 hung up', 'caller *** hung up'],
    ['caller 13812345678 hung up', 'caller *** hung up'],
    ['caller (212) 555-0134 hung up', 'caller *** hung up'],
    ['会员卡 6222020200112233445 无效', '会员卡 *** 无效'],
  ])('%s', (text, clean) => expect(redact(text)).toBe(clean))

  test.each([
    '[typeform] page 14 refused with 503; 12000000 rows so far, window 2026-01-01 to 2026-02-01 03:00:00',
    '[xo.customer_month] audit grain_unique found 3 rows; run 3f2a1c0e-1111-4222-8333-123456789012',
    'port 7233 or 8233 is in use',
  ])('leaves alone: %s', (text) => expect(redact(text)).toBe(text))

  test('a secret never survives, whatever stands around it', () => {
    const secret = fc.stringMatching(/^[\w-]{6,40}$/)
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
        expect(redactor([value])(`${before}${value}${after}`).includes(value)).toBe(false)
      }),
    )
  })
})
