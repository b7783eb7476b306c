import { describe, expect, it } from 'vitest'
import { adjustedWald, clopperPearson, npsScore, npsWald, wilson } from '#statistics/intervals/index.ts'
import { npsCoverage, shareCoverage } from './enumerated.ts'
import { npsGrid, shareGrid, shares } from './populations.ts'
import { simulatedCases, simulatedCoverage } from './simulated.ts'

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

describe('enumerated coverage', () => {
  it.each([10, 15, 20, 30, 50])(
    'adjusted Wald and score hold the NPS in at least 94 of 100 samples of %i',
    (n) => {
      expect(mean(npsCoverage(adjustedWald, n, npsGrid))).toBeGreaterThanOrEqual(0.94)
      expect(mean(npsCoverage(npsScore, n, npsGrid))).toBeGreaterThanOrEqual(0.94)
    },
  )
  it('plain Wald does not, which is why it is never the default', () => {
    expect(mean(npsCoverage(npsWald, 10, npsGrid))).toBeLessThan(0.9)
  })
  it.each([10, 40, 200])('Clopper–Pearson never falls short and Wilson does not on average, n %i', (n) => {
    for (const p of [...shares, ...shareGrid])
      expect(shareCoverage((counts) => clopperPearson(counts), n, p)).toBeGreaterThanOrEqual(0.95 - 1e-9)
    expect(mean(shareGrid.map((p) => shareCoverage(wilson, n, p)))).toBeGreaterThanOrEqual(0.94)
  })
})

it.each(simulatedCases)('$interval covers at n 50: $population', (one) => {
  const { coverage } = simulatedCoverage(one, { n: 50, runs: 600, seed: 5 })
  expect(coverage).toBeGreaterThanOrEqual(one.population === 'lognormal' ? 0.87 : 0.9)
})
