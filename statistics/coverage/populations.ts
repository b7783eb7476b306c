/** The populations on which intervals are tried: typical, skewed, on the boundary, and a grid over all of them. */
import type { NpsPopulation } from './enumerated.ts'

export const npsPopulations: readonly { readonly name: string; readonly shares: NpsPopulation }[] = [
  { name: 'textbook 50/33/17', shares: [0.5, 1 / 3, 1 / 6] },
  { name: 'good 60/25/15', shares: [0.6, 0.25, 0.15] },
  { name: 'bad 33/27/40', shares: [0.33, 0.27, 0.4] },
  { name: 'skewed 80/15/5', shares: [0.8, 0.15, 0.05] },
  { name: 'very skewed 95/4/1', shares: [0.95, 0.04, 0.01] },
  { name: 'mostly passive 5/90/5', shares: [0.05, 0.9, 0.05] },
  { name: 'no detractors 70/30/0', shares: [0.7, 0.3, 0] },
  { name: 'no passives 90/0/10', shares: [0.9, 0, 0.1] },
  { name: 'split 50/0/50', shares: [0.5, 0, 0.5] },
  { name: 'all promoters 100/0/0', shares: [1, 0, 0] },
]

/** 36 populations with shares in steps of a tenth, none of them 0. */
export const npsGrid: readonly NpsPopulation[] = Array.from({ length: 8 }, (_, i) =>
  Array.from({ length: 8 - i }, (_, j): NpsPopulation => [(i + 1) / 10, (8 - i - j) / 10, (j + 1) / 10]),
).flat()

export const shares: readonly number[] = [0.5, 0.3, 0.1, 0.02, 0.001]

/** 19 shares in steps of a twentieth. */
export const shareGrid: readonly number[] = Array.from({ length: 19 }, (_, i) => (i + 1) / 20)
