/** Waiting for a source without forgetting time or cancellation. */

/**
 * The iterator's next answer, or `due` when `milliseconds` pass first (the answer is then still to come: pass the same promise again).
 * Rejects with the signal's reason as soon as it aborts.
 */
export function orDue<T>(next: Promise<T>, milliseconds: number, signal: AbortSignal): Promise<T | 'due'> {
  return new Promise((resolve, reject) => {
    const onAbort = () => settle(() => reject(signal.reason as Error))
    const timer = Number.isFinite(milliseconds)
      ? setTimeout(() => settle(() => resolve('due')), Math.max(0, milliseconds))
      : undefined
    const settle = (answer: () => void) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      answer()
    }
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort)
    next.then(
      (value) => settle(() => resolve(value)),
      (error: Error) => settle(() => reject(error)),
    )
  })
}
