/** The planted effects can be found again by the estimator each names, with honest intervals, and not by counting alone where it says so. */
import { beforeAll, describe, expect, test } from 'vitest'
import { lmg } from '#statistics/drivers/lmg.ts'
import { generateCompany } from './generate.ts'
import { driverCorrelations, type Estimate, lateness, plainEstimates, relationship } from './recover.ts'

const seeds = Array.from({ length: 40 }, (_, index) => index + 1)
type Found = { readonly estimate: Estimate; readonly truth: number }
const found = new Map<string, Found[]>()
const staffShares: number[] = []
let staffTruth = Number.NaN
const plainNames = new Set<string>()

beforeAll(() => {
  for (const seed of seeds) {
    const company = generateCompany({ seed, size: 'tiny' })
    const truth = new Map(company.truth.map(({ name, value }) => [name, value]))
    const note = (name: string, estimate: Estimate, effect = name): void => {
      const list = found.get(name) ?? []
      found.set(name, list)
      list.push({ estimate, truth: truth.get(effect) ?? Number.NaN })
    }
    for (const [name, estimate] of Object.entries(plainEstimates(company))) note(name, estimate)
    for (const { name, recoveredBy, unit } of company.truth)
      if (recoveredBy === 'plain' && unit !== 'count') plainNames.add(name)
    const late = lateness(company)
    note('late_delivery_effect', late.adjusted)
    note('late, counted alone', late.naive, 'late_delivery_effect')
    const whole = relationship(company)
    note('relationship_nps', whole.adjusted)
    note('relationship, counted alone', whole.naive, 'relationship_nps')
    const shares = lmg(driverCorrelations(company))
    if ('refused' in shares) throw new Error(shares.reason)
    staffShares.push((shares.weights[0] ?? 0) / shares.rSquared)
    staffTruth = truth.get('driver_share.staff') ?? Number.NaN
  }
}, 120_000)

/** Share of seeds whose 95 % interval holds the truth. */
function coverage(name: string): number {
  const list = found.get(name) ?? []
  return (
    list.filter(({ estimate, truth }) => Math.abs(estimate.value - truth) <= 1.96 * estimate.se).length /
    list.length
  )
}

/** Mean error over the seeds in its own standard errors. */
function bias(name: string): number {
  const errors = (found.get(name) ?? []).map(({ estimate, truth }) => estimate.value - truth)
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length
  const variance = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / (errors.length - 1)
  return mean / Math.sqrt(variance / errors.length)
}

describe('counting alone', () => {
  test('is tried on every effect that is marked plain', () => {
    expect([...plainNames].filter((name) => !found.has(name))).toEqual([])
  })

  test('finds plain effects inside their intervals: 93 of 100 over all of them, and none in fewer than 31 of 40 seeds', () => {
    const each = [...plainNames].map((name) => [name, coverage(name)] as const)
    expect(each.reduce((sum, [, share]) => sum + share, 0) / each.length).toBeGreaterThanOrEqual(0.93)
    expect(each.filter(([, share]) => share < 31 / 40)).toEqual([])
  })

  test('is not off to one side', () => {
    expect([...plainNames].filter((name) => Math.abs(bias(name)) > 3.5)).toEqual([])
  })

  test('is fooled by who answers the relationship survey', () => {
    expect(coverage('relationship, counted alone')).toBeLessThan(0.2)
    expect(bias('relationship, counted alone')).toBeGreaterThan(10)
  })

  test('is fooled by who is delivered late', () => {
    expect(coverage('late, counted alone')).toBeLessThan(0.2)
    expect(bias('late, counted alone')).toBeGreaterThan(10)
  })
})

describe('the right method', () => {
  test('weighting by basket size finds the relationship NPS', () => {
    expect(coverage('relationship_nps')).toBeGreaterThanOrEqual(0.85)
    expect(Math.abs(bias('relationship_nps'))).toBeLessThan(3.5)
  })

  test('comparing within basket sizes finds what lateness does', () => {
    expect(coverage('late_delivery_effect')).toBeGreaterThanOrEqual(0.85)
    expect(Math.abs(bias('late_delivery_effect'))).toBeLessThan(3.5)
  })

  test('driver weights put the key touchpoint first in every seed, with its share', () => {
    const mean = staffShares.reduce((sum, share) => sum + share, 0) / staffShares.length
    expect(Math.min(...staffShares)).toBeGreaterThan(0.5)
    expect(mean).toBeCloseTo(staffTruth, 1)
  })
})
