/** The metric card: everything that fixes what one number means, checked when it is loaded. */
import { z } from 'zod'
import { contracts, isTable } from './contracts.ts'
import { Predicate, predicateColumns } from './predicate.ts'

const Name = z.string().regex(/^[a-z][a-z0-9_]*$/, 'Expected snake_case')
const Title = z.strictObject({ en: z.string().min(1), zh: z.string().min(1) })

/** Columns every answer has; a dimension cannot be called like one of them. */
export const answerColumns = [
  'period',
  'value',
  'n',
  'low',
  'high',
  'suppressed',
  'dropped',
  'version',
  'published_version',
] as const

/**
 * How rows become a part: `rows` counts the valid rows that satisfy `where` (all, when absent), `distinct` the different values of a column in them.
 * Rows add up over any split; distinct counts only over splits that keep equal values together.
 */
const Part = z.discriminatedUnion('count', [
  z.strictObject({ count: z.literal('rows'), where: Predicate.optional() }),
  z.strictObject({ count: z.literal('distinct'), column: z.string(), where: Predicate.optional() }),
])
export type Part = z.infer<typeof Part>

/** Each field names a part. `nps` = 100·(promoters − detractors)/n in points; `share` = successes/n; `count` = n. */
const Estimator = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('nps'),
    interval: z.literal('adjusted-wald'),
    promoters: Name,
    detractors: Name,
    n: Name,
  }),
  z.strictObject({ kind: z.literal('share'), interval: z.literal('wilson'), successes: Name, n: Name }),
  z.strictObject({ kind: z.literal('count'), interval: z.literal('exact'), n: Name }),
])
export type Estimator = z.infer<typeof Estimator>

/** Statements that hold for every answer; `checkInvariants` tries them. */
const Invariant = z.discriminatedUnion('kind', [
  /** The sum of these parts is the part `total`. */
  z.strictObject({ kind: z.literal('parts-sum-to'), parts: z.array(Name).min(1), total: Name }),
  z.strictObject({ kind: z.literal('value-between'), low: z.number(), high: z.number() }),
])

const Card = z.strictObject({
  name: Name,
  title: Title,
  meaning: Title,
  owner: z.string().min(1),
  status: z.enum(['draft', 'certified', 'deprecated']),
  version: z.int().positive(),
  effectiveFrom: z.iso.date(),
  model: z.custom<keyof typeof contracts>(
    (name) => typeof name === 'string' && isTable(name),
    `Expected a table of models/tables.ts: ${Object.keys(contracts).join(', ')}`,
  ),
  /** Rows the number is about. Among them, those that are not `valid` are dropped and counted. */
  population: Predicate,
  valid: Predicate,
  parts: z.record(Name, Part),
  estimator: Estimator,
  confidence: z.number().gt(0).lt(1).default(0.95),
  /** Below this many observations value and interval are withheld. */
  minimumN: z.int().nonnegative(),
  dimensions: z.record(Name, z.strictObject({ title: Title })),
  /** What `from`, `to` and the grain cut: an `instant` (UTC) is cut in the project's zone, a `date` already is local. */
  time: z.strictObject({ column: z.string(), kind: z.enum(['instant', 'date']), title: Title }),
  unit: Title,
  format: z.enum(['points', 'percent', 'integer']),
  invariants: z.array(Invariant),
})

export const MetricCard = Card.superRefine((card, context) => {
  for (const [path, message] of [...columnMistakes(card), ...partMistakes(card), ...ruleMistakes(card)])
    context.addIssue({ code: 'custom', path, message })
})
export type MetricCard = z.output<typeof MetricCard>

/** Check a card; throws one error that lists every mistake with its path. */
export function defineMetric(card: z.input<typeof MetricCard>): MetricCard {
  const parsed = MetricCard.safeParse(card)
  if (parsed.success) return parsed.data
  const mistakes = parsed.error.issues.map(
    (issue) => `  ${issue.path.join('.') || '(root)'}: ${issue.message}`,
  )
  throw new Error(`[metrics] card ${JSON.stringify(card.name)} has mistakes:\n${mistakes.join('\n')}`)
}

type Mistake = [path: string[], message: string]

function columnMistakes(card: z.output<typeof Card>): Mistake[] {
  const known = Object.keys(contracts[card.model].shape)
  const used: [string[], string[]][] = [
    [['population'], predicateColumns(card.population)],
    [['valid'], predicateColumns(card.valid)],
    [['time', 'column'], [card.time.column]],
    ...Object.keys(card.dimensions).map((name): [string[], string[]] => [['dimensions', name], [name]]),
    ...Object.entries(card.parts).map(([name, part]): [string[], string[]] => [
      ['parts', name],
      [
        ...(part.where ? predicateColumns(part.where) : []),
        ...(part.count === 'distinct' ? [part.column] : []),
      ],
    ]),
  ]
  return used.flatMap(([path, columns]) =>
    columns
      .filter((column) => !known.includes(column))
      .map((column): Mistake => [path, `${card.model} has no column ${column}; it has ${known.join(', ')}`]),
  )
}

function partMistakes(card: z.output<typeof Card>): Mistake[] {
  const { kind: _kind, interval: _interval, ...named } = card.estimator
  const sums = card.invariants.flatMap((rule) =>
    rule.kind === 'parts-sum-to' ? [...rule.parts, rule.total] : [],
  )
  return [...Object.values(named), ...sums]
    .filter((name) => !Object.hasOwn(card.parts, name))
    .map((name) => [
      ['estimator'],
      `no part is called ${name}; there are ${Object.keys(card.parts).join(', ')}`,
    ])
}

function ruleMistakes(card: z.output<typeof Card>): Mistake[] {
  const taken = Object.keys(card.dimensions).filter((name) => answerColumns.some((column) => column === name))
  return [
    ...taken.map((name): Mistake => [['dimensions', name], 'is the name of an answer column']),
    ...(card.estimator.kind !== 'count' && card.minimumN < 1
      ? [[['minimumN'], 'Expected at least 1: the value of no observations is not defined'] satisfies Mistake]
      : []),
  ]
}
