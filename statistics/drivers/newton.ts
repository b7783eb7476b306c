/** Newton's method with step halving for concave log-likelihoods, the solver of every regression on cells. */
import { inverse, solve, type MatrixRows } from '#statistics/algebra/index.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'

export type Likelihood = {
  /** −∞ where the parameters leave the model's domain. */
  readonly value: number
  readonly gradient: readonly number[]
  /** Minus the matrix of second derivatives. */
  readonly information: MatrixRows
}

export type Maximum = {
  readonly parameters: readonly number[]
  readonly covariance: MatrixRows
  readonly logLikelihood: number
  readonly iterations: number
}

const mostIterations = 50
/** A Newton step this small, measured by the gain it promises, ends the search: the next would be its square. */
const settled = 1e-20

/** Climb from `start` until the promised gain is nil; steps that stay large while nothing is gained mean that the data separate the outcome. */
export function maximize(
  where: string,
  start: readonly number[],
  likelihood: (parameters: readonly number[]) => Likelihood,
): Maximum | Refusal {
  let parameters = start
  let here = likelihood(parameters)
  for (let iteration = 1; iteration <= mostIterations; iteration++) {
    const step = solve(here.information, here.gradient)
    if (isRefusal(step)) return iteration === 1 ? collinear(where) : separated(where)
    const promised = step.reduce((sum, value, i) => sum + value * (here.gradient[i] ?? 0), 0)
    const next = climb(parameters, step, here.value, likelihood)
    parameters = next.parameters
    here = next.likelihood
    if (promised > settled * (1 + Math.abs(here.value))) continue
    if (step.some((value, i) => Math.abs(value) > 1e-3 * (1 + Math.abs(parameters[i] ?? 0))))
      return separated(where)
    const covariance = inverse(here.information)
    if (isRefusal(covariance)) return separated(where)
    return { parameters, covariance, logLikelihood: here.value, iterations: iteration }
  }
  return separated(where)
}

function climb(
  from: readonly number[],
  step: readonly number[],
  value: number,
  likelihood: (parameters: readonly number[]) => Likelihood,
): { parameters: readonly number[]; likelihood: Likelihood } {
  for (let share = 1; share > 1e-10; share /= 2) {
    const parameters = from.map((parameter, i) => parameter + share * (step[i] ?? 0))
    const candidate = likelihood(parameters)
    if (candidate.value >= value - 1e-12 * Math.abs(value)) return { parameters, likelihood: candidate }
  }
  return { parameters: from, likelihood: likelihood(from) }
}

function collinear(where: string): Refusal {
  return refuse('singular', `[${where}] a column is constant or depends on the others; drop or merge one.`)
}

function separated(where: string): Refusal {
  return refuse(
    'not-converged',
    `[${where}] the likelihood has no maximum: some combination of the columns separates the outcome without error; drop that column or merge its rare levels.`,
  )
}
