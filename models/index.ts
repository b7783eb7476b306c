/** All models of a project: what each source contributes, the canonical tables, and the joined ones. */
import type { Model } from './define-model.ts'
import { unionOf } from './canonical.ts'
import {
  type CanonicalTable,
  contributions,
  type Question,
  type Survey,
  type TableMapping,
  timeOf,
} from './mapping.ts'
import { person } from './people/person.ts'
import { personKey } from './people/person-key.ts'
import { type EventTimeOf, mappedModel, type RecordOf } from './source/mapped.ts'
import { sourceModels } from './source/index.ts'
import { answer } from './x/answer.ts'
import { activity } from './xo/activity.ts'
import { customerMonth } from './xo/customer-month.ts'
import { monthScore } from './xo/month-score.ts'
import { observedMonth } from './xo/observed-month.ts'
import { outcome } from './xo/outcome.ts'
import { outcomeMonth } from './xo/outcome-month.ts'
import { responseContext } from './xo/response-context.ts'

export type ModelPlan = {
  /** Source name → its connector's name. */
  readonly sources: Readonly<Record<string, string>>
  readonly tables: readonly TableMapping[]
  readonly questions: readonly Question[]
  readonly surveys: readonly Survey[]
  readonly timezone: string
  readonly recordOf: RecordOf
  /** The event time of a stream, where it has one. */
  readonly eventTimeOf?: EventTimeOf
}

/** Throws when a mapping names a stream or column that does not exist. */
export function modelsOf(plan: ModelPlan): Model[] {
  const contributed = [...vendorModels(plan), ...mappedModels(plan)]
  const canonical = (Object.keys(contributions) as CanonicalTable[]).map((table) =>
    unionOf(canonicalTable(table), contributed.filter(contributesTo(table))),
  )
  return [
    ...contributed,
    ...canonical,
    answer(plan.questions),
    personKey,
    person,
    responseContext(plan.surveys, plan.timezone),
    activity,
    outcomeMonth(plan.timezone),
    observedMonth,
    outcome(plan.timezone),
    monthScore(plan.timezone),
    customerMonth(plan.timezone),
  ]
}

const described: Readonly<Record<CanonicalTable, string>> = {
  contact: 'A sighting of a person’s contact keys in one system.',
  submission: 'One filled-in questionnaire.',
  answer: 'Answers as given, before the question registry says what they measure.',
  comment: 'Every verbatim: open answers, tickets, posts.',
  order: 'One order.',
  call: 'One call.',
  support_ticket: 'One support ticket.',
}

/** Answers become the canonical `answer` only with the question registry; their union is `answer_part`. */
function canonicalTable(table: CanonicalTable) {
  return {
    name: table === 'answer' ? 'answer_part' : table,
    description: described[table],
    grain:
      table === 'contact'
        ? ['source', 'source_id']
        : [table === 'support_ticket' ? 'ticket_id' : `${table}_id`],
    contract: contributions[table],
    time: timeOf[table],
  }
}

/** `<source>.order` and `<source>.order__<stream>` contribute to `order`. */
function contributesTo(table: CanonicalTable): (model: Model) => boolean {
  return ({ name }) => name.slice(name.indexOf('.') + 1).split('__')[0] === table
}

function vendorModels({ sources }: ModelPlan): Model[] {
  return Object.entries(sources).flatMap(([source, connector]) => sourceModels[connector]?.(source) ?? [])
}

/** A stream that is mapped to the same table again (a second question in one row) gets a number behind its name. */
function mappedModels({ tables, recordOf, eventTimeOf = () => undefined }: ModelPlan): Model[] {
  return tables.map((mapping, index) => {
    const [source, stream] = mapping.from.split('.')
    const before = tables.slice(0, index).filter(({ from, to }) => from === mapping.from && to === mapping.to)
    const name = `${source}.${mapping.to}__${stream}${before.length > 0 ? `__${before.length + 1}` : ''}`
    return mappedModel(mapping, { where: `tables.${index}`, name, recordOf, eventTimeOf })
  })
}
