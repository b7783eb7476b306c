/** Columns of a zod object: the one mapping between contracts and Parquet, used for raw records and for models alike. */
import { z } from 'zod'
import type { Column, ColumnType } from './column.ts'

/**
 * One column per top-level key, in order. Strings are VARCHAR, `z.int()` BIGINT, numbers DOUBLE, `z.iso.datetime()` and `z.date()` TIMESTAMP (UTC),
 * `z.iso.date()` DATE, nested values JSON; `.meta({ column: 'DECIMAL(18,2)' })` names a type outright,
 * `.meta({ formerly: ['old_name'] })` the names a renamed column had before.
 * Throws when a key has no column type (a schema that ends in a transform).
 */
export function columnsOf(contract: z.ZodObject): Column[] {
  return Object.entries(contract.shape).map(([name, schema]) => {
    const formerly = z.globalRegistry.get(schema)?.['formerly']
    return {
      name,
      type: columnType(name, schema),
      ...(Array.isArray(formerly) && formerly.length > 0 && { formerly: formerly.map(String) }),
    }
  })
}

function columnType(name: string, schema: z.core.$ZodType): ColumnType {
  const named = z.globalRegistry.get(schema)?.['column']
  if (typeof named === 'string') return named as ColumnType
  const def = (schema as z.ZodType).def as z.core.$ZodTypeDef & Record<string, unknown>
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'catch':
    case 'readonly':
    case 'nonoptional':
      return columnType(name, def['innerType'] as z.core.$ZodType)
    case 'pipe':
      return columnType(name, def['out'] as z.core.$ZodType)
    case 'string':
      return def['format'] === 'datetime' ? 'TIMESTAMP' : def['format'] === 'date' ? 'DATE' : 'VARCHAR'
    case 'enum':
    case 'template_literal':
      return 'VARCHAR'
    case 'literal':
      return literalType((def['values'] as unknown[])[0])
    case 'number':
      return schema instanceof z.ZodNumber && schema.format === 'safeint' ? 'BIGINT' : 'DOUBLE'
    case 'int':
    case 'bigint':
      return 'BIGINT'
    case 'boolean':
      return 'BOOLEAN'
    case 'date':
      return 'TIMESTAMP'
    case 'object':
    case 'array':
    case 'record':
    case 'tuple':
    case 'map':
    case 'union':
    case 'unknown':
    case 'any':
    case 'null':
      return 'JSON'
    default:
      throw new Error(
        `[columns] field ${JSON.stringify(name)} ends in a ${def.type}, which has no column type; end its schema with .pipe(<plain type>).`,
      )
  }
}

function literalType(value: unknown): ColumnType {
  if (typeof value === 'number') return Number.isInteger(value) ? 'BIGINT' : 'DOUBLE'
  return typeof value === 'boolean' ? 'BOOLEAN' : 'VARCHAR'
}
