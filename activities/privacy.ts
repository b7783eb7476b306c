/** Personal values before they reach disk: hashed, tokenised, masked or dropped; and records sealed whole, to be opened only with the project's key. */
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import type { Privacy as Rule } from '#connectors/connector.ts'
import { everywhere, replaceAt } from './replace-at.ts'
import { checkKey } from './project-key.ts'

export type PrivacyRules = Readonly<Record<string, Rule>>
export type Identifier = 'email' | 'phone' | 'id'

export type Privacy = {
  /** A copy of the record with each named path (`email`, `contact.email`, `answers[].email`) replaced by its rule; null stays null. */
  readonly apply: (record: Readonly<Record<string, unknown>>, rules: PrivacyRules) => Record<string, unknown>
  /** `h1:` and the keyed hash of a normalised identifier, as it stands in the lake. Null when nothing is left of it (a phone without digits). */
  readonly hash: (value: string, as: Identifier) => string | null
  /** `t1:` and the encrypted value; the same value always gives the same token. */
  readonly tokenize: (value: string) => string
  /** The value of a token. Throws when the token was not made with this key. */
  readonly openToken: (token: string) => string
  /** `s1:` and the encrypted text, bound to a context (which source and stream it belongs to); different each time. */
  readonly seal: (text: string, context: string) => string
  /** The sealed text. Throws when key or context are not the ones it was sealed with. */
  readonly open: (sealed: string, context: string) => string
}

/** Rules under one project key (32 or more characters); phone numbers without a country belong to `callingCode`. */
export function createPrivacy(key: string, callingCode: string): Privacy {
  checkKey(key)
  const hashKey = createSecretKey(Buffer.from(key))
  const sealKey = derivedKey(key, 'seal')
  const tokenKeys = { mac: derivedKey(key, 'token-mac'), cipher: derivedKey(key, 'token-cipher') }
  const hash = remembered((value: string, as: Identifier) => {
    const normal = normalise(value, as, callingCode)
    return normal === '' ? null : `h1:${createHmac('sha256', hashKey).update(normal).digest('base64url')}`
  })
  const tokenize = (value: string) => token(value, tokenKeys)
  const replace = (rule: Rule, value: unknown): unknown => {
    if (value === null || value === undefined || rule.policy === 'keep') return value
    if (rule.policy === 'drop') return null
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    if (rule.policy === 'hash') return hash(text, rule.as)
    return rule.policy === 'mask' ? mask(text) : tokenize(text)
  }
  return {
    apply: (record, rules) => {
      let copy = { ...record }
      for (const [path, rule] of changing(rules))
        if (path in copy) copy[path] = everywhere(copy[path], (value) => replace(rule, value))
        else copy = replaceAt(copy, path, (value) => replace(rule, value))
      return copy
    },
    hash,
    tokenize,
    openToken: (text) => openToken(text, tokenKeys),
    seal: (text, context) => seal(text, context, sealKey),
    open: (sealed, context) => open(sealed, context, sealKey),
  }
}

/** One person's records tend to come together, so the last hashes are kept in memory. */
const REMEMBERED = 4096

function remembered(hash: Privacy['hash']): Privacy['hash'] {
  const last = new Map<string, string | null>()
  return (value, as) => {
    const key = `${as} ${value}`
    const found = last.get(key)
    if (found !== undefined) return found
    if (last.size >= REMEMBERED) last.clear()
    const made = hash(value, as)
    last.set(key, made)
    return made
  }
}

const changingRules = new WeakMap<PrivacyRules, readonly [string, Rule][]>()

/** The rules that change anything. */
function changing(rules: PrivacyRules): readonly [string, Rule][] {
  const found =
    changingRules.get(rules) ?? Object.entries(rules).filter(([, { policy }]) => policy !== 'keep')
  changingRules.set(rules, found)
  return found
}

/**
 * One spelling per identifier. email: NFKC, trimmed, lower case. phone: NFKC digits with country code, without `+`, `00` or a trunk zero.
 * id: NFKC, trimmed, upper case.
 */
export function normalise(value: string, as: Identifier, callingCode: string): string {
  const text = value.normalize('NFKC').trim()
  if (as === 'email') return text.toLowerCase()
  if (as === 'id') return text.toUpperCase()
  const digits = text.replace(/\D/g, '')
  if (digits === '') return ''
  if (/^\D*\+/.test(text)) return digits
  if (digits.startsWith('00')) return digits.slice(2)
  // National numbers have at most eleven digits, and ten without a trunk zero.
  if (digits.startsWith(callingCode) && digits.length >= 10 + callingCode.length) return digits
  return callingCode + digits.replace(/^0/, '')
}

/** The shape only: `Li Lei, 138-0013` → `Xx Xxx, 000-0000`. */
export function mask(text: string): string {
  return text
    .replace(/\p{Lu}/gu, 'X')
    .replace(/[\p{L}\p{M}](?<!X)/gu, 'x')
    .replace(/\p{N}/gu, '0')
    .replace(/\p{Extended_Pictographic}/gu, '*')
}

function derivedKey(key: string, purpose: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', key, '', `saydo ${purpose}`, 32)))
}

type TokenKeys = { readonly mac: KeyObject; readonly cipher: KeyObject }

/** Synthetic IV (RFC 5297's construction with HMAC-SHA-256): the value's own MAC starts the cipher, so equal values meet and no nonce can repeat by accident. */
function token(value: string, { mac, cipher }: TokenKeys): string {
  const iv = createHmac('sha256', mac).update(value).digest().subarray(0, 16)
  const encrypt = createCipheriv('aes-256-ctr', cipher, iv)
  return `t1:${Buffer.concat([iv, encrypt.update(value, 'utf8'), encrypt.final()]).toString('base64url')}`
}

function openToken(text: string, { mac, cipher }: TokenKeys): string {
  const bytes = Buffer.from(text.startsWith('t1:') ? text.slice(3) : '', 'base64url')
  const iv = bytes.subarray(0, 16)
  if (iv.length < 16) throw new Error('[privacy] this is no token; tokens start with t1:.')
  const decrypt = createDecipheriv('aes-256-ctr', cipher, iv)
  const value = Buffer.concat([decrypt.update(bytes.subarray(16)), decrypt.final()])
  if (!timingSafeEqual(createHmac('sha256', mac).update(value).digest().subarray(0, 16), iv))
    throw new Error('[privacy] the token was made with another key, or was changed; check SAYDO_KEY.')
  return value.toString('utf8')
}

function seal(text: string, context: string, key: KeyObject): string {
  const nonce = randomBytes(12)
  const encrypt = createCipheriv('aes-256-gcm', key, nonce)
  encrypt.setAAD(Buffer.from(context))
  const body = Buffer.concat([encrypt.update(text, 'utf8'), encrypt.final()])
  return `s1:${Buffer.concat([nonce, encrypt.getAuthTag(), body]).toString('base64url')}`
}

function open(sealed: string, context: string, key: KeyObject): string {
  const bytes = Buffer.from(sealed.startsWith('s1:') ? sealed.slice(3) : '', 'base64url')
  if (bytes.length < 28) throw new Error('[privacy] this is no sealed text; sealed texts start with s1:.')
  const decrypt = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
  decrypt.setAAD(Buffer.from(context))
  decrypt.setAuthTag(bytes.subarray(12, 28))
  try {
    return Buffer.concat([decrypt.update(bytes.subarray(28)), decrypt.final()]).toString('utf8')
  } catch (error) {
    throw new Error(
      '[privacy] a sealed text cannot be opened: it was sealed with another key or for another stream; check SAYDO_KEY.',
      {
        cause: error,
      },
    )
  }
}
