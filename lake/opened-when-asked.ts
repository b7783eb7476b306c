/** A session that is opened when it is first asked something: opening costs more than many a question, and some need none. */
import type { EngineSession } from './engine.ts'

export function openedWhenAsked(open: () => Promise<EngineSession>): EngineSession {
  let opened: Promise<EngineSession> | undefined
  const session = () => (opened ??= open())
  return {
    write: async (request) => (await session()).write(request),
    writeRows: async (request) => (await session()).writeRows(request),
    rows: async (query, inputs) => (await session()).rows(query, inputs),
    async [Symbol.asyncDispose]() {
      if (opened) await (await opened)[Symbol.asyncDispose]()
    },
  }
}
