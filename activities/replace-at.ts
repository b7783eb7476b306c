/** Replacing values deep in a record by a dotted path, in a copy. */

/**
 * A copy of the record with every value at the path replaced. `a.b` steps into objects, `a[].b` into every element of a list; a list met where the path
 * names an object is stepped into as well. Where the path leads nowhere nothing changes.
 */
export function replaceAt(
  record: Readonly<Record<string, unknown>>,
  path: string,
  replace: (value: unknown) => unknown,
): Record<string, unknown> {
  const [head = '', ...rest] = stepsOf(path)
  return stepInto(record, head, rest, replace) as Record<string, unknown>
}

const known = new Map<string, readonly string[]>()

/** `answers[].contact.email` → ['answers', '[]', 'contact', 'email'] */
function stepsOf(path: string): readonly string[] {
  const steps =
    known.get(path) ??
    path
      .replaceAll('[]', '.[]')
      .split('.')
      .filter((step) => step !== '')
  known.set(path, steps)
  return steps
}

function stepInto(
  value: unknown,
  step: string,
  rest: readonly string[],
  replace: (value: unknown) => unknown,
): unknown {
  if (Array.isArray(value)) {
    if (step !== '[]') return value.map((element) => stepInto(element, step, rest, replace))
    return value.map((element) => descend(element, rest, replace))
  }
  if (typeof value !== 'object' || value === null || step === '[]' || !(step in value)) return value
  const inner = (value as Record<string, unknown>)[step]
  return { ...value, [step]: descend(inner, rest, replace) }
}

function descend(value: unknown, rest: readonly string[], replace: (value: unknown) => unknown): unknown {
  const [head, ...tail] = rest
  if (head !== undefined) return stepInto(value, head, tail, replace)
  return everywhere(value, replace)
}

/** The value replaced, or each element of a list. */
export function everywhere(value: unknown, replace: (value: unknown) => unknown): unknown {
  return Array.isArray(value) ? value.map((element) => replace(element)) : replace(value)
}
