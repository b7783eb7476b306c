/** How far two programs are apart on one request. */
import type { Numbers, OracleCase } from './oracle-case.ts'

/** Pairs of ours and theirs, by name and place; a number that one of them lacks is NaN. */
export function pairs(ours: Numbers, theirs: Numbers): { what: string; ours: number; theirs: number }[] {
  const names = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])]
  return names.flatMap((name) => {
    const [a, b] = [ours[name] ?? [], theirs[name] ?? []]
    return Array.from({ length: Math.max(a.length, b.length) }, (_, i) => ({
      what: `${name}[${i}]`,
      ours: a[i] ?? Number.NaN,
      theirs: b[i] ?? Number.NaN,
    }))
  })
}

/** |ours − theirs| over max(|theirs|, floor). */
export function distance(ours: number, theirs: number, { floor = 1 }: Pick<OracleCase, 'floor'>): number {
  if (ours === theirs) return 0
  return Math.abs(ours - theirs) / Math.max(Math.abs(theirs), floor)
}
