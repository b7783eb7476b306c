/** Known answers of two-way splits and of Adtributor: household headship, the exact NPS toy, the revenue example. */
import { accepted } from '#statistics/accepted.ts'
import type { KnownAnswers } from '#statistics/known-answers.ts'
import { adtributor } from './adtributor.ts'
import { crossClassified } from './cross-classified.ts'
import { kitagawa } from './kitagawa.ts'

const shares1970 = [12.9, 10.9, 9.5, 8, 7.8, 8.4, 8.6, 7.8, 7, 5.9, 4.7, 3.6, 4.9]
const shares1985 = [10.1, 11.2, 11.6, 10.9, 9.4, 7.7, 6.3, 6, 6.3, 5.9, 5.1, 4, 5.5]
const headship1970 = [1.9, 25.8, 45.7, 49.6, 51.2, 51.6, 51.8, 54.9, 58.7, 60.4, 62.8, 66.6, 66.8]
const headship1985 = [2.2, 24.3, 45.8, 52.5, 56.1, 55.6, 56, 57.4, 57.2, 61.2, 63.9, 68.6, 72.2]

const households = () =>
  accepted(
    kitagawa(
      shares1970.map((size, i) => ({
        segment: String(15 + 5 * i),
        before: { size, score: headship1970[i] ?? 0 },
        after: { size: shares1985[i] ?? 0, score: headship1985[i] ?? 0 },
      })),
    ),
  )

const byAge = () =>
  accepted(
    crossClassified(
      (
        [
          ['1970', shares1970, headship1970],
          ['1985', shares1985, headship1985],
        ] as const
      ).map(([name, shares, rates]) => ({
        name,
        cells: shares.map((size, i) => ({ by: { age: i }, size, rate: rates[i] ?? 0 })),
      })),
    ),
  )

export const headship: KnownAnswers = {
  source: 'Das Gupta 1993, example 5.1: household headship 1970–1985',
  tolerance: 1e-4,
  cases: [
    { what: 'mix', got: () => households().mix, want: 1.2269 },
    { what: 'rate', got: () => households().rate, want: 1.7403 },
    { what: 'total', got: () => households().change, want: 2.9672 },
    {
      what: 'age as the only structure',
      got: () => byAge().factors[0]?.effects[0] ?? Number.NaN,
      want: 1.2269,
    },
  ],
}

const toy = () =>
  accepted(
    kitagawa([
      { segment: 'A', before: { size: 1000, score: 50 }, after: { size: 500, score: 50 } },
      { segment: 'B', before: { size: 500, score: -30 }, after: { size: 1000, score: -5 } },
    ]),
  )

export const npsMix: KnownAnswers = {
  source:
    'Exact toy: A (600,300,100)→(300,150,50), B (100,150,250)→(300,350,350); no segment falls, NPS does',
  tolerance: 1e-12,
  cases: [
    { what: 'NPS before', got: () => toy().before, want: 70 / 3 },
    { what: 'NPS after', got: () => toy().after, want: 40 / 3 },
    { what: 'rate A', got: () => toy().segments[0]?.rate ?? Number.NaN, want: 0 },
    { what: 'rate B', got: () => toy().segments[1]?.rate ?? Number.NaN, want: 12.5 },
    { what: 'mix', got: () => toy().mix, want: -22.5 },
    { what: 'raw mix A', got: () => toy().segments[0]?.rawMix ?? Number.NaN, want: -50 / 3 },
    { what: 'raw mix B', got: () => toy().segments[1]?.rawMix ?? Number.NaN, want: -35 / 6 },
    { what: 'centred mix A', got: () => toy().segments[0]?.mix ?? Number.NaN, want: -190 / 18 },
    { what: 'centred mix B', got: () => toy().segments[1]?.mix ?? Number.NaN, want: -215 / 18 },
  ],
}

const revenue = () =>
  accepted(
    adtributor({
      dimensions: [
        {
          dimension: 'data centre',
          elements: [
            { element: 'X', forecast: 94, actual: 47 },
            { element: 'Y', forecast: 6, actual: 3 },
          ],
        },
        {
          dimension: 'advertiser',
          elements: [
            { element: 'A1', forecast: 50, actual: 24 },
            { element: 'A2', forecast: 20, actual: 21 },
            { element: 'A3', forecast: 20, actual: 4 },
            { element: 'A4', forecast: 10, actual: 1 },
          ],
        },
        {
          dimension: 'device',
          elements: [
            { element: 'PC', forecast: 50, actual: 49 },
            { element: 'mobile', forecast: 25, actual: 0.5 },
            { element: 'tablet', forecast: 25, actual: 0.5 },
          ],
        },
      ],
    }),
  )

const element = (dimension: string, name: string) =>
  revenue()
    .find((found) => found.dimension === dimension)
    ?.elements.find((found) => found.element === name)

export const adtributorExample: KnownAnswers = {
  source: 'Bhagwan et al., NSDI 2014, the revenue example (forecast 100, actual 50)',
  tolerance: 1e-6,
  cases: [
    {
      what: 'device first',
      got: () => revenue().findIndex(({ dimension }) => dimension === 'device'),
      want: 0,
    },
    { what: 'Σ surprise, device', got: () => revenue()[0]?.surprise ?? Number.NaN, want: 0.177464 },
    { what: 'explained, device', got: () => revenue()[0]?.explained ?? Number.NaN, want: 0.98 },
    { what: 'surprise PC', got: () => element('device', 'PC')?.surprise ?? Number.NaN, want: 0.039632 },
    {
      what: 'surprise mobile',
      got: () => element('device', 'mobile')?.surprise ?? Number.NaN,
      want: 0.068916,
    },
    { what: 'power X', got: () => element('data centre', 'X')?.explanatoryPower ?? Number.NaN, want: 0.94 },
    { what: 'power A2', got: () => element('advertiser', 'A2')?.explanatoryPower ?? Number.NaN, want: -0.02 },
    {
      what: 'Σ surprise, advertiser',
      got: () => revenue().find(({ dimension }) => dimension === 'advertiser')?.surprise ?? Number.NaN,
      want: 0.047888,
    },
  ],
}
