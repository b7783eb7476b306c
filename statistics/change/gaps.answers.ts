/** Known answers of comparisons: Oaxaca–Blinder on the Chicago wages, Mantel–Haenszel and Simpson on Berkeley admissions. */
import { accepted } from '#statistics/accepted.ts'
import type { KnownAnswers } from '#statistics/known-answers.ts'
import { mantelHaenszel } from './mantel-haenszel.ts'
import { oaxacaBlinder } from './oaxaca-blinder.ts'
import { simpson } from './simpson.ts'

const variables = ['const', 'age', 'female', 'LTHS', 'some.college', 'college', 'advanced.degree']
const native = {
  means: [1, 34.010453, 0.48083624, 0.1184669, 0.38675958, 0.128919861, 0.069686411],
  coefficients: [8.5830836, 0.264005051, -6.1497192, -2.9141469, 2.3966783, 10.4414083, 15.067528],
}
const foreign = {
  means: [1, 40.635884, 0.39577836, 0.3878628, 0.13456464, 0.081794195, 0.031662269],
  coefficients: [12.1406761, 0.077998744, -3.2054841, -2.3745393, 2.5904499, 4.0264717, 24.27987],
}
const wages = (reference: number) => accepted(oaxacaBlinder({ variables, a: native, b: foreign, reference }))

export const answers: KnownAnswers = {
  source: 'CRAN oaxaca vignette, wages of native (287) and foreign-born (379) workers in Chicago',
  tolerance: 1e-5,
  cases: [
    { what: 'gap', got: () => wages(0).gap, want: 3.015574 },
    { what: 'endowments', got: () => wages(0).threefold.endowments.value, want: 1.6165339 },
    { what: 'coefficients', got: () => wages(0).threefold.coefficients.value, want: 2.8333261 },
    { what: 'interaction', got: () => wages(0).threefold.interaction.value, want: -1.4342857 },
    { what: 'explained, weight 0', got: () => wages(0).twofold.explained.value, want: 1.6165339 },
    { what: 'explained, weight 1', got: () => wages(1).twofold.explained.value, want: 0.1822482 },
    { what: 'explained, weight ½', got: () => wages(0.5).twofold.explained.value, want: 0.8993911 },
    {
      what: 'explained, weight n_a/n',
      got: () => wages(287 / 666).twofold.explained.value,
      want: 0.9984559,
    },
  ],
}

const admissions = [
  ['A', 512, 825, 89, 108],
  ['B', 353, 560, 17, 25],
  ['C', 120, 325, 202, 593],
  ['D', 138, 417, 131, 375],
  ['E', 53, 191, 94, 393],
  ['F', 22, 373, 24, 341],
] as const
const strata = admissions.map(([stratum, men, allMen, women, allWomen]) => ({
  stratum,
  a: { successes: men, n: allMen },
  b: { successes: women, n: allWomen },
}))
const berkeley = () => accepted(mantelHaenszel({ strata }))
const berkeleyCheck = () => accepted(simpson({ strata }))

export const admissionsTable: KnownAnswers = {
  source: 'R 4.2.2 mantelhaen.test(UCBAdmissions); Bickel, Hammel & O’Connell, Science 1975',
  tolerance: 1e-9,
  cases: [
    { what: 'odds ratio', got: () => berkeley().oddsRatio.value, want: 0.904696828259 },
    { what: 'low', got: () => berkeley().oddsRatio.low, want: 0.771907361759 },
    { what: 'high', got: () => berkeley().oddsRatio.high, want: 1.060329764437 },
    { what: 'χ², continuity', got: () => berkeley().chiSquare, want: 1.42694622859 },
    { what: 'p', got: () => berkeley().p, want: 0.232263462817 },
    {
      what: 'χ², no continuity',
      got: () => accepted(mantelHaenszel({ strata, continuity: false })).chiSquare,
      want: 1.52460666044,
    },
    { what: 'crude difference', got: () => berkeleyCheck().crude, want: 1198 / 2691 - 557 / 1835 },
  ],
}
