/** Finds planted effects again in the published version, by counting alone: one estimator per kind of effect, each with its interval. */
import { z } from 'zod'
import { adjustedWald, isRefusal, relativeRisks, wilson } from '#statistics/index.ts'

/** A planted effect as the simulation wrote it down. */
export const PlantedEffect = z.object({
  name: z.string(),
  title: z.object({ en: z.string(), zh: z.string() }),
  value: z.number(),
  unit: z.enum(['share', 'points', 'ratio', 'count']),
  definition: z.string(),
  where: z.record(z.string(), z.string()).optional(),
  recoveredBy: z.enum(['plain', 'weighting', 'causal', 'drivers', 'identity']),
})
export type PlantedEffect = z.infer<typeof PlantedEffect>

export type Recovered = {
  readonly value: number
  readonly n: number
  readonly low: number
  readonly high: number
}

/** Answers a select over the published version. */
export type Ask = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>

/** The estimate of an effect, or undefined when counting alone does not find it. */
export async function recover(effect: PlantedEffect, ask: Ask): Promise<Recovered | undefined> {
  const [kind = '', group = ''] = effect.name.split('.')
  if (kind === 'dissatisfied_share') return shareOf(ask, answers(effect, 'score <= 2'))
  if (kind === 'satisfied_share') return shareOf(ask, answers(effect, 'score >= 4'))
  if (kind === 'nps') return npsOf(ask, effect)
  if (kind === 'leave_ratio') return ratioOf(ask, 'leave', 'satisfaction.score <= 2')
  if (kind === 'raise_ratio') return ratioOf(ask, 'raise', 'satisfaction.score >= 4')
  if (kind === 'repurchase_90d') return repurchase(ask, group)
  const sql = counted[effect.name]
  return sql === undefined ? undefined : countOf(ask, sql)
}

/** What the lake holds of each planted count. */
const counted: Readonly<Record<string, string>> = {
  'count.contacts': `select count(*) as n from contact where source = 'hubspot'`,
  'count.orders': `select count(*) as n from "order"`,
  'count.orders_tills': `select count(*) as n from "order" where source = 'stores'`,
  'count.orders_cancelled': `select count(*) as n from "order" where status = 'cancelled'`,
  'count.orders_late': `select count(*) as n from "order" where delivered_at > promised_at`,
  'count.calls': `select count(*) as n from "call"`,
  'count.posts': `select count(*) as n from comment where kind = 'post'`,
  'count.submissions_relationship': `select count(*) as n from submission where survey_id = 'relationship'`,
  'count.submissions_transaction': `select count(*) as n from submission where survey_id = 'transaction'`,
  'count.submissions_wechat': `select count(*) as n from submission where survey_id = 'wechat'`,
  'count.persons': `select count(*) as n from person where contacts > 0`,
}

async function countOf(ask: Ask, sql: string): Promise<Recovered> {
  const n = await number(ask, sql, 'n')
  return { value: n, n, low: n, high: n }
}

/** A select of `n` and `hits` over the answers an effect is about. */
function answers({ where = {} }: PlantedEffect, hit: string): string {
  return `select count(*) as n, count(*) filter (where ${hit}) as hits from xo.response_context where ${slice(where)}`
}

function slice(where: Readonly<Record<string, string>>): string {
  const columns: Readonly<Record<string, string>> = {
    survey: 'survey_id',
    concept: 'concept',
    channel: 'channel',
  }
  return Object.entries(where)
    .map(([name, value]) => `${columns[name] ?? name} = '${value}'`)
    .join(' and ')
}

async function shareOf(ask: Ask, sql: string): Promise<Recovered | undefined> {
  const { n, hits } = Counts.parse((await ask(sql))[0])
  const share = wilson({ successes: hits, n })
  return isRefusal(share) ? undefined : share
}

const Counts = z.object({ n: z.number(), hits: z.number() })

async function npsOf(ask: Ask, { where = {} }: PlantedEffect): Promise<Recovered | undefined> {
  const [row] = await ask(`select count(*) filter (where score >= 9) as promoters,
    count(*) filter (where score between 7 and 8) as passives,
    count(*) filter (where score <= 6) as detractors from xo.response_context where ${slice(where)}`)
  const nps = adjustedWald(
    z.object({ promoters: z.number(), passives: z.number(), detractors: z.number() }).parse(row),
  )
  return isRefusal(nps) ? undefined : nps
}

/** Risk of a stated intention in a satisfaction group, over the risk of all who answered both questions. */
async function ratioOf(ask: Ask, intent: string, group: string): Promise<Recovered | undefined> {
  const rows =
    await ask(`select ${group} as inside, count(*) as n, count(*) filter (where intent.choice = '${intent}') as hits
    from answer satisfaction join answer intent using (submission_id) join submission using (submission_id)
    where satisfaction.concept = 'csat' and intent.concept = 'intent' and intent.choice is not null and survey_id = 'transaction'
    group by 1 order by 1 desc`)
  const groups = rows.map((row) => {
    const { n, hits } = Counts.parse(row)
    return { group: row['inside'] === true ? 'inside' : 'rest', events: hits, n }
  })
  const risks = relativeRisks({ groups })
  if (isRefusal(risks)) return undefined
  const inside = risks.find((risk) => risk.group === 'inside')?.againstAverage
  return inside && { ...inside, n: groups.reduce((sum, { n }) => sum + n, 0) }
}

const scoreGroups: Readonly<Record<string, string>> = {
  dissatisfied: `concept = 'csat' and score <= 2`,
  neutral: `concept = 'csat' and score = 3`,
  satisfied: `concept = 'csat' and score >= 4`,
  detractor: `concept = 'nps' and score <= 6`,
  passive: `concept = 'nps' and score between 7 and 8`,
  promoter: `concept = 'nps' and score >= 9`,
}

/** Of answers whose 90 days are fully observed: the share that an order of the same person follows. */
async function repurchase(ask: Ask, group: string): Promise<Recovered | undefined> {
  return shareOf(
    ask,
    `with purchase as (
      select k.person_id, o.ordered_at from "order" o
      join person_key k on k.person_key = coalesce('m:' || o.member_key, 'e:' || o.email_key, 'p:' || o.phone_key)
    ), answered as (
      select answer_id, person_id, answered_at from xo.response_context
      where survey_id = 'transaction' and ${scoreGroups[group] ?? 'false'} and person_id is not null
        and answered_at <= (select max(ordered_at) - interval 90 day from "order")
    )
    select count(*) as n, count(*) filter (where exists (
      select 1 from purchase p where p.person_id = a.person_id
        and p.ordered_at > a.answered_at and p.ordered_at <= a.answered_at + interval 90 day)) as hits
    from answered a`,
  )
}

async function number(ask: Ask, sql: string, column: string): Promise<number> {
  return z.number().parse((await ask(sql))[0]?.[column])
}
