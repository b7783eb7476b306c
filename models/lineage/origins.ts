/** Where a value comes from: the columns that flow into it, and those that only decide which rows or values do. */

export type Origins = {
  /** Columns whose values flow into it, as they are or transformed. */
  readonly value: ReadonlySet<string>
  /** Columns that choose: conditions, keys of joins and groups, order. */
  readonly filter: ReadonlySet<string>
}

export const nothing: Origins = { value: new Set(), filter: new Set() }

export function together(parts: readonly Origins[]): Origins {
  const [first = nothing, ...others] = parts
  if (others.length === 0) return first
  return {
    value: new Set(parts.flatMap(({ value }) => [...value])),
    filter: new Set(parts.flatMap(({ filter }) => [...filter])),
  }
}

/** The same columns, of something that only chooses. */
export function choosing(origins: Origins): Origins {
  return { value: nothing.value, filter: allOf([origins]) }
}

export function allOf(parts: readonly Origins[]): ReadonlySet<string> {
  return new Set(parts.flatMap(({ value, filter }) => [...value, ...filter]))
}
