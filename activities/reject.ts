/** Why a record was turned away, in words that may be shown to anybody: paths and kinds of values, never a value. */
import type { Rejected } from '#lake/commit-part.ts'

type Issue = { readonly path: readonly PropertyKey[]; readonly code: string; readonly message: string }

const MOST_ISSUES = 20
const MOST_FIELDS = 100

export function reject(raw: unknown, position: string, issues: readonly Issue[], sealed: string): Rejected {
  const told = issues
    .slice(0, MOST_ISSUES)
    .map(({ path, code, message }) => ({ path: pathText(path), code, message }))
  const [first] = told
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : ''
  const where = first?.path ? `${first.path}: ` : ''
  return {
    reason: `${where}${first?.message ?? 'not readable'}${more}`,
    position,
    issues: told,
    shape: shapeOf(raw),
    sealed,
  }
}

/** Names of fields that are no plain identifiers could be somebody's data (a map keyed by address), so they are starred. */
function pathText(path: readonly PropertyKey[]): string {
  return path.map((step) => (typeof step === 'number' ? '[]' : fieldName(String(step)))).join('.')
}

function fieldName(name: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$ -]{0,63}$/u.test(name) ? name : '*'
}

/** Path → kind of value: { 'answers.[].text': 'text of 12 characters' }. */
export function shapeOf(raw: unknown): Record<string, string> {
  const shape: Record<string, string> = {}
  describe(raw, '', shape)
  return shape
}

function describe(value: unknown, path: string, shape: Record<string, string>): void {
  if (Object.keys(shape).length >= MOST_FIELDS) return
  const at = (step: string) => (path === '' ? step : `${path}.${step}`)
  if (Array.isArray(value)) {
    shape[path] = `list of ${value.length}`
    if (value.length > 0) describe(value[0], at('[]'), shape)
  } else if (typeof value === 'object' && value !== null && !(value instanceof Date)) {
    if (path !== '') shape[path] = 'object'
    for (const [key, inner] of Object.entries(value)) describe(inner, at(fieldName(key)), shape)
  } else shape[path] = kindOf(value)
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'string') return value === '' ? 'empty text' : `text of ${value.length} characters`
  if (typeof value === 'number') return Number.isInteger(value) ? 'whole number' : 'number'
  return value instanceof Date ? 'instant' : typeof value
}
