/** Published importance weights: LMG, relative weights, first, last, Pratt, dominance, VIF. */
import { accepted } from '#statistics/accepted.ts'
import type { KnownAnswer, KnownAnswers } from '#statistics/known-answers.ts'

import { collinearity } from './collinearity.ts'
import type { Correlations } from './correlations.ts'
import { dominance } from './dominance.ts'
import { firstLastPratt } from './first-last-pratt.ts'
import { lmg } from './lmg.ts'
import * as published from './published-correlations.ts'
import { relativeWeights } from './relative-weights.ts'

function each(what: string, want: readonly number[], got: () => readonly number[]): KnownAnswer[] {
  return want.map((value, i) => ({ what: `${what} [${i}]`, want: value, got: () => got()[i] ?? Number.NaN }))
}
const lmgOf = (input: Correlations) => () => accepted(lmg(input)).weights
const rwaOf = (input: Correlations) => () => accepted(relativeWeights(input)).weights
const simple = (input: Correlations, key: 'first' | 'last' | 'pratt') => () =>
  accepted(firstLastPratt(input))[key]
const vifOf = (input: Correlations) => () => accepted(collinearity(input.drivers)).vif
const sizes = (input: Correlations, size: number) => () => accepted(dominance(input)).conditional[size] ?? []
const rSquared = (input: Correlations) => () => [accepted(lmg(input)).rSquared]

const attitude = published.correlationsOfRows(published.attitudeRows)
const longley = published.correlationsOfRows(published.longleyRows)
const nine = published.correlationsOfRows(published.nineRows)

export const answers: KnownAnswers[] = [
  {
    source: 'attitude (R datasets): dominanceAnalysis README; relaimpo 2.2-7',
    tolerance: 1e-6,
    cases: [
      ...each('R²', [0.732602], rSquared(attitude)),
      ...each('LMG', [0.3708162, 0.0509038, 0.155766, 0.1203451, 0.0065887, 0.0281822], lmgOf(attitude)),
      ...each(
        'relative weight',
        [0.3627602, 0.0560023, 0.1636109, 0.1217804, 0.0082555, 0.0201927],
        rwaOf(attitude),
      ),
      ...each(
        'first',
        [0.6813142, 0.1815756, 0.3889745, 0.348264, 0.0244732, 0.0240517],
        simple(attitude, 'first'),
      ),
      ...each(
        'last',
        [0.1686772, 0.0033679, 0.0420075, 0.0015833, 0.0007926, 0.0172471],
        simple(attitude, 'last'),
      ),
      ...each(
        'Pratt',
        [0.5536284, -0.0312887, 0.1926356, 0.0411986, 0.0048809, -0.0284528],
        simple(attitude, 'pratt'),
      ),
      ...[0.4942469, 0.3735548, 0.2867009, 0.2204032].map((want, i) => ({
        what: `conditional dominance of complaints at size ${i + 1}`,
        want,
        got: () => sizes(attitude, i + 1)()[0] ?? Number.NaN,
      })),
      ...[0.0216365, 0.0343752, 0.0392887, 0.0324941].map((want, i) => ({
        what: `conditional dominance of advance at size ${i + 1}`,
        want,
        got: () => sizes(attitude, i + 1)()[5] ?? Number.NaN,
      })),
    ],
  },
  {
    source: 'attitude: variance inflation factors, R car::vif',
    tolerance: 5e-5,
    cases: each('VIF', [2.6671, 1.6009, 2.271, 3.0782, 1.2281, 1.9516], vifOf(attitude)),
  },
  {
    source: 'Azen & Budescu 2003; dominanceAnalysis tests; genizi of relaimpo',
    tolerance: 1e-6,
    cases: [
      ...each('mean gain at size 0', [0.36, 0.09, 0.16, 0.25], sizes(published.azenBudescu, 0)),
      ...each(
        'mean gain at size 1',
        [0.299765, 0.073805, 0.095017, 0.151886],
        sizes(published.azenBudescu, 1),
      ),
      ...each(
        'mean gain at size 2',
        [0.262966, 0.068671, 0.063326, 0.073254],
        sizes(published.azenBudescu, 2),
      ),
      ...each(
        'mean gain at size 3',
        [0.245974, 0.07097, 0.061301, 0.010476],
        sizes(published.azenBudescu, 3),
      ),
      ...each('LMG', [0.2921762, 0.0758614, 0.0949109, 0.1214041], lmgOf(published.azenBudescu)),
      ...each('relative weight', [0.290759, 0.0761198, 0.0976061, 0.1198675], rwaOf(published.azenBudescu)),
      ...each('R²', [0.5843525], rSquared(published.azenBudescu)),
    ],
  },
  {
    source: 'SES, IQ, nAch on GPA: dominanceAnalysis tests',
    tolerance: 1e-6,
    cases: [
      ...each('mean gain at size 0', [0.1089, 0.3249, 0.25], sizes(published.gradePoints, 0)),
      ...each('mean gain at size 1', [0.02328181, 0.2450947, 0.1656952], sizes(published.gradePoints, 1)),
      ...each('mean gain at size 2', [6.548709e-5, 0.2276912, 0.1437922], sizes(published.gradePoints, 2)),
      ...each('LMG', [0.0440824, 0.2658953, 0.1864958], lmgOf(published.gradePoints)),
      ...each('relative weight', [0.0405345, 0.2679326, 0.1880064], rwaOf(published.gradePoints)),
    ],
  },
  {
    source: 'iopsych relWt example, negative correlations',
    tolerance: 1e-6,
    cases: [
      ...each('relative weight', [0.2406612, 0.0549266, 0.1214348, 0.2815819], rwaOf(published.iopsych)),
      ...each('LMG', [0.2380704, 0.0561032, 0.1180039, 0.286427], lmgOf(published.iopsych)),
      ...each('R²', [0.6986045], rSquared(published.iopsych)),
    ],
  },
  {
    source: 'mtcars: README and vignettes of the R package rwa',
    tolerance: 1e-6,
    cases: [
      ...each(
        'relative weight with gear',
        [0.2284797, 0.2221469, 0.2321744, 0.0963886],
        rwaOf(published.mtcarsGear),
      ),
      ...each(
        'relative weight with wt',
        [0.2096904, 0.1883043, 0.179959, 0.2706812],
        rwaOf(published.mtcarsWeight),
      ),
      ...each('LMG with gear', [0.24705203, 0.24349959, 0.2109129, 0.07772511], lmgOf(published.mtcarsGear)),
      ...each('R² with wt', [0.8486348], rSquared(published.mtcarsWeight)),
    ],
  },
  {
    source: 'swiss (R datasets): relaimpo 2.2-7',
    tolerance: 2e-6,
    cases: [
      ...each('LMG', [0.0570912, 0.171173, 0.2601347, 0.1055702, 0.1127659], lmgOf(published.swiss)),
      ...each(
        'relative weight',
        [0.0484169, 0.1547082, 0.2719641, 0.11468, 0.1169657],
        rwaOf(published.swiss),
      ),
      ...each(
        'last',
        [0.0428696, 0.0073874, 0.1619627, 0.0623726, 0.0569453],
        simple(published.swiss, 'last'),
      ),
      ...each(
        'Pratt',
        [-0.110486, 0.1064274, 0.4450046, 0.1611768, 0.1046122],
        simple(published.swiss, 'pratt'),
      ),
      ...each(
        'LMG given Education',
        [0.0343276, 0.038847, 0.1016585, 0.0912863],
        () => accepted(lmg({ ...published.swiss, given: [2] })).weights,
      ),
    ],
  },
  {
    source: 'longley (collinear): relaimpo 2.2-7',
    tolerance: 1e-6,
    cases: [
      ...each('R²', [0.995479], rSquared(longley)),
      ...each('LMG', [0.2138184, 0.2302194, 0.0696028, 0.0508038, 0.2116068, 0.2194278], lmgOf(longley)),
      ...each(
        'relative weight',
        [0.2193033, 0.2266767, 0.0635521, 0.0478601, 0.2170766, 0.2210102],
        rwaOf(longley),
      ),
    ],
  },
  {
    source: 'longley: variance inflation factors, R car::vif',
    tolerance: 0.05,
    cases: each('VIF', [135.5, 1788.5, 33.6, 3.6, 399.2, 759], vifOf(longley)),
  },
  {
    source: 'key-driver-analysis README, nine rows',
    tolerance: 1e-6,
    cases: [
      ...each('relative weight of age, salary, cars', [0.005076, 0.03514, 0.019415], rwaOf(nine)),
      ...each('R²', [0.05963122389990851], rSquared(nine)),
    ],
  },
]
