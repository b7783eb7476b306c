/** When a source asks us to come back, in every header style vendors use. */

const HEADERS = ['retry-after', 'ratelimit-reset', 'x-ratelimit-reset', 'x-rate-limit-reset'] as const

/**
 * The instant a response asks us to wait for: seconds (`Retry-After: 30`), an HTTP date, an ISO instant (`X-RateLimit-Reset`), or a unix time in
 * seconds or milliseconds. Undefined when no header says so.
 */
export function retryAfter(headers: Headers, now: Date): Date | undefined {
  for (const name of HEADERS) {
    const until = instant(headers.get(name)?.trim(), now)
    if (until !== undefined) return until
  }
  return undefined
}

function instant(value: string | undefined, now: Date): Date | undefined {
  if (value === undefined || value === '') return undefined
  if (/^\d+(\.\d+)?$/.test(value)) {
    const number = Number(value)
    if (number >= 1e12) return new Date(number)
    if (number >= 1e9) return new Date(number * 1000)
    return new Date(now.getTime() + number * 1000)
  }
  const parsed = Date.parse(value)
  return Number.isNaN(parsed) ? undefined : new Date(parsed)
}
