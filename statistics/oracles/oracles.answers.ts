/** The frozen answers of R and of scipy/statsmodels as known-answer tables, so that they are held where neither is installed. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { KnownAnswers } from '#statistics/known-answers.ts'
import { distance, pairs } from './agreement.ts'
import { oracleCases } from './all-cases.ts'
import type { Numbers, OracleCase, Program } from './oracle-case.ts'

type Frozen = {
  readonly by: string
  readonly requests: readonly {
    readonly id: string
    readonly name: string
    readonly inputs: Numbers
    readonly theirs: Numbers
  }[]
}

function frozen(program: Program): KnownAnswers[] {
  const { by, requests } = JSON.parse(
    readFileSync(join(import.meta.dirname, `${program}.frozen.json`), 'utf8'),
  ) as Frozen
  return oracleCases
    .filter(({ programs }) => programs.includes(program))
    .map((one) =>
      table(
        one,
        by,
        requests.filter(({ name }) => name === one.name),
      ),
    )
}

/** Each case is the distance between ours and theirs, which must be 0 up to the tolerance. */
function table(one: OracleCase, by: string, requests: Frozen['requests']): KnownAnswers {
  const cases = requests.flatMap(({ id, inputs, theirs }) =>
    pairs(one.ours(inputs), theirs).map(({ what, ours, theirs }) => ({
      what: `${id} ${what} = ${theirs}`,
      got: () => distance(ours, theirs, one),
      want: 0,
    })),
  )
  return { source: `${one.name} on random inputs by ${by}`, tolerance: one.tolerance, cases }
}

export const python: readonly KnownAnswers[] = frozen('python')
export const r: readonly KnownAnswers[] = frozen('r')
