/** Values of R's distribution functions, to all printed digits. */
import { accepted } from '#statistics/accepted.ts'
import type { KnownAnswers } from '#statistics/known-answers.ts'
import {
  betaCdf,
  betaQuantile,
  chiSquareCdf,
  chiSquareQuantile,
  fCdf,
  normalCdf,
  normalQuantile,
  tCdf,
  tQuantile,
} from './index.ts'

export const answers: KnownAnswers = {
  source:
    'R 4.2.2: pnorm, qnorm, pt, qt, pchisq, qchisq, pbeta, qbeta, pf; Φ(1.2345) by the C library and mpmath',
  tolerance: 1e-12,
  relative: true,
  cases: [
    { what: 'Φ(1.2345)', got: () => accepted(normalCdf(1.2345)), want: 0.8914916766373298 },
    { what: 'Φ(−8)', got: () => accepted(normalCdf(-8)), want: 6.22096057427178e-16 },
    { what: 'z(.975)', got: () => accepted(normalQuantile(0.975)), want: 1.95996398454005 },
    { what: 'z(.995)', got: () => accepted(normalQuantile(0.995)), want: 2.5758293035489 },
    { what: 'z(1e−10)', got: () => accepted(normalQuantile(1e-10)), want: -6.36134090240406 },
    { what: 'pt(2, 10)', got: () => accepted(tCdf(2, 10)), want: 0.96330598261463 },
    { what: 'pt(−1.5, 3)', got: () => accepted(tCdf(-1.5, 3)), want: 0.115291932622411 },
    { what: 'qt(.975, 1)', got: () => accepted(tQuantile(0.975, 1)), want: 12.7062047361747 },
    { what: 'qt(.975, 7)', got: () => accepted(tQuantile(0.975, 7)), want: 2.36462425159278 },
    { what: 'qt(.975, 29)', got: () => accepted(tQuantile(0.975, 29)), want: 2.0452296421327 },
    { what: 'qt(.975, 100)', got: () => accepted(tQuantile(0.975, 100)), want: 1.98397151852355 },
    { what: 'pchisq(3.84, 1)', got: () => accepted(chiSquareCdf(3.84, 1)), want: 0.949956478751295 },
    { what: 'qchisq(.95, 1)', got: () => accepted(chiSquareQuantile(0.95, 1)), want: 3.84145882069412 },
    { what: 'qchisq(.95, 5)', got: () => accepted(chiSquareQuantile(0.95, 5)), want: 11.0704976935164 },
    { what: 'pbeta(.3, 2, 5)', got: () => accepted(betaCdf({ x: 0.3, a: 2, b: 5 })), want: 0.579825 },
    {
      what: 'qbeta(.975, 1, 20)',
      got: () => accepted(betaQuantile({ p: 0.975, a: 1, b: 20 })),
      want: 0.168433470983085,
    },
    { what: 'pf(4, 2, 20)', got: () => accepted(fCdf({ f: 4, df1: 2, df2: 20 })), want: 0.965428386966392 },
  ],
}
