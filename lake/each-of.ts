/**
 * What the work gives for each item, in their order, with so many at a time. After a failure nothing more is begun; it is thrown once
 * everything that was begun has ended.
 */
export async function eachOf<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const waiting = [...items.entries()]
  const results: Result[] = []
  const workOn = async () => {
    try {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
        results[next[0]] = await work(next[1])
    } catch (error) {
      waiting.length = 0
      throw error
    }
  }
  const begun = Array.from({ length: atOnce }, workOn)
  await Promise.allSettled(begun)
  await Promise.all(begun)
  return results
}
