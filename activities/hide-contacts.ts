/** Contacts inside fields no contract names: nobody has judged such a field yet, so what looks like an address or a number is masked. */
import { mask } from './privacy.ts'

const EMAIL = /[^\s@<>"',;:]+@[^\s@<>"',;:]+\.[^\s@<>"',;:]+/gu
const PHONE = /(?<![\d.-])(?:\+\d[\d\s().-]{6,18}\d|(?:86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4})(?![\d.-])/gu

/** A copy of any JSON value with e-mail addresses and phone numbers in its texts masked. */
export function hideContacts(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(EMAIL, mask).replace(PHONE, mask)
  if (Array.isArray(value)) return value.map(hideContacts)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hideContacts(inner)]))
}
