/** What connectors that speak HTTP must do besides: pauses, refusals, broken answers, silence; and never a secret in an error. */
import { inspect } from 'node:util'
import { expect } from 'vitest'
import type { Stream } from './connector.ts'
import type { Check } from './conformance-check.ts'
import { identities } from './conformance-subject.ts'
import type { Fault, Faults, Outcome, Reader } from './conformance-subject.ts'
import { SourceLimited, SourceRejected, SourceUnavailable } from './source-error.ts'

/** More requests than any client's patience. */
const FOREVER = 1000

const transient: readonly [string, Fault][] = [
  ['a server error', { status: 503, body: {} }],
  ['a body cut in half', 'cut'],
  ['a body that is not JSON', 'invalid'],
]

export const networkChecks: readonly Check[] = [
  {
    title: 'a short pause the vendor asks for is slept, then reading goes on',
    run: (reader) =>
      under(
        reader,
        () => faultsOf(reader).failNext(1, pause(reader, 7), 1),
        (stream, disturbed, whole) => {
          expect(disturbed.error, stream.name).toBeUndefined()
          expect(disturbed.records, stream.name).toEqual(whole.records)
          expect(
            reader.clock.slept.some((ms) => ms > 6000 && ms <= 7000),
            stream.name,
          ).toBe(true)
        },
      ),
  },
  {
    title: 'a long pause is handed to whoever runs us',
    run: (reader) =>
      under(
        reader,
        () => faultsOf(reader).failNext(1, pause(reader, 3600)),
        (stream, { error }) => {
          expect(error, stream.name).toBeInstanceOf(SourceLimited)
          const until = error instanceof SourceLimited ? error.until.getTime() : 0
          const wait = until - reader.clock.now().getTime()
          expect(Math.abs(wait - 3_600_000), stream.name).toBeLessThan(5000)
        },
      ),
  },
  ...transient.map(([name, fault]) => ({
    title: `${name} is tried again`,
    run: (reader: Reader) =>
      under(
        reader,
        () => faultsOf(reader).failNext(1, fault, 1),
        (stream, { records, error }, whole) => {
          expect(error, stream.name).toBeUndefined()
          expect(records, stream.name).toEqual(whole.records)
        },
      ),
  })),
  ...transient.map(([name, fault]) => ({
    title: `${name} that stays makes the source unavailable`,
    run: (reader: Reader) =>
      under(
        reader,
        () => faultsOf(reader).failNext(FOREVER, fault),
        (stream, { error }) => {
          expect(error, stream.name).toBeInstanceOf(SourceUnavailable)
        },
      ),
  })),
  ...[400, 401, 403, 404].map((status) => ({
    title: `status ${status} rejects us at once`,
    run: (reader: Reader) =>
      under(
        reader,
        () => faultsOf(reader).failNext(FOREVER, { status, body: { message: 'no' } }),
        (stream, { error }) => {
          expect(error, stream.name).toBeInstanceOf(SourceRejected)
          expect(error instanceof SourceRejected && error.status, stream.name).toBe(status)
        },
      ),
  })),
  {
    title: 'a token that expires during a run stops it, and the run goes on with a new one',
    run: (reader) =>
      under(
        reader,
        () => faultsOf(reader).expireToken(2),
        async (stream, cut, whole) => {
          expect(cut.error, stream.name).toBeInstanceOf(SourceRejected)
          const rest = await reader.read(stream, { checkpoint: cut.pages.at(-1)?.checkpoint ?? null })
          const both = identities(stream, [...cut.records, ...rest.records])
          expect(both, stream.name).toEqual(identities(stream, whole.records))
        },
      ),
  },
  {
    title: 'a refused token fails the check',
    run: async (reader) => {
      faultsOf(reader).expireToken()
      await expect(reader.check()).rejects.toBeInstanceOf(SourceRejected)
    },
  },
  {
    title: 'an empty page that is not the last does not end the run',
    run: (reader) =>
      under(
        reader,
        () => faultsOf(reader).emptyNext(1),
        (stream, { records, error }, whole) => {
          expect(error, stream.name).toBeUndefined()
          expect(identities(stream, records), stream.name).toEqual(identities(stream, whole.records))
        },
      ),
  },
  {
    title: 'paging that stands still does not go round for ever',
    run: (reader) =>
      under(
        reader,
        () => faultsOf(reader).repeatAnswer(1),
        (stream, { pages, error }) => {
          expect(pages.length, stream.name).toBeLessThan(50)
          if (error !== undefined) expect(error, stream.name).toBeInstanceOf(SourceUnavailable)
        },
      ),
  },
  {
    title: 'abort ends a read that hangs, within seconds',
    run: async (reader) => {
      for (const stream of reader.streams) {
        faultsOf(reader).failNext(FOREVER, 'silent')
        const started = performance.now()
        const { error } = await reader.read(stream, { signal: AbortSignal.timeout(100) })
        expect(error, stream.name).toBeDefined()
        expect(performance.now() - started, stream.name).toBeLessThan(5000)
        faultsOf(reader).failNext(0, 'silent')
      }
    },
  },
]

function faultsOf({ subject }: Reader): Faults {
  if (subject.faults === undefined)
    throw new Error('The subject of a connector that speaks HTTP must offer faults.')
  return subject.faults
}

/** Each stream read whole, then again under a fault, then set right; errors are searched for secrets on the way. */
async function under(
  reader: Reader,
  disturb: () => void,
  look: (stream: Stream, disturbed: Outcome, whole: Outcome) => void | Promise<void>,
): Promise<void> {
  for (const stream of reader.streams) {
    const whole = await reader.read(stream)
    disturb()
    const disturbed = await reader.read(stream)
    faultsOf(reader).failNext(0, 'silent')
    faultsOf(reader).renewToken()
    expectNoSecret(reader, disturbed.error)
    await look(stream, disturbed, whole)
  }
}

function expectNoSecret({ subject }: Reader, error: unknown): void {
  const text = inspect(error, { depth: 10, showHidden: true })
  for (const [name, secret] of Object.entries(subject.secrets))
    for (const spelling of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')])
      expect(text.includes(spelling), `secret ${name} in an error`).toBe(false)
}

function pause({ subject, clock }: Reader, seconds: number): Fault {
  const headers = subject.pause?.(seconds, clock.now()) ?? { 'retry-after': String(seconds) }
  return { status: 429, headers, body: { error: 'RATE_LIMITED' } }
}
