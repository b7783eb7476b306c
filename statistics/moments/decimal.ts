/** Exact decimals on BigInt: SQL sums of squares exceed a double's 53 bits, their centred parts seldom do. */

/** digits · 10^−scale. */
export type Decimal = { readonly digits: bigint; readonly scale: number }

const WRITTEN = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,3}))?$/

/** The exact value of a BigInt, a decimal string or a double as printed; nothing where it is none of these. */
export function decimal(value: bigint | string | number): Decimal | undefined {
  if (typeof value === 'bigint') return { digits: value, scale: 0 }
  const match = WRITTEN.exec(String(value).trim())
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match ?? []
  if (!match || whole + fraction === '') return undefined
  const scale = fraction.length - Number(exponent)
  const digits = BigInt(`${sign}${whole}${fraction}`)
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 }
}

export function plus(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale)
  return { digits: raised(a, scale) + raised(b, scale), scale }
}

export function times(a: Decimal, b: Decimal): Decimal {
  return { digits: a.digits * b.digits, scale: a.scale + b.scale }
}

export function negated({ digits, scale }: Decimal): Decimal {
  return { digits: -digits, scale }
}

/** The nearest double. */
export function toNumber({ digits, scale }: Decimal): number {
  return Number(`${digits}e-${scale}`)
}

function raised({ digits, scale }: Decimal, to: number): bigint {
  return digits * 10n ** BigInt(to - scale)
}
