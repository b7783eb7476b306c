/** The company whose numbers are built: a survey tool and a shop as file drops, mapped as a project file maps them. */
import { checkProject, type Project } from '#activities/project.ts'
import { connect } from '#connectors/connector.ts'
import { files } from '#connectors/files.ts'
import { auditReads } from '#models/audit.ts'
import type { Model } from '#models/define-model.ts'
import { projectModels } from '#stack/project-models.ts'

/** The morning on which the three years of data end. */
export const today = '2025-06-16'

const at = { at: 'timestamp', updated_at: 'timestamp' } as const
const keys = { email: 'text', phone: 'text', member: 'text' } as const
const hashed = { email: 'email', phone: 'phone', member: 'id' } as const
const moved = { eventTime: 'at', cursorField: 'updated_at' }

const project = checkProject({
  name: 'bench',
  timezone: 'Asia/Shanghai',
  sources: {
    shop: connect(files, {
      folder: '.',
      streams: {
        submissions: {
          match: 'submissions*',
          key: ['id'],
          columns: {
            id: 'text',
            ...at,
            survey: 'text',
            channel: 'text',
            store: 'text',
            about: 'text',
            ...keys,
          },
          ...moved,
          privacy: hashed,
        },
        answers: {
          match: 'answers*',
          key: ['id'],
          columns: {
            id: 'text',
            ...at,
            submission: 'text',
            survey: 'text',
            question: 'text',
            score: 'number',
          },
          ...moved,
        },
        orders: {
          match: 'orders*',
          key: ['number'],
          columns: {
            number: 'text',
            ...at,
            promised_at: 'timestamp',
            delivered_at: 'timestamp',
            status: 'text',
            channel: 'text',
            store: 'text',
            amount: 'money',
            ...keys,
          },
          ...moved,
          privacy: hashed,
        },
        contacts: {
          match: 'contacts*',
          key: ['id'],
          columns: { id: 'text', ...at, ...keys },
          ...moved,
          privacy: hashed,
        },
      },
    }),
  },
  tables: [
    {
      from: 'shop.submissions',
      to: 'submission',
      columns: {
        submission_id: 'id',
        survey_id: 'survey',
        submitted_at: 'at',
        channel: 'channel',
        store_id: 'store',
        about_id: 'about',
        ...contactKeys(),
      },
    },
    {
      from: 'shop.answers',
      to: 'answer',
      columns: {
        answer_id: 'id',
        submission_id: 'submission',
        survey_id: 'survey',
        question_id: 'question',
        number: 'score',
        answered_at: 'at',
      },
    },
    {
      from: 'shop.orders',
      to: 'order',
      columns: {
        order_id: 'number',
        ordered_at: 'at',
        promised_at: 'promised_at',
        delivered_at: 'delivered_at',
        status: 'status',
        channel: 'channel',
        store_id: 'store',
        revenue: 'amount',
        ...contactKeys(),
      },
    },
    {
      from: 'shop.contacts',
      to: 'contact',
      columns: { source_id: 'id', seen_at: 'at', ...contactKeys() },
    },
  ],
  questions: [
    { question: 'recommend', concept: 'nps', scale: [0, 10] },
    { question: 'satisfied', concept: 'csat', scale: [1, 5] },
  ],
  surveys: [{ survey: 'after-order', about: 'order', withinDays: 30 }],
})

function contactKeys() {
  return { email_key: 'email', phone_key: 'phone', member_key: 'member' }
}

export function company(): Project {
  return project
}

/** `all` models of the project, or `core`: all up to an answer in its context, without what is told about persons and their months. */
export type Scope = 'all' | 'core'

/** The models of a scope. What refers to a model that is left out is not audited against it. */
export function companyModels(scope: Scope): Model[] {
  const models = projectModels(project)
  if (scope === 'all') return models
  const kept = new Set(models.map(({ name }) => name).filter(isCore))
  return models
    .filter(({ name }) => kept.has(name))
    .map((model) => ({
      ...model,
      audits: model.audits.filter((audit) => auditReads(audit).every((name) => kept.has(name))),
    }))
}

function isCore(name: string): boolean {
  return name === 'xo.response_context' || !(name === 'person' || name.startsWith('xo.'))
}
