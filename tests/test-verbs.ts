/** Test doubles of our own verbs, never of an engine: every call is remembered, and a test replaces the verbs it is about. */
import type { Activities, LandInput, StreamRef } from '#activities/index.ts'

export type Call = { readonly verb: keyof Activities; readonly input: unknown }

export type TestVerbs = Activities & { readonly calls: Call[] }

const streams: readonly StreamRef[] = [
  { source: 'typeform', stream: 'responses' },
  { source: 'hubspot', stream: 'contacts' },
  { source: 'stores', stream: 'orders' },
]

/** Three streams that land ten rows each, and three models in two levels. */
export function testVerbs(replaced: Partial<Activities> = {}): TestVerbs {
  const calls: Call[] = []
  const verbs: Activities = { ...ordinaryVerbs, ...replaced }
  const remember = (verb: keyof Activities, input?: unknown) => void calls.push({ verb, input })
  return {
    calls,
    streams: (input) => (remember('streams', input), verbs.streams(input)),
    land: (input) => (remember('land', input), verbs.land(input)),
    noteSync: (input) => (remember('noteSync', input), verbs.noteSync(input)),
    plan: () => (remember('plan'), verbs.plan()),
    build: (input) => (remember('build', input), verbs.build(input)),
    audit: (input) => (remember('audit', input), verbs.audit(input)),
    publish: (input) => (remember('publish', input), verbs.publish(input)),
  }
}

export const ordinaryVerbs: Activities = {
  streams: async ({ sources }) => streams.filter(({ source }) => !sources || sources.includes(source)),
  land: async () => ({ status: 'done', rows: 10, rejected: 1, files: 1 }),
  noteSync: async () => {},
  plan: async () => [['answer', 'order'], ['xo.customer_month']],
  build: async ({ model }) => ({ model, fingerprint: `print-of-${model}`, rows: 5, built: true }),
  audit: async () => ({ warnings: 0 }),
  publish: async ({ models }) => ({ version: 7, changed: true, models: Object.keys(models).length }),
}

/** A `land` that does something else for one source. */
export function landFor(
  source: string,
  special: (input: LandInput) => ReturnType<Activities['land']>,
): Activities['land'] {
  return (input) => (input.source === source ? special(input) : ordinaryVerbs.land(input))
}
