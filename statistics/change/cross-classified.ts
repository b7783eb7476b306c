/** Das Gupta's decomposition for cross-classified cells: each classification variable's structure apart from the rates. */
import { neumaierSum } from '#statistics/algebra/index.ts'
import { onlyFinite } from '#statistics/only-finite.ts'
import { isRefusal, refuse, type Refusal } from '#statistics/refusal.ts'
import { type DasGuptaResult, withEffects } from './das-gupta.ts'
import { shapleyMultipliers } from './shapley-product.ts'
import { standardise } from './standardise.ts'
import { margins, symmetricStructure } from './symmetric-structure.ts'

export type CrossCell = {
  /** The cell's level in each classification variable, e.g. `{ region: 'north', channel: 'app' }`. */
  readonly by: Readonly<Record<string, string | number>>
  readonly size: number
  /** The cell's rate, or named factors whose product it is; null when the cell is empty. */
  readonly rate: number | Readonly<Record<string, number>> | null
}

export type CrossPopulation = { readonly name: string; readonly cells: readonly CrossCell[] }

const mostVariables = 10

/**
 * Says how much of a change is each variable's composition (region, channel, age, …) and how much the rates inside the cells.
 * Takes the same cross-classification for two or more populations (a missing cell is empty; its rate is then taken from the
 * other population, so it counts as structure); answers standardised rates and effects, structure variables first.
 * Refuses with fewer than two populations, no variable or more than ten, unequal variables, sizes that are negative or all
 * zero, values that are not finite, a rate missing where the size is positive.
 * Formula: first structure against rate(s) as one Shapley split, then the structure by the symmetric shares of
 * `N_ij/N = A_ij·B_ij`, A = √(N_ij/N_.j·N_i./N); N populations by equation 6.11.
 * Source: Das Gupta, Standardization and decomposition of rates: a user's manual, US Census P23-186 (1993), chapter 5.
 * @example
 * const cell = (region, channel, size, rate) => ({ by: { region, channel }, size, rate })
 * const before = { name: 'Q1', cells: [cell('n', 'app', 30, 40), cell('n', 'shop', 20, 60), cell('s', 'app', 10, 20), cell('s', 'shop', 40, 50)] }
 * const after = { name: 'Q2', cells: [cell('n', 'app', 40, 40), cell('n', 'shop', 10, 60), cell('s', 'app', 30, 20), cell('s', 'shop', 20, 55)] }
 * const parts = crossClassified([before, after])
 * parts.factors.map(({ factor }) => factor) // ['region', 'channel', 'rate']
 * parts.crude // [46, 39]
 * parts.factors.map(({ effects }) => effects[0]) // [-0.90990, -7.59010, 1.5000]
 */
export function crossClassified(populations: readonly CrossPopulation[]): DasGuptaResult | Refusal {
  const table = readTable(populations)
  if (isRefusal(table)) return table
  const { variables, rates, populations: read } = table
  const names = [...variables, ...rates]
  const pairwise = names.map(() => read.map(() => Array<number>(read.length).fill(0)))
  for (let a = 0; a < read.length; a++)
    for (let b = a + 1; b < read.length; b++) {
      const [own, other] = [read[a], read[b]]
      if (!own || !other) continue
      standardisedPair(own, other, names.length).forEach(([ofA, ofB], factor) => {
        const rates = pairwise[factor]
        rates?.[a]?.splice(b, 1, ofA)
        rates?.[b]?.splice(a, 1, ofB)
      })
    }
  return onlyFinite('crossClassified', {
    populations: populations.map(({ name }) => name),
    crude: read.map(({ shares, rates }) =>
      neumaierSum(shares.map((share, c) => (share === 0 ? 0 : share * product(rates[c] ?? [])))),
    ),
    factors: names.map((factor, i) => withEffects(factor, standardise(pairwise[i] ?? []))),
  })
}

type Read = {
  readonly shares: readonly number[]
  /** Per variable one number per cell. */
  readonly structure: readonly Float64Array[]
  /** Per cell one number per rate factor, null where the cell is empty. */
  readonly rates: readonly (readonly number[] | null)[]
}

/** For each factor, structure variables first, the rates of both populations when standardised with each other. */
function standardisedPair(a: Read, b: Read, width: number): [number, number][] {
  const cells = a.shares.length
  const ofA = Array.from({ length: width }, () => new Float64Array(cells))
  const ofB = Array.from({ length: width }, () => new Float64Array(cells))
  const variables = a.structure.length
  const [structureA, structureB] = [Array<number>(variables).fill(0), Array<number>(variables).fill(0)]
  const put = (factor: number, cell: number, inA: number, inB: number) => {
    const [rowA, rowB] = [ofA[factor], ofB[factor]]
    if (rowA) rowA[cell] = inA
    if (rowB) rowB[cell] = inB
  }
  for (let c = 0; c < cells; c++) {
    const ratesA = a.rates[c] ?? b.rates[c]
    const ratesB = b.rates[c] ?? a.rates[c]
    if (!ratesA || !ratesB) continue
    const [forShare = 0, ...forRates] = shapleyMultipliers(
      [a.shares[c] ?? 0, ...ratesA],
      [b.shares[c] ?? 0, ...ratesB],
    )
    for (let v = 0; v < variables; v++) {
      structureA[v] = a.structure[v]?.[c] ?? 0
      structureB[v] = b.structure[v]?.[c] ?? 0
    }
    const inStructure = shapleyMultipliers(structureA, structureB)
    for (let v = 0; v < variables; v++) {
      const outer = (inStructure[v] ?? 0) * forShare
      put(v, c, (structureA[v] ?? 0) * outer, (structureB[v] ?? 0) * outer)
    }
    for (let r = 0; r < ratesA.length; r++)
      put(variables + r, c, (ratesA[r] ?? 0) * (forRates[r] ?? 0), (ratesB[r] ?? 0) * (forRates[r] ?? 0))
  }
  return ofA.map((values, factor) => [neumaierSum(values), neumaierSum(ofB[factor] ?? [])])
}

type Cells = {
  readonly variables: readonly string[]
  readonly rates: readonly string[]
  readonly populations: readonly Read[]
}

function readTable(populations: readonly CrossPopulation[]): Cells | Refusal {
  const cells = populations.flatMap((population) => population.cells)
  if (populations.length < 2 || !cells[0])
    return refuse(
      'too-few',
      `[crossClassified] ${populations.length} population(s), ${cells.length} cells; give two populations with cells.`,
    )
  const variables = Object.keys(cells[0].by)
  if (variables.length < 1 || variables.length > mostVariables)
    return refuse(
      'out-of-range',
      `[crossClassified] ${variables.length} variables; 1 to ${mostVariables} can be told apart.`,
    )
  const rates = rateNames(cells)
  for (const cell of cells) {
    const refusal = unusable(cell, variables, rates)
    if (refusal) return refusal
  }
  const byKey = populations.map(({ cells }) => cellsByKey(cells, variables))
  const twice = populations.find((population, i) => (byKey[i]?.size ?? 0) < population.cells.length)
  if (twice)
    return refuse(
      'mismatch',
      `[crossClassified] population "${twice.name}" has a cell twice; add them up first.`,
    )
  const keys = [...new Set(byKey.flatMap((map) => [...map.keys()]))]
  const groups = margins(keys.map((key) => key.split(separator)))
  const read: Read[] = []
  for (const [i, { name }] of populations.entries()) {
    const cellsOf = keys.map((key) => byKey[i]?.get(key))
    const sizes = cellsOf.map((cell) => cell?.size ?? 0)
    const total = neumaierSum(sizes)
    if (!(total > 0))
      return refuse('too-few', `[crossClassified] population "${name}" is empty; all its sizes are 0.`)
    read.push({
      shares: sizes.map((size) => size / total),
      structure: symmetricStructure(groups, sizes),
      rates: cellsOf.map((cell) => factorsOf(cell?.rate ?? null, rates)),
    })
  }
  return { variables, rates, populations: read }
}

function rateNames(cells: readonly CrossCell[]): string[] {
  const first = cells.find(({ rate }) => rate !== null)?.rate
  return typeof first === 'object' && first !== null ? Object.keys(first) : ['rate']
}

function unusable(
  { by, size, rate }: CrossCell,
  variables: readonly string[],
  rates: readonly string[],
): Refusal | undefined {
  if (Object.keys(by).length !== variables.length || variables.some((name) => !(name in by)))
    return refuse(
      'mismatch',
      `[crossClassified] cell ${JSON.stringify(by)} is not classified by ${variables.join(', ')}.`,
    )
  if (!Number.isFinite(size))
    return refuse('not-finite', `[crossClassified] cell ${JSON.stringify(by)} has size ${size}.`)
  if (size < 0)
    return refuse(
      'out-of-range',
      `[crossClassified] cell ${JSON.stringify(by)} has size ${size}; sizes are ≥ 0.`,
    )
  if (rate === null)
    return size > 0
      ? refuse('empty-cell', `[crossClassified] cell ${JSON.stringify(by)} has size ${size} but no rate.`)
      : undefined
  const factors = factorsOf(rate, rates) ?? []
  if (typeof rate === 'object' && Object.keys(rate).length !== rates.length)
    return refuse(
      'mismatch',
      `[crossClassified] cell ${JSON.stringify(by)} does not have the factors ${rates.join(', ')}.`,
    )
  if (factors.some((value) => !Number.isFinite(value)))
    return refuse(
      'not-finite',
      `[crossClassified] cell ${JSON.stringify(by)} has rate ${factors.join(', ')}; ${rates.join(', ')} must be finite.`,
    )
  return undefined
}

function factorsOf(rate: CrossCell['rate'], names: readonly string[]): number[] | null {
  if (rate === null) return null
  return typeof rate === 'number' ? [rate] : names.map((name) => rate[name] ?? Number.NaN)
}

/** Stands between the levels of a key; no level of a survey or an organisation holds it. */
const separator = '\u001F'

function cellsByKey(cells: readonly CrossCell[], variables: readonly string[]): Map<string, CrossCell> {
  const byKey = new Map<string, CrossCell>()
  for (const cell of cells) byKey.set(keyOf(cell, variables), cell)
  return byKey
}

function keyOf({ by }: CrossCell, variables: readonly string[]): string {
  let key = ''
  for (const [i, name] of variables.entries())
    key += i === 0 ? String(by[name]) : separator + String(by[name])
  return key
}

function product(factors: readonly number[]): number {
  return factors.reduce((result, factor) => result * factor, 1)
}
