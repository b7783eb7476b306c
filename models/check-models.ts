/** What can be said of how models are cut and what they read before any of them is built. */
import type { Column } from '#lake/column.ts'
import { columnsOf } from '#lake/columns-of.ts'
import type { Model } from './define-model.ts'
import { ModelGraphBroken } from './model-graph-broken.ts'
import { type Reading, readingsOf } from './partition.ts'

/** Throws ModelGraphBroken naming the model and the column or input. */
export function checkModels(models: readonly Model[]): void {
  for (const model of models) {
    checkModel(model, models)
    checkRowsOf(model, models)
  }
}

/** Only a table of the same grain, read in the same spans, can tell rows apart for another. */
function checkRowsOf({ name, grain, time, inputs, audits }: Model, models: readonly Model[]): void {
  for (const audit of audits) {
    const table = audit.by === 'unique' ? audit.rowsOf : undefined
    if (table === undefined) continue
    const other = models.find((each) => each.name === table)
    const isSame = (inputs[table] ?? []).every(({ read }) => read === 'same') && inputs[table] !== undefined
    if (!isSame || time === undefined || other?.time === undefined || other.grain.join() !== grain.join())
      throw new ModelGraphBroken(
        `${name} says that its rows are of ${table}, but that is no input read as \`same\` by a time, of the grain ${grain.join(', ')}; leave \`rowsOf\` out.`,
      )
  }
}

export function checkModel(model: Model, models: readonly Model[]): void {
  checkCut(model)
  const tables = new Map(inputsOf(model, models).map((input) => [input.table, input]))
  const unknown = Object.keys(model.inputs).filter((table) => !tables.has(table))
  if (unknown.length > 0)
    throw new ModelGraphBroken(
      `${model.name} declares how it reads ${unknown.join(', ')}, which its query does not name.`,
    )
  checkGrowth(model)
  for (const input of tables.values())
    for (const reading of readingsOf(model, input.table)) checkReading(model, input, reading)
}

/** Only what is read whole is told by what was gained and lost of it. */
function checkGrowth({ name, growth, partition, inputs, raw, reads }: Model): void {
  if (growth === undefined) return
  const isWhole = partition.by === 'none' && Object.keys({ ...inputs, ...raw }).length === 0
  if (!isWhole || reads.some((table) => table.includes('.')))
    throw new ModelGraphBroken(
      `${name} grows, but is cut, or reads landed streams, parts of inputs, or tables with a dot in their name; leave out its growth.`,
    )
}

type Input = {
  readonly table: string
  readonly columns: readonly Column[]
  readonly time: string | undefined
}

function inputsOf({ reads, raw }: Model, models: readonly Model[]): Input[] {
  const built = models
    .filter(({ name }) => reads.includes(name))
    .map(({ name, columns, time }) => ({ table: name, columns, time }))
  const landed = Object.entries(raw).map(([table, { record, time }]) => ({
    table,
    columns: columnsOf(record),
    time,
  }))
  return [...built, ...landed]
}

function checkCut({ name, columns, partition, time }: Model): void {
  if (partition.by === 'bucket') needed(name, `is cut by ${partition.key}`, columns, partition.key)
  if (time === undefined) return
  const what = partition.by === 'time' ? `is cut by ${time}` : `says that ${time} is its time`
  datable(name, what, needed(name, what, columns, time))
}

function checkReading(model: Model, { table, columns, time }: Input, reading: Reading): void {
  const { name, partition } = model
  if (reading.read === 'lookup') {
    needed(name, `looks ${table} up by ${reading.key}`, columns, reading.key)
    return
  }
  if (reading.read === 'all') return
  if (partition.by === 'none')
    throw new ModelGraphBroken(
      `${name} reads ${table} as \`${reading.read}\` but is built whole; cut it by time or bucket, or read all.`,
    )
  if (partition.by === 'bucket') {
    needed(name, `reads the same bucket of ${table}`, columns, partition.key)
    return
  }
  if (time === undefined)
    throw new ModelGraphBroken(
      `${name} reads ${table} by time, but that has no time column; name its \`time\`, or read all of it.`,
    )
  const what = `reads ${table} by its time ${time}`
  datable(name, what, needed(name, what, columns, time))
}

function needed(model: string, what: string, columns: readonly Column[], wanted: string): Column {
  const column = columns.find(({ name }) => name === wanted)
  if (column !== undefined) return column
  const known = columns.map(({ name }) => name).join(', ')
  throw new ModelGraphBroken(`${model} ${what}, but there is no such column; there are ${known}.`)
}

function datable(model: string, what: string, { type }: Column): void {
  if (type !== 'TIMESTAMP' && type !== 'DATE')
    throw new ModelGraphBroken(`${model} ${what}, which is ${type}; expected a TIMESTAMP or a DATE.`)
}
