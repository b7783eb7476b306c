/**
 * What all of them give, once every one has ended; then the first failure in their order is thrown. A run must not end, cancelled or
 * failed, while what it began goes on.
 */
export async function allEnded<T>(begun: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(begun)
  return Promise.all(begun)
}
