/** Adtributor: which dimension, and which of its elements, explains an unexpected change of an additive measure. */
import { neumaierSum } from '#statistics/algebra/index.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'

export type Dimension = {
  readonly dimension: string
  readonly elements: readonly {
    readonly element: string
    readonly forecast: number
    readonly actual: number
  }[]
}

export type ElementBlame = {
  readonly element: string
  readonly forecast: number
  readonly actual: number
  /** Share of the total change, (A_e − F_e)/(A − F); sums to 1 over a dimension. */
  readonly explanatoryPower: number
  /** How far the element's share moved from the expected: its term of the Jensen–Shannon divergence, in nats. */
  readonly surprise: number
}

export type DimensionBlame = {
  readonly dimension: string
  /** Σ of surprise over all elements of the dimension. */
  readonly surprise: number
  /** The few elements that together explain the change, by falling surprise; empty when none do. */
  readonly explanation: readonly ElementBlame[]
  /** Σ of explanatory power of the explanation. */
  readonly explained: number
  /** Σ of surprise of the explanation: what dimensions are ranked by. */
  readonly explanationSurprise: number
  readonly elements: readonly ElementBlame[]
}

export type AdtributorOptions = {
  readonly dimensions: readonly Dimension[]
  /** An element must explain more than this to be blamed (T_EEP). Default 0.1. */
  readonly elementPower?: number
  /** An explanation must reach this much (T_EP). Default 0.67. */
  readonly totalPower?: number
}

/**
 * Ranks dimensions by how surprisingly they explain the difference between forecast and actual, with the elements to blame.
 * For counts and sums ≥ 0 (detractors, contacts, revenue), each dimension splitting the same totals; ratios such as NPS are
 * run on their counts. Dimensions with an explanation come first, by the surprise of their explanation.
 * Refuses when forecast and actual totals are equal or not positive, a value is negative or not finite, or totals differ.
 * Formula: power (A_e−F_e)/(A−F); p = F_e/F, q = A_e/A, surprise ½(p·ln(2p/(p+q)) + q·ln(2q/(p+q))).
 * Source: Bhagwan et al., Adtributor: revenue debugging in advertising systems, NSDI 2014, algorithm 1.
 * @example
 * const dimensions = [
 *   { dimension: 'data centre', elements: [{ element: 'X', forecast: 94, actual: 47 }, { element: 'Y', forecast: 6, actual: 3 }] },
 *   { dimension: 'device', elements: [
 *     { element: 'PC', forecast: 50, actual: 49 },
 *     { element: 'mobile', forecast: 25, actual: 0.5 },
 *     { element: 'tablet', forecast: 25, actual: 0.5 },
 *   ] },
 * ]
 * const [first] = adtributor({ dimensions })
 * first.dimension // 'device'
 * first.surprise // 0.177464
 * first.explanation.map(({ element }) => element) // ['mobile', 'tablet']
 */
export function adtributor({
  dimensions,
  elementPower = 0.1,
  totalPower = 0.67,
}: AdtributorOptions): DimensionBlame[] | Refusal {
  const totals = readTotals(dimensions)
  if (isRefusal(totals)) return totals
  return onlyFinite(
    'adtributor',
    dimensions
      .map(({ dimension, elements }) => {
        const blamed = elements
          .map((element) => blame(element, totals))
          .sort((a, b) => b.surprise - a.surprise || b.explanatoryPower - a.explanatoryPower)
        const explanation = explain(blamed, elementPower, totalPower)
        return {
          dimension,
          surprise: neumaierSum(blamed.map(({ surprise }) => surprise)),
          explanation,
          explained: neumaierSum(explanation.map(({ explanatoryPower }) => explanatoryPower)),
          explanationSurprise: neumaierSum(explanation.map(({ surprise }) => surprise)),
          elements: blamed,
        }
      })
      .sort(
        (a, b) =>
          Math.sign(b.explanation.length) - Math.sign(a.explanation.length) ||
          b.explanationSurprise - a.explanationSurprise ||
          b.surprise - a.surprise,
      ),
  )
}

type Totals = { readonly forecast: number; readonly actual: number }

function blame(element: Dimension['elements'][number], total: Totals): ElementBlame {
  const p = element.forecast / total.forecast
  const q = element.actual / total.actual
  const term = (x: number) => (x === 0 ? 0 : x * Math.log((2 * x) / (p + q)))
  return {
    ...element,
    explanatoryPower: (element.actual - element.forecast) / (total.actual - total.forecast),
    surprise: Math.max(0, (term(p) + term(q)) / 2),
  }
}

/** The shortest run of surprising elements, each strong enough, that reaches the power wanted; else nothing. */
function explain(
  bySurprise: readonly ElementBlame[],
  elementPower: number,
  totalPower: number,
): ElementBlame[] {
  const chosen: ElementBlame[] = []
  let power = 0
  for (const element of bySurprise) {
    if (element.explanatoryPower <= elementPower) continue
    chosen.push(element)
    power += element.explanatoryPower
    if (power > totalPower) return chosen
  }
  return []
}

function readTotals(dimensions: readonly Dimension[]): Totals | Refusal {
  let totals: Totals | undefined
  for (const { dimension, elements } of dimensions) {
    for (const { element, forecast, actual } of elements) {
      if (!Number.isFinite(forecast) || !Number.isFinite(actual))
        return refuse(
          'not-finite',
          `[adtributor] "${element}" of ${dimension} is ${forecast} → ${actual}; give finite numbers.`,
        )
      if (forecast < 0 || actual < 0)
        return refuse(
          'out-of-range',
          `[adtributor] "${element}" of ${dimension} is ${forecast} → ${actual}; shares need values ≥ 0, use counts.`,
        )
    }
    const forecast = neumaierSum(elements.map((element) => element.forecast))
    const actual = neumaierSum(elements.map((element) => element.actual))
    totals ??= { forecast, actual }
    if (!close(totals.forecast, forecast) || !close(totals.actual, actual))
      return refuse(
        'mismatch',
        `[adtributor] ${dimension} sums to ${forecast} → ${actual}, the first dimension to ${totals.forecast} → ${totals.actual}.`,
      )
  }
  if (!totals) return refuse('too-few', '[adtributor] no dimension given; give at least one.')
  if (totals.forecast <= 0 || totals.actual <= 0)
    return refuse(
      'too-few',
      `[adtributor] the totals are ${totals.forecast} → ${totals.actual}; both must be positive.`,
    )
  if (close(totals.forecast, totals.actual))
    return refuse(
      'no-variance',
      `[adtributor] forecast and actual are both ${totals.actual}; there is no change to explain.`,
    )
  return totals
}

function close(a: number, b: number): boolean {
  return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b))
}
