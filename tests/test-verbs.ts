/** Test doubles of our own verbs, never of an engine: every call is remembered, and a test replaces the verbs it is about. */
import type { Activities, LandInput, StreamRef } from '#activities/index.ts'

export type Call = { readonly verb: keyof Activities; readonly input: unknown }

export type TestVerbs = Activities & { readonly calls: Call[] }

const streams: readonly StreamRef[] = [
  { source: 'typeform', stream: 'responses' },
  { source: 'hubspot', stream: 'contacts' },
  { source: 'stores', stream: 'orders' },
]

/** Three streams that land ten rows each, and three models in two levels, of each of which three partitions are built in two steps. */
export function testVerbs(replaced: Partial<Activities> = {}): TestVerbs {
  const calls: Call[] = []
  const verbs: Activities = { ...ordinaryVerbs, ...replaced }
  const remember = (verb: keyof Activities, input?: unknown) => void calls.push({ verb, input })
  return {
    calls,
    streams: (input) => (remember('streams', input), verbs.streams(input)),
    land: (input) => (remember('land', input), verbs.land(input)),
    noteSync: (input) => (remember('noteSync', input), verbs.noteSync(input)),
    order: () => (remember('order'), verbs.order()),
    settle: (input) => (remember('settle', input), verbs.settle(input)),
    plan: (input) => (remember('plan', input), verbs.plan(input)),
    build: (input) => (remember('build', input), verbs.build(input)),
    assemble: (input) => (remember('assemble', input), verbs.assemble(input)),
    audit: (input) => (remember('audit', input), verbs.audit(input)),
    publish: (input) => (remember('publish', input), verbs.publish(input)),
  }
}

export const ordinaryVerbs: Activities = {
  streams: async ({ sources }) => streams.filter(({ source }) => !sources || sources.includes(source)),
  land: async () => ({ status: 'done', rows: 10, rejected: 1, files: 1 }),
  noteSync: async () => {},
  order: async () => ({
    streams: [
      { source: 'typeform', stream: 'responses', time: 'submitted_at' },
      { source: 'stores', stream: 'orders', time: '' },
    ],
    levels: [['answer', 'order'], ['xo.customer_month']],
  }),
  settle: async ({ source, stream }) => `ledger-of-${source}.${stream}`,
  plan: async ({ model }) => ({
    model,
    partitions: 3,
    batches: [['2024-01-01_2024-02-01', '2024-02-01_2024-03-01'], ['undated']],
    plan: `plan-of-${model}`,
    ready: null,
  }),
  build: async ({ keys }) => keys.length * 2,
  assemble: async ({ plan }) => ({
    fingerprint: plan.replace('plan-of', 'print-of'),
    rows: 6,
    served: false,
  }),
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
