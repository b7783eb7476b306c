/** What the guard does to a verb: errors come out clean and typed, heartbeats go on, the verb's own details are kept. */
import { ApplicationFailure, Context } from '@temporalio/activity'
import { MockActivityEnvironment } from '@temporalio/testing'
import { expect, test, vi } from 'vitest'
import { SourceLimited, SourceRejected } from '#connectors/source-error.ts'
import { activityGuard, cleanFailure } from './activity-guard.ts'
import { redactor } from './redact.ts'

const now = new Date('2026-01-01T00:00:00Z')
const redact = redactor(['s3cret-token-value'])

function guarded() {
  return new MockActivityEnvironment({}, { interceptors: [activityGuard({ redact, now: () => now })] })
}

test('a failure keeps the class name and a redacted message, and no stack line repeats the message', () => {
  const error = new SourceRejected('401 with s3cret-token-value for ann@example.com', {
    source: 'crm',
    status: 401,
  })
  const failure = cleanFailure(error, redact, now)
  expect(failure.type).toBe('SourceRejected')
  expect(failure.message).toBe('[crm] 401 with *** for ***@***')
  expect(failure.cause).toBeUndefined()
  expect(failure.stack).toMatch(/^\s+at /)
  expect(failure.stack).not.toMatch(/ann@example|s3cret/)
})

test('a source that asks to come back later is tried again then', () => {
  const until = new Date(now.getTime() + 90_000)
  const failure = cleanFailure(
    new SourceLimited('daily quota is used up', { source: 'crm', until }),
    redact,
    now,
  )
  expect(failure.nextRetryDelay).toBe(90_000)
  expect(failure.nonRetryable).toBe(false)
})

test('a failure that says it is final stays final', () => {
  const failure = cleanFailure(ApplicationFailure.nonRetryable('no', 'Final'), redact, now)
  expect([failure.type, failure.nonRetryable]).toEqual(['Final', true])
})

test('what is thrown and is no error is still told', () => {
  expect(cleanFailure('plain words', redact, now).message).toBe('plain words')
})

test('the guard throws the clean failure', async () => {
  const verb = async () => {
    throw new SourceRejected('refused s3cret-token-value', { source: 'crm' })
  }
  await expect(guarded().run(verb)).rejects.toMatchObject({
    type: 'SourceRejected',
    message: '[crm] refused ***',
  })
})

test('a quiet verb is kept alive, with the last details it told itself', async () => {
  vi.useFakeTimers()
  try {
    const environment = guarded()
    const beats: unknown[] = []
    environment.on('heartbeat', (details: unknown) => beats.push(details))
    const running = environment.run(async () => {
      Context.current().heartbeat({ rows: 5 })
      await new Promise((resolve) => setTimeout(resolve, 9000))
    })
    await vi.advanceTimersByTimeAsync(9000)
    await running
    await vi.advanceTimersByTimeAsync(9000)
    expect(beats).toEqual([{ rows: 5 }, { rows: 5 }, { rows: 5 }])
  } finally {
    vi.useRealTimers()
  }
})

test('whatever a cancelled verb throws counts as cancelled', async () => {
  const environment = guarded()
  const running = environment.run(async () => {
    await Context.current().cancelled.catch(() => {
      throw new Error('query interrupted')
    })
  })
  environment.cancel('CANCELLED')
  await expect(running).rejects.toMatchObject({ name: 'CancelledFailure' })
})
