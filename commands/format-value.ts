/** A metric's value as people read it, by its card's format. */
import type { MetricCard } from '#metrics/index.ts'

/** Points with one decimal, shares in percent, counts with thousands separated; null stays null. */
export function formatValue(format: MetricCard['format'], value: number | null): string | null {
  if (value === null) return null
  if (format === 'points') return value.toFixed(1)
  return format === 'percent' ? `${(100 * value).toFixed(1)} %` : value.toLocaleString('en')
}
