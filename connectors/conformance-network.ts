/** The part of the suite for connectors that speak HTTP: pauses, refusals, broken answers, silence. */
import { describe, expect, test } from 'vitest'
import { inspect } from 'node:util'
import type { Connector, Stream } from './connector.ts'
import { identities } from './conformance-subject.ts'
import type { Fault, Faults, Outcome, Reader } from './conformance-subject.ts'
import { SourceLimited, SourceRejected, SourceUnavailable } from './source-error.ts'

/** More than any client’s patience. */
const FOREVER = 1000

export function conformanceOverNetwork(connector: Connector, current: () => Reader): void {
  function faults(): Faults {
    const { faults } = current().subject
    if (faults === undefined) throw new Error(`The subject of ${connector.name} offers no faults.`)
    return faults
  }

  /** Each stream read whole, then again under a fault, then set right. */
  async function eachStream(
    disturb: () => void,
    look: (stream: Stream, disturbed: Outcome, whole: Outcome) => void | Promise<void>,
  ): Promise<void> {
    const { streams, read } = current()
    for (const stream of streams) {
      const whole = await read(stream)
      disturb()
      const disturbed = await read(stream)
      faults().failNext(0, 'silent')
      faults().renewToken()
      expectNoSecret(disturbed.error)
      await look(stream, disturbed, whole)
    }
  }

  function expectNoSecret(error: unknown): void {
    const text = inspect(error, { depth: 10, showHidden: true })
    for (const [name, secret] of Object.entries(current().subject.secrets)) {
      expect(text.includes(secret), `secret ${name} in an error`).toBe(false)
      expect(text.includes(Buffer.from(secret).toString('base64')), `secret ${name} in base64`).toBe(false)
    }
  }

  function pause(seconds: number): Fault {
    const { subject, clock } = current()
    const headers = subject.pause?.(seconds, clock.now()) ?? { 'retry-after': String(seconds) }
    return { status: 429, headers, body: { error: 'RATE_LIMITED' } }
  }

  describe('over a network', () => {
    test('a short pause the vendor asks for is slept, then reading goes on', () =>
      eachStream(
        () => faults().failNext(1, pause(7), 1),
        (stream, { records, error }, whole) => {
          expect(error, stream.name).toBeUndefined()
          expect(records, stream.name).toEqual(whole.records)
          const { slept } = current().clock
          expect(
            slept.some((ms) => ms > 6000 && ms <= 7000),
            `${stream.name} slept ${slept.join(', ')}`,
          ).toBe(true)
        },
      ))

    test('a long pause is handed to whoever runs us', () =>
      eachStream(
        () => faults().failNext(1, pause(3600)),
        (stream, { error }) => {
          expect(error, stream.name).toBeInstanceOf(SourceLimited)
          const until = error instanceof SourceLimited ? error.until.getTime() : 0
          const wait = until - current().clock.now().getTime()
          expect(Math.abs(wait - 3_600_000), stream.name).toBeLessThan(5000)
        },
      ))

    const oneFault: readonly [string, Fault][] = [
      ['a server error', { status: 503, body: {} }],
      ['a body cut in half', 'cut'],
      ['a body that is not JSON', 'invalid'],
    ]
    test.each(oneFault)('%s is tried again', (_, fault) =>
      eachStream(
        () => faults().failNext(1, fault, 1),
        (stream, { records, error }, whole) => {
          expect(error, stream.name).toBeUndefined()
          expect(records, stream.name).toEqual(whole.records)
        },
      ),
    )

    test.each(oneFault)('%s that stays makes the source unavailable', (_, fault) =>
      eachStream(
        () => faults().failNext(FOREVER, fault),
        (stream, { error }) => expect(error, stream.name).toBeInstanceOf(SourceUnavailable),
      ),
    )

    test.each([400, 401, 403, 404])('status %i rejects us at once', (status) =>
      eachStream(
        () => faults().failNext(FOREVER, { status, body: { message: 'no' } }),
        (stream, { error }) => {
          expect(error, stream.name).toBeInstanceOf(SourceRejected)
          expect(error instanceof SourceRejected && error.status, stream.name).toBe(status)
        },
      ),
    )

    test('a token that expires during a run stops it, and the run goes on with a new one', () =>
      eachStream(
        () => faults().expireToken(2),
        async (stream, cut, whole) => {
          expect(cut.error, stream.name).toBeInstanceOf(SourceRejected)
          const checkpoint = cut.pages.at(-1)?.checkpoint ?? null
          const rest = await current().read(stream, { checkpoint })
          expect(identities(stream, [...cut.records, ...rest.records]), stream.name).toEqual(
            identities(stream, whole.records),
          )
        },
      ))

    test('a refused token fails the check', async () => {
      faults().expireToken()
      await expect(connector.check(current().context)).rejects.toBeInstanceOf(SourceRejected)
    })

    test('an empty page that is not the last does not end the run', () =>
      eachStream(
        () => faults().emptyNext(1),
        (stream, { records, error }, whole) => {
          expect(error, stream.name).toBeUndefined()
          expect(identities(stream, records), stream.name).toEqual(identities(stream, whole.records))
        },
      ))

    test('paging that stands still does not go round for ever', () =>
      eachStream(
        () => faults().repeatAnswer(1),
        (stream, { pages, error }) => {
          expect(pages.length, stream.name).toBeLessThan(50)
          if (error !== undefined) expect(error, stream.name).toBeInstanceOf(SourceUnavailable)
        },
      ))

    test('abort ends a read that hangs, within seconds', async () => {
      const { streams, read } = current()
      for (const stream of streams) {
        faults().failNext(FOREVER, 'silent')
        const started = performance.now()
        const { error } = await read(stream, { signal: AbortSignal.timeout(100) })
        expect(error, stream.name).toBeDefined()
        expect(performance.now() - started, stream.name).toBeLessThan(5000)
        faults().failNext(0, 'silent')
      }
    })
  })
}
