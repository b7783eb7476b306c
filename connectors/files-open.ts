/** Opens a file as one or more streams of plain bytes: as it is, unpacked (gz), or member by member (zip). */
import { createReadStream } from 'node:fs'
import { createGunzip } from 'node:zlib'
import * as yauzl from 'yauzl'
import { FileDamaged } from './files-decode.ts'
import { type ListedFile, matches } from './files-listing.ts'

/** Something with rows: a file, or a member of an archive. */
export type Member = {
  /** As shown in messages: `orders.csv`, `march.zip/orders.csv`. */
  readonly name: string
  /** Name without `.gz`, by which the format is told. */
  readonly plainName: string
  /** Fresh bytes from the beginning, as often as asked for. */
  readonly bytes: () => AsyncIterable<Buffer>
  /** The file itself, where it is not packed. */
  readonly absolute?: string
}

/** The members of a file that belong to the stream, in a stable order; each is to be read before the next is asked for. */
export async function* membersOf(file: ListedFile, match: readonly string[]): AsyncGenerator<Member> {
  if (file.path.endsWith('.zip')) yield* zipMembers(file, match)
  else if (file.path.endsWith('.gz'))
    yield { name: file.path, plainName: file.path.slice(0, -3), bytes: () => gunzipped(file.absolute) }
  else yield plainMember(file)
}

function plainMember({ path, absolute }: ListedFile): Member {
  return { name: path, plainName: path, bytes: () => createReadStream(absolute), absolute }
}

async function* gunzipped(absolute: string): AsyncGenerator<Buffer> {
  const source = createReadStream(absolute)
  const gunzip = createGunzip()
  source.on('error', (error) => gunzip.destroy(error))
  source.pipe(gunzip)
  try {
    for await (const chunk of gunzip) yield chunk as Buffer
  } catch (error) {
    throw damaged(error, 'gzip')
  } finally {
    source.destroy()
    gunzip.destroy()
  }
}

async function* zipMembers(file: ListedFile, match: readonly string[]): AsyncGenerator<Member> {
  const zip = await yauzl
    .openPromise(file.absolute, { autoClose: false, decodeStrings: false })
    .catch((error: unknown) => Promise.reject(damaged(error, 'zip')))
  try {
    const entries: { name: string; entry: yauzl.Entry }[] = []
    for await (const entry of zip.eachEntry()) entries.push({ name: nameOf(entry), entry })
    const whole = matches(file.path, match)
    for (const { name, entry } of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const shown = `${file.path}/${name}`
      if (name.endsWith('/') || /(^|\/)(\.|__MACOSX)/.test(name)) continue
      if (!whole && !matches(shown, match)) continue
      yield { name: shown, plainName: name, bytes: () => unzipped(zip, entry) }
    }
  } catch (error) {
    throw damaged(error, 'zip')
  } finally {
    zip.close()
  }
}

async function* unzipped(zip: yauzl.ZipFile, entry: yauzl.Entry): AsyncGenerator<Buffer> {
  try {
    const stream = await zip.openReadStreamPromise(entry)
    for await (const chunk of stream) yield chunk as Buffer
  } catch (error) {
    throw damaged(error, 'zip')
  }
}

/** Names are UTF-8 where the archive says so or they are valid as such; Chinese Windows writes GBK without saying it. */
function nameOf(entry: yauzl.Entry): string {
  const bytes = entry.fileNameRaw
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder('gb18030').decode(bytes)
  }
}

/** Broken archives are the file's fault; a missing or forbidden file is not. */
function damaged(error: unknown, kind: 'gzip' | 'zip'): unknown {
  if (error instanceof FileDamaged || !(error instanceof Error)) return error
  const code = 'code' in error ? String(error.code) : ''
  if (/^E[A-Z]+$/.test(code) && !code.startsWith('ERR_')) return error
  return new FileDamaged(`the ${kind} archive is damaged, cut off or encrypted`, { cause: error })
}
