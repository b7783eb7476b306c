/** Every comparison with another program. */
import { causeCases } from './cause-cases.ts'
import { changeCases } from './change-cases.ts'
import { distributionCases } from './distribution-cases.ts'
import { intervalCases } from './interval-cases.ts'
import type { OracleCase } from './oracle-case.ts'
import { regressionCases } from './regression-cases.ts'
import { scoringCases } from './scoring-cases.ts'
import { surveyCases } from './survey-cases.ts'

export const oracleCases: readonly OracleCase[] = [
  ...distributionCases,
  ...intervalCases,
  ...regressionCases,
  ...scoringCases,
  ...surveyCases,
  ...changeCases,
  ...causeCases,
]
