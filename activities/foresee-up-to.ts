/** What must be built at most when some input is itself to be built: its content is unknown, so whatever reads those days counts as touched. */
import type { Partition } from '#lake/partition.ts'
import { keyText } from '#lake/partition.ts'
import { definitionOf, lookedUpBy } from '#models/definition.ts'
import type { Model } from '#models/define-model.ts'
import { readingsOf } from '#models/partition.ts'
import { contentsOf, isOf } from './growth.ts'
import type { InputTable } from './input-table.ts'
import { type Before, bucketKeyOf, type Deciding, daysOf, keysOf, piecesBuilt, today } from './plan-model.ts'
import { contentRead } from './reading.ts'
import type { Workshop } from './workshop.ts'

export type UpTo = { readonly key: string; readonly state: 'ready' | 'build'; readonly why: string }

export function decideUpTo(
  workshop: Workshop,
  { model, inputs, before }: Omit<Deciding, 'signal'>,
): { readonly partitions: UpTo[]; readonly days: readonly string[] | null } {
  const days = daysOf(model, inputs)
  const keys = keysOf(model, { inputs, days, before, today: today(workshop) })
  const code = definitionOf(model, workshop.engine.majorVersion, lookedUpBy(workshop.models, model.name))
  const old = new Map(before?.partitions.map((partition) => [partition.key, partition]))
  const last = before?.partitions.at(-1)
  if (model.growth && before && last && last.madeOf.code === code && isOf(last, contentsOf(model, inputs)))
    return { partitions: before.partitions.map(({ key }) => ({ key, state: 'ready', why: '' })), days }
  const searched = new Map([...inputs.values()].map((input) => [input.table, isSearched(input, before)]))
  const partitions = keys.map((key): UpTo => {
    const text = keyText(key)
    const had = old.get(text)
    const build = (why: string): UpTo => ({ key: text, state: 'build', why })
    if (before === undefined) return build('first build')
    if (had === undefined) return build(piecesBuilt(key, days, before).length > 0 ? 'month closed' : 'new')
    if (had.madeOf.code !== code) return build('code changed')
    const changed = [...inputs.values()].filter(
      (input) =>
        (hasLookup(model, input.table) && !searched.get(input.table)) ||
        !readsTheSame(input, { model, had, key }),
    )
    if (changed.length > 0) return build(`${changed.map(({ table }) => table).join(', ')} changed`)
    return { key: text, state: 'ready', why: '' }
  })
  return { partitions, days }
}

function hasLookup(model: Model, table: string): boolean {
  return readingsOf(model, table).some(({ read }) => read === 'lookup')
}

/** Whether the last build searched exactly the pieces that the input has now: then it finds the same again for the same keys. */
function isSearched({ table, pieces }: InputTable, before: Before | undefined): boolean {
  const memos = Object.entries(before?.build.lookups ?? {}).filter(([name]) => name.startsWith(`${table} `))
  const now = new Set(pieces.map(({ id }) => id))
  return (
    memos.length > 0 &&
    memos.every(([, memo]) => memo.pieces.length === now.size && memo.pieces.every((id) => now.has(id)))
  )
}

type Place = {
  readonly model: Model
  readonly had: Partition
  readonly key: Parameters<typeof keyText>[0]
}

/** Of what is read by place, or whole. */
function readsTheSame(input: InputTable, { model, had, key }: Place): boolean {
  const contents = (had.madeOf.inputs[input.table] ?? '').split(' ')
  return readingsOf(model, input.table).every(
    (reading, at) =>
      reading.read === 'lookup' ||
      contentRead(input, [reading], { key, bucketKey: bucketKeyOf(model), lookups: [] }) === contents[at],
  )
}
