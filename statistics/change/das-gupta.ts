/** Das Gupta's standardisation and decomposition of a rate into K factors over two or more populations. */
import { neumaierSum } from '#statistics/algebra/index.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'
import { countBits, shapleyWeights } from './shapley-weights.ts'
import { standardise } from './standardise.ts'

export type Population = {
  readonly name: string
  /** One number, or one number per sub-population in the same order everywhere, for each factor. */
  readonly factors: Readonly<Record<string, number | readonly number[]>>
}

export type RateFunction = (factors: Readonly<Record<string, readonly number[]>>) => number

export type DasGuptaOptions = {
  readonly populations: readonly Population[]
  /** The rate as a function of the factors; Σ over sub-populations of the product of all factors unless given. */
  readonly rate?: RateFunction
}

export type FactorRates = {
  readonly factor: string
  /** The rate of each population if only this factor differed. */
  readonly standardised: readonly number[]
  /** Effect of this factor from each population to the next (standardised rate minus the one before). */
  readonly effects: readonly number[]
}

export type DasGuptaResult = {
  readonly populations: readonly string[]
  readonly crude: readonly number[]
  readonly factors: readonly FactorRates[]
}

const mostFactors = 16

/**
 * Says how much each of K factors moved a rate, averaged over all orders of change, for two populations or N periods.
 * Effects sum to the crude change of each step, and with N periods they also add up along the way.
 * Refuses with fewer than two populations, factors that differ between populations, more than 16 factors, or a rate
 * function that does not give a finite number.
 * Formula: standardised rate of factor i = Σ over sets S of the other factors |S|!(K−1−|S|)!/K! · f(own i, S from the other
 * population, the rest from one's own); N populations by equation 6.11.
 * Source: Das Gupta, Standardization and decomposition of rates: a user's manual, US Census P23-186 (1993).
 * @example
 * const populations = [
 *   { name: 'black', factors: { earnings: 10930, earners: 0.717892 } },
 *   { name: 'white', factors: { earnings: 16591, earners: 0.825974 } },
 * ]
 * dasGupta({ populations }).factors[0].effects // [4369.913]
 * dasGupta({ populations }).factors[1].effects // [1487.262]
 */
export function dasGupta({ populations, rate = sumOfProducts }: DasGuptaOptions): DasGuptaResult | Refusal {
  const read = readPopulations(populations)
  if (isRefusal(read)) return read
  const { names, values } = read
  const crude = values.map((own) => rate(named(names, own)))
  if (crude.some((value) => !Number.isFinite(value)))
    return refuse(
      'not-finite',
      `[dasGupta] the rate of a population is ${crude.join(', ')}; check the rate function.`,
    )
  const pairwise = names.map(() => values.map(() => Array<number>(values.length).fill(0)))
  for (let a = 0; a < values.length; a++)
    for (let b = a + 1; b < values.length; b++) {
      const pair = standardisePair(names, values[a] ?? [], values[b] ?? [], rate)
      if (isRefusal(pair)) return pair
      pair.forEach(([ofA, ofB], factor) => {
        const rates = pairwise[factor]
        rates?.[a]?.splice(b, 1, ofA)
        rates?.[b]?.splice(a, 1, ofB)
      })
    }
  return onlyFinite('dasGupta', {
    populations: populations.map(({ name }) => name),
    crude,
    factors: names.map((factor, i) => withEffects(factor, standardise(pairwise[i] ?? []))),
  })
}

/** Adds to standardised rates the effect of each step. */
export function withEffects(factor: string, standardised: readonly number[]): FactorRates {
  return {
    factor,
    standardised,
    effects: standardised.slice(1).map((rate, i) => rate - (standardised[i] ?? 0)),
  }
}

type Vectors = readonly (readonly number[])[]

function readPopulations(
  populations: readonly Population[],
): { names: string[]; values: Vectors[] } | Refusal {
  const [first, second] = populations
  if (!first || !second)
    return refuse(
      'too-few',
      `[dasGupta] ${populations.length} population(s) given; a change needs at least two.`,
    )
  const names = Object.keys(first.factors)
  if (names.length < 1 || names.length > mostFactors)
    return refuse(
      'out-of-range',
      `[dasGupta] ${names.length} factors given; 1 to ${mostFactors} can be decomposed.`,
    )
  const values: Vectors[] = []
  for (const { name, factors } of populations) {
    if (Object.keys(factors).length !== names.length || names.some((factor) => !(factor in factors)))
      return refuse(
        'mismatch',
        `[dasGupta] population "${name}" does not have the factors ${names.join(', ')}.`,
      )
    const vectors = names.map((factor) => [factors[factor] ?? []].flat())
    const length = vectors.map((vector) => vector.length).find((count) => count !== values[0]?.[0]?.length)
    if (values.length > 0 && length !== undefined)
      return refuse(
        'mismatch',
        `[dasGupta] population "${name}" has ${length} sub-populations, another has more or fewer.`,
      )
    if (vectors.some((vector) => vector.length !== vectors[0]?.length || vector.length === 0))
      return refuse(
        'mismatch',
        `[dasGupta] the factors of population "${name}" differ in length; one value per sub-population.`,
      )
    if (vectors.flat().some((value) => !Number.isFinite(value)))
      return refuse('not-finite', `[dasGupta] a factor of population "${name}" is not finite.`)
    values.push(vectors)
  }
  return { names, values }
}

/** For each factor the standardised rates of the two populations, from the 2^K mixed rates. */
function standardisePair(
  names: readonly string[],
  a: Vectors,
  b: Vectors,
  rate: RateFunction,
): [number, number][] | Refusal {
  const k = names.length
  const mixed = new Float64Array(2 ** k)
  for (let mask = 0; mask < mixed.length; mask++) {
    mixed[mask] = rate(
      named(
        names,
        names.map((_, i) => (mask & (1 << i) ? b[i] : a[i]) ?? []),
      ),
    )
    if (!Number.isFinite(mixed[mask]))
      return refuse(
        'not-finite',
        `[dasGupta] the rate of a mixed population is ${mixed[mask]}; check the rate function.`,
      )
  }
  const weights = shapleyWeights(k)
  return names.map((_, i) => {
    const ofA: number[] = []
    const ofB: number[] = []
    for (let mask = 0; mask < mixed.length; mask++) {
      if (mask & (1 << i)) continue
      const weight = weights[countBits(mask)] ?? 0
      ofA.push(weight * (mixed[mask] ?? 0))
      ofB.push(weight * (mixed[mask | (1 << i)] ?? 0))
    }
    return [neumaierSum(ofA), neumaierSum(ofB)]
  })
}

function named(names: readonly string[], values: Vectors): Record<string, readonly number[]> {
  return Object.fromEntries(names.map((name, i) => [name, values[i] ?? []]))
}

function sumOfProducts(factors: Readonly<Record<string, readonly number[]>>): number {
  const vectors = Object.values(factors)
  return neumaierSum(
    (vectors[0] ?? []).map((_, cell) =>
      vectors.reduce((product, vector) => product * (vector[cell] ?? 0), 1),
    ),
  )
}
