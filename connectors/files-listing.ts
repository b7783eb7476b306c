/** Lists the files of a stream below a folder, in a stable order, each with a print that changes when the file does. */
import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'

export type ListedFile = {
  /** Relative to the folder, with forward slashes. */
  readonly path: string
  readonly absolute: string
  /** 48 bits over the path. */
  readonly id: number
  /** 48 bits over path, size and time of change. */
  readonly print: number
}

/** Files in order of their path. Hidden files, spreadsheets' lock files and half-written `.part` and `.tmp` files are left out. */
export async function listFiles(folder: string, match: readonly string[]): Promise<ListedFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files: ListedFile[] = []
  for (const entry of entries) {
    const absolute = path.join(entry.parentPath, entry.name)
    const relative = path.relative(folder, absolute).split(path.sep).join('/')
    if (entry.isDirectory() || isLeftOut(relative) || !concerns(relative, match)) continue
    const known = await stat(absolute).catch(() => null)
    if (known?.isFile() !== true) continue
    const print = hashOf(`${relative}\0${known.size}\0${known.mtimeMs}`)
    files.push({ path: relative, absolute, id: hashOf(relative), print })
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Whether a file, or a member of an archive (`archive.zip/member.csv`), belongs to the stream. */
export function matches(relative: string, match: readonly string[]): boolean {
  return match.some((glob) => path.posix.matchesGlob(relative, glob))
}

/** An archive concerns a stream when the stream names it, or may name one of its members. */
function concerns(relative: string, match: readonly string[]): boolean {
  if (matches(relative, match)) return true
  return relative.endsWith('.zip') && match.some((glob) => matches(relative, [path.posix.dirname(glob)]))
}

function isLeftOut(relative: string): boolean {
  const parts = relative.split('/')
  return (
    parts.some((part) => part.startsWith('.') || part === '__MACOSX') ||
    /^~\$|\.(part|tmp)$/.test(parts.at(-1) ?? '')
  )
}

function hashOf(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6)
}
