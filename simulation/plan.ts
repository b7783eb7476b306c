/** How large a company is, and when it lives. */
import type { Size } from './company.ts'

export const DAY = 86_400_000
export const HOUR = 3_600_000

/** China Standard Time has no summer time: local midnight is always eight hours before UTC midnight. */
export const ZONE_OFFSET = 8 * HOUR

export type Plan = {
  /** Customers are made in blocks that do not know of each other. */
  readonly blocks: number
  readonly customersPerBlock: number
  readonly postsPerBlock: number
  readonly regions: number
  readonly storesPerRegion: number
  /** Instants in milliseconds; half-open. */
  readonly from: number
  readonly to: number
}

const newYear = (year: number): number => Date.UTC(year, 0, 1) - ZONE_OFFSET

export const plans: Readonly<Record<Size, Plan>> = {
  tiny: { ...block(2_000, 200), blocks: 1, regions: 2, storesPerRegion: 3, ...years(2025) },
  small: { ...block(20_000, 2_000), blocks: 1, regions: 4, storesPerRegion: 6, ...years(2025) },
  large: { ...block(20_000, 2_000), blocks: 41, regions: 8, storesPerRegion: 25, ...years(2023) },
}

function block(customersPerBlock: number, postsPerBlock: number) {
  return { customersPerBlock, postsPerBlock }
}

function years(first: number): { from: number; to: number } {
  return { from: newYear(first), to: newYear(2026) }
}
