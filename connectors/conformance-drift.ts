/** A vendor that adds a field: every object inside a record gets one more key, and what must come out of the schema with it. */

const ADDED = 'added_by_the_vendor'

/** The record with one more key in each object below its top-level fields. */
export function withAddedFields(record: unknown): unknown {
  if (typeof record !== 'object' || record === null) return record
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, grown(value)]))
}

function grown(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(grown)
  if (typeof value !== 'object' || value === null) return value
  return {
    ...Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, grown(inner)])),
    [ADDED]: 'new',
  }
}

/** How many added keys a value holds. */
export function countAdded(value: unknown): number {
  return JSON.stringify(value).split(`"${ADDED}"`).length - 1
}
