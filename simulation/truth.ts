/** What was planted, as numbers: the law's own values, the values that follow for these customers, and exact counts. */
import type { Channel, Company, PlantedEffect, Submission } from './company.ts'
import * as law from './law.ts'
import { isTillOrder } from './till-orders.ts'
import type { Tally } from './tally.ts'

type Said = Pick<PlantedEffect, 'name' | 'title' | 'value' | 'unit' | 'definition' | 'recoveredBy'> &
  Pick<Partial<PlantedEffect>, 'where'>

export function truthOf(company: Omit<Company, 'truth'>, tally: Tally): PlantedEffect[] {
  return [
    ...satisfactionEffects(),
    ...npsEffects(),
    ...repurchaseEffects(tally),
    latenessEffect(tally),
    relationshipEffect(tally),
    ...driverEffects(),
    ...counts(company),
  ].map((effect) => ({ ...effect, value: Number(effect.value.toPrecision(12)) }))
}

const csatWhere = { survey: 'transaction', concept: 'csat' }

function satisfactionEffects(): Said[] {
  return [
    {
      name: 'dissatisfied_share',
      title: { en: 'Dissatisfied after an order', zh: '交易后不满意比例' },
      value: law.moodShare('web', 'dissatisfied'),
      unit: 'share',
      definition: 'scores 1–2 among answered csat of the transaction survey',
      where: csatWhere,
      recoveredBy: 'plain',
    },
    {
      name: 'leave_ratio.dissatisfied',
      title: { en: 'Dissatisfied intend to leave, against the average', zh: '不满意者流失意向与平均之比' },
      value: law.leaveRatio.dissatisfied,
      unit: 'ratio',
      definition:
        'share of intent "leave" where csat is 1–2, divided by the share among all who answered both (transaction survey)',
      where: { survey: 'transaction', concept: 'intent' },
      recoveredBy: 'plain',
    },
    {
      name: 'raise_ratio.satisfied',
      title: { en: 'Satisfied intend to buy more, against the average', zh: '满意者增购意向与平均之比' },
      value: law.raiseRatio.satisfied,
      unit: 'ratio',
      definition:
        'share of intent "raise" where csat is 4–5, divided by the share among all who answered both (transaction survey)',
      where: { survey: 'transaction', concept: 'intent' },
      recoveredBy: 'plain',
    },
    {
      name: 'satisfied_share.wechat',
      title: { en: 'Satisfied on WeChat', zh: '微信渠道满意比例' },
      value: law.moodShare('wechat', 'satisfied'),
      unit: 'share',
      definition: 'scores 4–5 among answered csat of the wechat survey',
      where: { survey: 'wechat', concept: 'csat', channel: 'wechat' },
      recoveredBy: 'plain',
    },
  ]
}

const channelTitle: Readonly<Record<Channel, { en: string; zh: string }>> = {
  store: { en: 'stores', zh: '门店' },
  web: { en: 'the web shop', zh: '网店' },
  app: { en: 'the app', zh: 'App' },
  wechat: { en: 'WeChat', zh: '微信' },
  phone: { en: 'the telephone', zh: '电话' },
}

function npsEffects(): Said[] {
  return law.channels.map((channel) => {
    const survey = channel === 'wechat' ? 'wechat' : 'transaction'
    return {
      name: `nps.${channel}`,
      title: { en: `NPS of ${channelTitle[channel].en}`, zh: `${channelTitle[channel].zh}净推荐值` },
      value: law.npsOf(channel),
      unit: 'points',
      definition: `NPS of the ${survey} survey where the order came through this channel`,
      where: { survey, concept: 'nps', channel },
      recoveredBy: 'plain',
    }
  })
}

function repurchaseEffects(tally: Tally): Said[] {
  const effect = (group: string, scores: string, { weight, sum }: { weight: number; sum: number }): Said => ({
    name: `repurchase_90d.${group}`,
    title: { en: `Order again within 90 days: ${group}`, zh: `90天内复购：${groupZh[group] ?? group}` },
    value: sum / weight,
    unit: 'share',
    definition: `of transaction answers with ${scores}, sent at least 90 days before the end of data: share followed by another order within 90 days`,
    where: { survey: 'transaction' },
    recoveredBy: 'plain',
  })
  const scores = { dissatisfied: 'csat 1–2', neutral: 'csat 3', satisfied: 'csat 4–5' }
  const npsScores = { detractor: 'nps 0–6', passive: 'nps 7–8', promoter: 'nps 9–10' }
  return [
    ...law.moods.map((mood) => effect(mood, scores[mood], tally.returnByMood[mood])),
    ...law.npsGroups.map((group) => effect(group, npsScores[group], tally.returnByNps[group])),
  ]
}

const groupZh: Readonly<Record<string, string>> = {
  dissatisfied: '不满意',
  neutral: '一般',
  satisfied: '满意',
  detractor: '贬损者',
  passive: '中立者',
  promoter: '推荐者',
}

function latenessEffect(tally: Tally): Said {
  return {
    name: 'late_delivery_effect',
    title: { en: 'What late delivery does to repurchase', zh: '延迟送达对复购的影响' },
    value: tally.latenessEffect.sum / tally.latenessEffect.weight,
    unit: 'share',
    definition:
      'change of the probability of another order within 90 days, over all delivered orders at least 100 days before the end of data; ' +
      'baskets of ¥400 and more are late five times as often and come back more, so the plain difference of late and punctual orders is wrong',
    recoveredBy: 'causal',
  }
}

function relationshipEffect(tally: Tally): Said {
  return {
    name: 'relationship_nps',
    title: { en: 'Relationship NPS of the whole base', zh: '全体客户关系净推荐值' },
    value: (100 * tally.attitude.sum) / tally.attitude.weight,
    unit: 'points',
    definition:
      'NPS of the relationship survey had everybody answered who had ordered before its wave; customers with baskets of ¥400 and more ' +
      'answer four times as often and like the company more',
    where: { survey: 'relationship', concept: 'nps' },
    recoveredBy: 'weighting',
  }
}

function driverEffects(): Said[] {
  return law.alwaysAsked.map((touchpoint) => ({
    name: `driver_share.${touchpoint}`,
    title: { en: `Weight of ${touchpoint} in satisfaction`, zh: `${touchpointZh[touchpoint]}对满意度的权重` },
    value: law.driverShare(touchpoint),
    unit: 'share',
    definition:
      'LMG share of the explained variance of csat in the transaction survey, drivers staff, product and price; staff moves it most',
    where: { survey: 'transaction', concept: 'csat' },
    recoveredBy: 'drivers',
  }))
}

const touchpointZh: Readonly<Record<string, string>> = { staff: '人员服务', product: '商品', price: '价格' }

function counts(company: Omit<Company, 'truth'>): Said[] {
  const { orders, submissions, contacts, customers, tickets, calls, posts } = company
  const count = (name: string, en: string, zh: string, value: number, definition: string): Said => ({
    name: `count.${name}`,
    title: { en, zh },
    value,
    unit: 'count',
    definition,
    recoveredBy: 'plain',
  })
  const of = (survey: Submission['survey']): number => submissions.filter((s) => s.survey === survey).length
  const late = orders.filter(
    (o) => o.promisedAt !== null && o.deliveredAt !== null && o.deliveredAt > o.promisedAt,
  )
  const cancelled = orders.filter((order) => order.status === 'cancelled').length
  return [
    count(
      'contacts',
      'Contact records',
      '联系人记录',
      contacts.length,
      'records the CRM holds, duplicates included',
    ),
    count(
      'duplicate_contacts',
      'Duplicate contact records',
      '重复联系人',
      contacts.length - customers.length,
      'contact records beyond the first of each person',
    ),
    {
      ...count('persons', 'Persons', '真实客户数', customers.length, 'people behind all contact records'),
      recoveredBy: 'identity',
    },
    count('orders', 'Orders', '订单', orders.length, 'all orders, cancelled ones included'),
    count(
      'orders_tills',
      'Orders of the tills',
      '收银订单',
      orders.filter(isTillOrder).length,
      'orders of channel store and phone, which the file drops hold',
    ),
    count('orders_cancelled', 'Cancelled orders', '取消订单', cancelled, 'orders of status cancelled'),
    count('orders_late', 'Late deliveries', '延迟送达', late.length, 'orders delivered after the promise'),
    count('tickets', 'Support tickets', '客服工单', tickets.length, 'tickets, deleted ones included'),
    count('calls', 'Calls', '来电', calls.length, 'legs of telephone calls'),
    count('posts', 'Posts', '社交帖子', posts.length, 'public posts under the hashtag'),
    count(
      'submissions_relationship',
      'Relationship answers',
      '关系问卷',
      of('relationship'),
      'questionnaires received',
    ),
    count(
      'submissions_transaction',
      'Transaction answers',
      '交易问卷',
      of('transaction'),
      'questionnaires received',
    ),
    count('submissions_wechat', 'WeChat answers', '微信问卷', of('wechat'), 'questionnaires received'),
    count(
      'submissions_repeated',
      'Questionnaires sent twice',
      '重复提交',
      submissions.filter((s) => s.id.endsWith('r')).length,
      'same answers under another id within 20 seconds',
    ),
  ]
}
