/** Binary search: servers of large companies must not look at every row for every page. */

/** The first index whose row is wanted, when all rows after a wanted one are wanted too; the length when none is. */
export function firstIndex<Row>(rows: readonly Row[], isWanted: (row: Row) => boolean): number {
  let [low, high] = [0, rows.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    const row = rows[middle]
    if (row !== undefined && !isWanted(row)) low = middle + 1
    else high = middle
  }
  return low
}
