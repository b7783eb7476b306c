/** The known names that a mistyped one may have meant. */

/** At most three: those that contain it, then those a few letters away, nearest first. */
export function nearNames(name: string, known: Iterable<string>): string[] {
  const wanted = name.toLowerCase()
  const near = [...new Set(known)].flatMap((each) => {
    const other = each.toLowerCase()
    const distance = other.includes(wanted) ? 0 : lettersApart(wanted, other)
    return distance <= Math.max(1, wanted.length / 4) ? [{ each, distance }] : []
  })
  return near
    .sort((a, b) => a.distance - b.distance || a.each.length - b.each.length)
    .slice(0, 3)
    .map(({ each }) => each)
}

/** Levenshtein's distance: insertions, deletions and replacements from one text to the other. `tset` → `test` is 2. */
function lettersApart(from: string, to: string): number {
  let before = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [row, letter] of Array.from(from).entries()) {
    const now = [row + 1]
    for (const [column, other] of Array.from(to).entries())
      now.push(
        Math.min(
          (before[column + 1] ?? 0) + 1,
          (now[column] ?? 0) + 1,
          (before[column] ?? 0) + (letter === other ? 0 : 1),
        ),
      )
    before = now
  }
  return before.at(-1) ?? 0
}
