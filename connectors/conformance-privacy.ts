/** Does anything personal of a raw record survive its stream's privacy policy? */
import type { Privacy, Stream } from './connector.ts'

/** The dotted paths at which a marker still stands once every field with a policy has been taken out; `keep` counts as looked at. */
export function leaks(stream: Stream, record: unknown, markers: readonly string[]): string[] {
  return textsOf(record, '')
    .filter(({ path }) => !covered(path, stream.privacy))
    .filter(({ text }) => markers.some((marker) => text.includes(marker)))
    .map(({ path }) => path)
}

/** A policy covers its path and everything below it. */
function covered(path: string, privacy: Readonly<Record<string, Privacy>>): boolean {
  return Object.keys(privacy).some(
    (rule) => path === rule || path.startsWith(`${rule}.`) || path.startsWith(`${rule}[]`),
  )
}

function textsOf(value: unknown, path: string): { path: string; text: string }[] {
  if (Array.isArray(value)) return value.flatMap((item) => textsOf(item, `${path}[]`))
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([key, inner]) =>
      textsOf(inner, path === '' ? key : `${path}.${key}`),
    )
  return value === null || value === undefined ? [] : [{ path, text: JSON.stringify(value) }]
}
