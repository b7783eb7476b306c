/** Finds what a model looks up: the keys of each partition, and which pieces of the looked-up table hold how much of them. */
import { hash } from 'node:crypto'
import { join } from 'node:path'
import type { LookupsFound } from '#lake/builds.ts'
import { type Content, nothing, plus } from '#lake/content.ts'
import { eachOf } from '#lake/each-of.ts'
import type { CompiledQuery, EngineSession, Slice } from '#lake/engine.ts'
import { knownWhole } from '#lake/file-damaged.ts'
import { keyText, LakeFile, type PartitionKey } from '#lake/partition.ts'
import { identifier } from '#lake/quote.ts'
import { recordContent } from '#lake/raw-index.ts'
import { inDraft, storeFile } from '#lake/store-file.ts'
import type { Model } from '#models/define-model.ts'
import { type Reading, readingsOf } from '#models/partition.ts'
import type { InputTable, Piece } from './input-table.ts'
import { keySlice } from './key-slice.ts'
import { contentsAfterChanges } from './lookup-changes.ts'
import { contentRead, type FoundKeys, type Lookups, sliceOver, sliceRead } from './reading.ts'
import { refuseDamagedInput } from './refuse-damaged-input.ts'
import type { Workshop } from './workshop.ts'

type Lookup = Extract<Reading, { read: 'lookup' }>

export type Place = { readonly key: PartitionKey; readonly bucketKey: string | undefined }

/** Of each partition (by place in the list), what each input's lookups found. */
export type LookupsOf = readonly ReadonlyMap<string, Lookups>[]

export type LookupWork = {
  readonly workshop: Workshop
  readonly session: EngineSession
  readonly model: Model
  readonly inputs: ReadonlyMap<string, InputTable>
  readonly places: readonly Place[]
  /** What the last build found: only pieces it did not search are searched again. */
  readonly before: LookupsFound
}

/** Inputs are searched in the order in which their keys become known: first those whose keys come from what is read by time. */
export async function findLookups(
  work: LookupWork,
): Promise<{ readonly found: LookupsOf; readonly memo: LookupsFound }> {
  const found = work.places.map(() => new Map<string, Lookups>())
  const memo: LookupsFound = {}
  for (const { table, lookup } of inOrder(work.model, work.inputs)) {
    const input = work.inputs.get(table)
    if (input === undefined) continue
    if (input.timeline.total.rows === 0) {
      for (const each of found) each.set(table, [...(each.get(table) ?? []), nowhere])
      continue
    }
    const keySets = await eachOf([...work.places.entries()], 2, ([index, place]) =>
      keySetOf(work, lookup, place, found[index] ?? new Map()),
    )
    const name = `${table} ${lookup.key} ${found[0]?.get(table)?.length ?? 0}`
    const matches = await matchesOf(work, input, lookup, keySets, work.before[name])
    memo[name] = {
      pieces: input.pieces.map(({ id }) => id),
      matches: Object.fromEntries(
        keySets.map(({ id }) => [id, (matches.get(id) ?? []).map(([at, c]) => [at, c.rows, String(c.hash)])]),
      ),
    }
    for (const [index, keySet] of keySets.entries()) {
      const lookups = found[index]?.get(table) ?? []
      found[index]?.set(table, [...lookups, foundKeys(input, keySet, matches.get(keySet.id) ?? [])])
    }
  }
  return { found, memo }
}

/** In an empty table nothing is found, whatever the keys are. */
const nowhere: FoundKeys = { file: null, pieces: new Set(), content: nothing }

type KeySet = { readonly id: string; readonly file: string }

type Match = readonly [place: number, content: Content]

function foundKeys(input: InputTable, { file }: KeySet, matches: readonly Match[]): FoundKeys {
  return {
    file,
    pieces: new Set(matches.flatMap(([place]) => input.pieces[place] ?? [])),
    content: matches.reduce((sum, [, content]) => plus(sum, content), nothing),
  }
}

/** Every lookup of a model after those whose slices its keys come from. Throws when two wait for each other. */
export function inOrder(
  model: Model,
  inputs: ReadonlyMap<string, InputTable>,
): { table: string; lookup: Lookup }[] {
  const all = [...inputs.keys()].flatMap((table) =>
    readingsOf(model, table).flatMap((lookup) => (lookup.read === 'lookup' ? [{ table, lookup }] : [])),
  )
  const ordered: typeof all = []
  let waiting = all
  while (waiting.length > 0) {
    const open = new Set(waiting.map(({ table }) => table))
    const ready = waiting.filter(({ table, lookup }) =>
      sourcesOf(model, inputs, lookup).every((source) => source === table || !open.has(source)),
    )
    if (ready.length === 0)
      throw new Error(
        `[${model.name}] its lookups of ${[...open].join(', ')} take their keys from each other; take the keys of one from an input read by time.`,
      )
    ordered.push(...ready)
    waiting = waiting.filter((each) => !ready.includes(each))
  }
  return ordered
}

/** The inputs whose slices a lookup takes its keys from. */
function sourcesOf(model: Model, inputs: ReadonlyMap<string, InputTable>, { key, among }: Lookup): string[] {
  if (among !== undefined) return [...among]
  return [...inputs.values()]
    .filter(({ table, columns }) => {
      const byPlace = readingsOf(model, table).some(({ read }) => read === 'same' || read === 'window')
      return byPlace && columns.some(({ name }) => name === key)
    })
    .map(({ table }) => table)
}

function keysQuery(model: Model, inputs: ReadonlyMap<string, InputTable>, lookup: Lookup): CompiledQuery {
  if (lookup.keys !== undefined) return lookup.keys
  const sources = sourcesOf(model, inputs, lookup)
  if (sources.length === 0)
    throw new Error(
      `[${model.name}] lookup(${JSON.stringify(lookup.key)}) finds no input read by time or bucket that has this column; give it a query for its keys.`,
    )
  const selects = sources.map(
    (source) => `select ${identifier(lookup.key)} from ${source.split('.').map(identifier).join('.')}`,
  )
  return { sql: selects.join(' union all '), parameters: [] }
}

/** The keys that occur in a partition, found once for a content of what they come from. */
async function keySetOf(
  { workshop, session, model, inputs }: LookupWork,
  lookup: Lookup,
  place: Place,
  found: ReadonlyMap<string, Lookups>,
): Promise<KeySet> {
  const { control, storage, engine, newId, now } = workshop
  const query = keysQuery(model, inputs, lookup)
  const sources = sourcesOf(model, inputs, lookup).flatMap((table) => inputs.get(table) ?? [])
  const contents = sources.map((input) => [
    input.table,
    // The content of a bucket of a table that is cut otherwise is that of the whole table.
    place.key.is === 'bucket' ? `${place.bucketKey} ${keyText(place.key)}` : place.key.is,
    contentRead(input, readingsOf(model, input.table), {
      ...place,
      lookups: found.get(input.table) ?? [],
    }),
  ])
  const id = hash('sha256', JSON.stringify([engine.majorVersion, query, contents])).slice(0, 24)
  const known = async () => {
    const row = await control.db.selectFrom('key_set').select('file').where('id', '=', id).executeTakeFirst()
    return row && { id, file: LakeFile.parse(JSON.parse(row.file)).path }
  }
  const earlier = await known()
  if (earlier) return earlier
  const slices: Slice[] = sources.map(
    (input) =>
      sliceRead(input, {
        ...place,
        readings: readingsOf(model, input.table),
        lookups: found.get(input.table) ?? [],
        absolute: storage.absolute,
      }).slice,
  )
  const file = await inDraft(storage, `keys-${newId()}`, async (folder) => {
    const local = join(folder, 'keys.parquet')
    const sql = `select distinct ${engine.spelling.hashOfKey('key')} as k from (${query.sql}) as occurring("key") where "key" is not null`
    await session.write({ query: { sql, parameters: query.parameters }, inputs: slices, file: local })
    return storeFile(storage, local, `index/keys/${id}-${newId().slice(0, 8)}.parquet`)
  })
  knownWhole(storage.root, file)
  await control.db
    .insertInto('key_set')
    .values({ id, file: JSON.stringify(file), made_at: now().toISOString() })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  const kept = (await known()) ?? { id, file: file.path }
  if (kept.file !== file.path) await storage.remove(file.path)
  return kept
}

/** By key set: the pieces that hold some of its keys, with the content of those rows. */
async function matchesOf(
  work: LookupWork,
  input: InputTable,
  lookup: Lookup,
  keySets: readonly KeySet[],
  before: LookupsFound[string] | undefined,
): Promise<Map<string, Match[]>> {
  const placeOf = new Map(input.pieces.map(({ id }, place) => [id, place]))
  const searched = new Set(before?.pieces)
  const matches = new Map<string, Match[]>()
  const known: KeySet[] = []
  const unknown: KeySet[] = []
  for (const keySet of new Map(keySets.map((each) => [each.id, each])).values()) {
    const old = before?.matches[keySet.id]
    if (old === undefined) unknown.push(keySet)
    else known.push(keySet)
    const kept = (old ?? []).flatMap(([at, rows, digits]): Match[] => {
      const place = placeOf.get(before?.pieces[at] ?? '')
      return place === undefined ? [] : [[place, { rows, hash: BigInt(digits) }]]
    })
    matches.set(keySet.id, kept)
  }
  const fresh = input.pieces.filter(({ id }) => !searched.has(id))
  const changed =
    known.length > 0 && fresh.length > 0
      ? await contentsAfterChanges({
          ...work,
          input,
          column: indexColumn(lookup.key),
          sets: new Map(known.map(({ id, file }) => [id, file])),
          before,
        })
      : undefined
  for (const [id, content] of changed ?? []) if (content.rows > 0) matches.get(id)?.push([0, content])
  for (const [sets, pieces] of [
    [changed ? [] : known, fresh],
    [unknown, input.pieces],
  ] as const)
    for (const { set, place, content } of await search(work, input, lookup, sets, pieces, placeOf))
      matches.get(set)?.push([place, content])
  return matches
}

type Hit = { readonly set: string; readonly place: number; readonly content: Content }

/** Join key sets with the pieces' indexes; landed files have none for arbitrary keys and are read themselves. */
async function search(
  { workshop, session }: LookupWork,
  input: InputTable,
  { key }: Lookup,
  sets: readonly KeySet[],
  pieces: readonly Piece[],
  placeOf: ReadonlyMap<string, number>,
): Promise<Hit[]> {
  const { storage, engine } = workshop
  const filled = pieces.filter(({ rows }) => rows > 0)
  if (sets.length === 0 || filled.length === 0) return []
  for (const piece of filled)
    for (const file of input.landed ? piece.files : piece.index)
      await refuseDamagedInput(workshop, file, input.landed !== null)
  const held = heldBy(input, key, filled, workshop)
  const setOf = new Map(sets.map(({ id, file }) => [storage.absolute(file), id]))
  const pieceOf = new Map(
    filled.flatMap((piece) =>
      (input.landed ? piece.files : piece.index).map(
        ({ path }) => [storage.absolute(path), piece.id] as const,
      ),
    ),
  )
  const rows = await session.rows(
    {
      sql: `select keys._set as "set", held._file as piece, count(*) as n, ${engine.spelling.sumOfHashes('h')} as hash
        from keys join (${held.select}) as held on held.k = keys.k group by keys._set, held._file`,
      parameters: [],
    },
    [keySlice([...setOf.keys()]), held.slice],
  )
  return rows.flatMap((row) => {
    const set = setOf.get(String(row['set']))
    const place = placeOf.get(pieceOf.get(String(row['piece'])) ?? '')
    if (set === undefined || place === undefined) return []
    return [{ set, place, content: { rows: Number(row['n']), hash: BigInt(String(row['hash'])) } }]
  })
}

/** Rows of the pieces as key hash k, row hash h and file. */
function heldBy(
  input: InputTable,
  key: string,
  pieces: readonly Piece[],
  { engine, storage }: Workshop,
): { slice: Slice; select: string } {
  const { spelling } = engine
  if (input.landed) {
    const type = input.columns.find(({ name }) => name === key)?.type ?? 'VARCHAR'
    const columns = [
      { name: key, type },
      ...recordContent.map((name) => ({ name, type: 'VARCHAR' as const })),
    ]
    const slice = sliceOver({ ...input, table: 'landed', columns }, pieces, undefined, storage.absolute)
    return {
      slice: { ...slice, fileColumn: '_file' },
      select: `select ${spelling.hashOfKey(key)} as k, ${spelling.hash(recordContent)} as h, _file from landed`,
    }
  }
  const column = indexColumn(key)
  return {
    slice: {
      table: 'indexed',
      files: pieces.flatMap(({ index }) => index.map(({ path }) => storage.absolute(path))),
      fileColumn: '_file',
      exact: true,
      columns: [
        { name: column, type: 'UBIGINT' },
        { name: 'h', type: 'UBIGINT' },
      ],
    },
    select: `select ${identifier(column)} as k, h, _file from indexed`,
  }
}

/** The column of a partition's index that holds the hashes of a key others look it up by. */
export function indexColumn(key: string): string {
  return `k_${key}`
}
