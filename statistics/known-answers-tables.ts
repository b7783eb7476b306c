/** Finds every known-answer table of the room by its file name, so that a new table needs no registration. */
import { readdirSync } from 'node:fs'
import type { KnownAnswers } from './known-answers.ts'

export type Table = { readonly file: string; readonly answers: KnownAnswers }

/** The tables of all `*.answers.ts`; a file exports `answers` and may export further tables under other names. */
export async function tables(): Promise<Table[]> {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.answers.ts'))
    .sort()
  const found = await Promise.all(files.map(tablesOf))
  return found.flat()
}

async function tablesOf(file: string): Promise<Table[]> {
  const exported = (await import(`./${file}`)) as Record<string, KnownAnswers | readonly KnownAnswers[]>
  return Object.entries(exported).flatMap(([name, value]) =>
    [value].flat().map((answers, i, list) => ({
      file: list.length > 1 ? `${file} ${name}[${i}]` : name === 'answers' ? file : `${file} ${name}`,
      answers,
    })),
  )
}
