/** A table that is built whole takes what its inputs gained, where its model says that what was built stays as it is. */
import { buildOf, partitionsOf } from '#lake/builds.ts'
import { type Content, contentText, plus, totalOf } from '#lake/content.ts'
import type { CompiledQuery, Slice } from '#lake/engine.ts'
import { keyText, type LakeFile, type Partition } from '#lake/partition.ts'
import { findPartitions } from '#lake/partitions.ts'
import { definitionOf, fingerprintOf, lookedUpBy } from '#models/definition.ts'
import type { Model } from '#models/define-model.ts'
import { type InputTable, inputsOf, type Piece } from './input-table.ts'
import type { PlannedPartition } from './model-plan.ts'
import type { Before, Deciding } from './plan-model.ts'
import { sliceOver } from './reading.ts'
import { refuseDamagedInput } from './refuse-damaged-input.ts'
import type { Workshop } from './workshop.ts'

/** Beyond so many partitions, or when this share of what is read is new, building whole costs less than it saves. */
const [MOST_PARTITIONS, MOST_GAINED] = [32, 0.25]

/** The partitions of a model that grows; undefined when it is to be built whole. */
export async function planGrowth(
  workshop: Workshop,
  { model, inputs, before, signal }: Deciding,
): Promise<PlannedPartition[] | undefined> {
  if (model.growth === undefined || before === undefined) return undefined
  const { engine, models, control } = workshop
  const code = definitionOf(model, engine.majorVersion, lookedUpBy(models, model.name))
  const last = before.partitions.at(-1)
  if (last === undefined || before.partitions.some(({ madeOf }) => madeOf.code !== code)) return undefined
  const contents = contentsOf(model, inputs)
  const kept = before.partitions.map(readyAs)
  if (isOf(last, contents)) return kept
  if (before.partitions.length >= MOST_PARTITIONS) return undefined
  const changes = await changesSince(workshop, { model, inputs, before })
  if (changes === undefined || !(await staysAsItIs(workshop, { model, before, changes, signal })))
    return undefined
  const key = keyText({ is: 'grown', nth: before.partitions.length })
  const madeOf = { code, inputs: { ...contents, [model.name]: contentText(contentOfAll(before.partitions)) } }
  const fingerprint = fingerprintOf(code, key, madeOf.inputs)
  const isKnown = (await findPartitions(control.db, model.name, [fingerprint])).has(fingerprint)
  const grown: PlannedPartition = {
    key,
    fingerprint,
    state: isKnown ? 'ready' : 'build',
    why: isKnown ? '' : whyOf(last, contents),
    madeOf,
    pieces: [],
    lookups: {},
    grownFrom: before.build.fingerprint,
  }
  return [...kept, grown]
}

type Read = { readonly slices: Slice[]; readonly files: readonly Pick<LakeFile, 'path' | 'sha256'>[] }

/** What the queries of a growth see, and every file that is read for it. */
export async function growthSlices(
  workshop: Workshop,
  model: Model,
  {
    inputs,
    from,
  }: {
    readonly inputs: ReadonlyMap<string, InputTable>
    /** The build that rows are added to. */
    readonly from: string
  },
): Promise<Read> {
  const build = await buildOf(workshop.control.db, model.name, from)
  const before = { build, partitions: await partitionsOf(workshop.control.db, build) }
  const changes = await changesSince(workshop, { model, inputs, before })
  if (changes === undefined)
    throw new Error(
      `[${model.name}] what its build ${from} has read is not there any more; run \`saydo build\` again.`,
    )
  return slicesOf(workshop, model, { before, changes })
}

/** Whether a partition was made of these contents. */
export function isOf(
  { madeOf }: Pick<Partition, 'madeOf'>,
  contents: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(contents).every(([table, content]) => madeOf.inputs[table] === content)
}

export function contentsOf(model: Model, inputs: ReadonlyMap<string, InputTable>): Record<string, string> {
  return Object.fromEntries(
    model.reads.flatMap((table) => {
      const input = inputs.get(table)
      return input ? [[table, contentText(input.timeline.total)]] : []
    }),
  )
}

export function contentOfAll(partitions: readonly Partition[]): Content {
  return partitions.map(({ days }) => totalOf(days)).reduce(plus)
}

function readyAs({ key, fingerprint, madeOf }: Partition): PlannedPartition {
  return { key, fingerprint, state: 'ready', why: '', madeOf, pieces: [], lookups: {} }
}

function whyOf(last: Partition, contents: Readonly<Record<string, string>>): string {
  const changed = Object.keys(contents).filter((table) => last.madeOf.inputs[table] !== contents[table])
  return `${changed.join(', ')} changed`
}

/** Of an input, the pieces that came, those that went, and all there are. */
type Kind = 'gained' | 'lost' | 'now'

const sinceThen = ['gained', 'lost'] as const satisfies Kind[]

/** By input. */
type Changes = ReadonlyMap<string, { readonly input: InputTable } & Readonly<Record<Kind, readonly Piece[]>>>

type Growing = {
  readonly model: Model
  readonly inputs: ReadonlyMap<string, InputTable>
  readonly before: Before
}

/** Undefined when what the build has read is not there any more, or too much is new. */
async function changesSince(
  workshop: Workshop,
  { model, inputs, before }: Growing,
): Promise<Changes | undefined> {
  const { build, partitions } = before
  // Inputs that were collected or damaged since cannot be compared with.
  const earlier = await inputsOf(workshop, model, build.inputs).catch(() => undefined)
  const last = partitions.at(-1)
  if (earlier === undefined || last === undefined || !isOf(last, contentsOf(model, earlier))) return undefined
  const changes = new Map(
    [...inputs].map(([table, input]) => {
      const was = earlier.get(table)?.pieces ?? []
      const now = input.pieces
      return [table, { input, gained: without(now, was), lost: without(was, now), now }] as const
    }),
  )
  const rows = (pieces: readonly Piece[]) => pieces.reduce((sum, piece) => sum + piece.rows, 0)
  const gained = [...changes.values()].reduce((sum, each) => sum + rows(each.gained), 0)
  const all = [...inputs.values()].reduce((sum, input) => sum + rows(input.pieces), 0)
  return gained > all * MOST_GAINED ? undefined : changes
}

function without(pieces: readonly Piece[], others: readonly Piece[]): Piece[] {
  const known = new Set(others.map(({ id }) => id))
  return pieces.filter(({ id }) => !known.has(id))
}

type Asking = Pick<Deciding, 'model' | 'signal'> & { readonly before: Before; readonly changes: Changes }

async function staysAsItIs(workshop: Workshop, { model, before, changes, signal }: Asking): Promise<boolean> {
  if (model.growth === undefined) return false
  const { unless, ifUnsure } = model.growth
  await using session = await workshop.engine.open(signal)
  const ask = async (select: string, { sql, parameters }: CompiledQuery, kinds: readonly Kind[]) => {
    const { slices, files } = slicesOf(workshop, model, { before, changes, kinds })
    for (const file of files) await refuseDamagedInput(workshop, file, false)
    return session.rows({ sql: `${select} from (${sql}) as doubt`, parameters }, slices)
  }
  const doubts = await ask('select distinct sure', unless, sinceThen)
  if (doubts.length === 0) return true
  if (ifUnsure === undefined || doubts.some(({ sure }) => sure === true)) return false
  return (await ask('select count(*) as n', ifUnsure, [...sinceThen, 'now'])).every(({ n }) => n === 0)
}

type Seeing = { readonly before: Before; readonly changes: Changes; readonly kinds?: readonly Kind[] }

function slicesOf({ storage }: Workshop, model: Model, { before, changes, kinds = sinceThen }: Seeing): Read {
  const own = before.partitions.filter(({ rows }) => rows > 0).flatMap(({ files }) => files)
  const slices: Slice[] = [
    {
      table: 'built',
      columns: model.columns,
      files: own.map(({ path }) => storage.absolute(path)),
      exact: true,
    },
  ]
  const files: Read['files'][number][] = [...own]
  for (const [table, { input, ...pieces }] of changes)
    for (const kind of kinds) {
      slices.push(
        sliceOver({ ...input, table: `${kind}.${table}` }, pieces[kind], undefined, storage.absolute),
      )
      files.push(...pieces[kind].flatMap((piece) => piece.files))
    }
  return { slices, files }
}
