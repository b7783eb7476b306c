/** Effect cells put together as strata with a treated and an untreated side: the table of every adjusted comparison. */
import { refuse, type Refusal } from '#statistics/refusal.ts'
import { type Cell, unusableCell } from './cell.ts'

export type EffectCell = Cell & {
  /** Everything adjusted for, as one key: `tenure=2|region=north`. */
  readonly stratum: string
  readonly treated: boolean
}

export type EffectStratum = { readonly stratum: string; readonly treated: Cell; readonly untreated: Cell }

/** What to do with strata in which only one side occurs: refuse, or leave them out and say how many rows that were. */
export type Overlap = 'require' | 'restrict'

export type EffectStrata = {
  readonly strata: readonly EffectStratum[]
  /** Share of rows left out for want of overlap. */
  readonly dropped: number
}

const empty: Cell = { n: 0, sum: 0, sumOfSquares: 0 }

/** Refuses unusable cells, an absent side, and under `require` any stratum without both sides; `keep` leaves them to models. */
export function strataOfCells(
  where: string,
  cells: readonly EffectCell[],
  overlap: Overlap | 'keep',
): EffectStrata | Refusal {
  const byName = new Map<string, { stratum: string; treated: Cell; untreated: Cell }>()
  let n = 0
  for (const cell of cells) {
    const refusal = unusableCell(where, `${cell.stratum} (${cell.treated ? 'treated' : 'untreated'})`, cell)
    if (refusal) return refusal
    const stratum = byName.get(cell.stratum) ?? { stratum: cell.stratum, treated: empty, untreated: empty }
    if (cell.treated) stratum.treated = add(stratum.treated, cell)
    else stratum.untreated = add(stratum.untreated, cell)
    byName.set(cell.stratum, stratum)
    n += cell.n
  }
  const occupied = [...byName.values()].filter(({ treated, untreated }) => treated.n + untreated.n > 0)
  for (const side of ['treated', 'untreated'] as const)
    if (!occupied.some((stratum) => stratum[side].n > 0))
      return refuse('one-class', `[${where}] nobody is ${side}; an effect needs both sides.`)
  if (overlap === 'keep') return { strata: occupied, dropped: 0 }
  const strata = occupied.filter(({ treated, untreated }) => treated.n > 0 && untreated.n > 0)
  const alone = occupied.filter(({ treated, untreated }) => treated.n === 0 || untreated.n === 0)
  if (alone.length > 0 && (overlap === 'require' || strata.length === 0))
    return refuse(
      'empty-cell',
      `[${where}] ${alone.length} of ${occupied.length} strata have only one side, the first is "${alone[0]?.stratum}"; merge strata or restrict to the overlap.`,
    )
  const kept = strata.reduce((sum, { treated, untreated }) => sum + treated.n + untreated.n, 0)
  return { strata, dropped: 1 - kept / n }
}

function add(a: Cell, b: Cell): Cell {
  return { n: a.n + b.n, sum: a.sum + b.sum, sumOfSquares: a.sumOfSquares + b.sumOfSquares }
}
