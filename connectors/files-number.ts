/** Numbers as people and spreadsheets write them: full-width digits, thousands separators, currency signs. */

/** The plain decimal notation of a written number, or null: `１，２３４.50` → `1234.50`, `1.234,5` (decimal `,`) → `1234.5`. */
export function plainNumber(written: string, decimal: '.' | ','): string | null {
  const text = written.normalize('NFKC').trim().replaceAll('\u2212', '-')
  const ordered = decimal === '.' ? text : swapMarks(text)
  if (/^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(ordered)) return unsigned(ordered.replaceAll(',', ''))
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(ordered) ? unsigned(ordered) : null
}

/** An amount with two decimals, without currency: `¥1,299` → `1299.00`. Null when it has more decimals or is no amount. */
export function plainMoney(written: string, decimal: '.' | ','): string | null {
  const bare = written
    .normalize('NFKC')
    .trim()
    .replace(/^(?:[+-]?)(?:[¥$€£]|rmb|cny|usd|eur|r\$)\s*/i, (sign) => sign.match(/^[+-]/)?.[0] ?? '')
    .replace(/\s*(?:元|円|rmb|cny|usd|eur|€)$/i, '')
  const plain = plainNumber(bare, decimal)
  const parts = plain === null ? null : /^(-?)(\d*)\.?(\d*)$/.exec(plain)
  if (parts === null) return null
  const [, sign = '', whole = '', cents = ''] = parts
  if (/[1-9]/.test(cents.slice(2)) || whole.replace(/^0+/, '').length > 16) return null
  return `${sign}${whole.replace(/^0+(?=\d)/, '') || '0'}.${cents.slice(0, 2).padEnd(2, '0')}`
}

/** An id that a spreadsheet has rounded cannot be read back: `5.70306E+17`. */
export function isRoundedId(written: string): boolean {
  return /^\d(\.\d+)?E\+\d{2,}$/i.test(written.trim())
}

function unsigned(text: string): string {
  return text.startsWith('+') ? text.slice(1) : text
}

function swapMarks(text: string): string {
  return text.replaceAll(/[.,]/g, (mark) => (mark === ',' ? '.' : ','))
}
