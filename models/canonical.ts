/** A canonical table: the rows of every source's contribution, one after the other, knowing no vendor. */
import type { z } from 'zod'
import { columnsOf } from '#lake/columns-of.ts'
import type { Audit } from './audit.ts'
import { type Model, modelOf } from './define-model.ts'

export type CanonicalDeclaration = {
  readonly name: string
  readonly description: string
  readonly grain: readonly string[]
  readonly contract: z.ZodObject
  /** The column that says when a row happened; every part has it too. */
  readonly time?: string | undefined
}

export function unionOf(
  { contract, ...table }: CanonicalDeclaration,
  parts: readonly Model[],
  audits: readonly Audit[] = [],
): Model {
  return modelOf({
    ...table,
    owner: 'saydo',
    columns: columnsOf(contract),
    audits,
    raw: {},
    make: { by: 'union' },
    reads: parts.map((part) => part.name).sort(),
  })
}
