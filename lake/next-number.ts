/** Numbers given out one after the other, over all processes of a project. */
import { sql, type Transaction } from 'kysely'
import type { ControlTables } from './control/control-tables.ts'

/** Under the counter's row lock: whoever asks next waits until this transaction has ended. */
export async function nextNumber(trx: Transaction<ControlTables>, name: string): Promise<number> {
  const { value } = await trx
    .insertInto('counter')
    .values({ name, value: 1 })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value: sql`counter.value + 1` }))
    .returning('value')
    .executeTakeFirstOrThrow()
  return value
}
