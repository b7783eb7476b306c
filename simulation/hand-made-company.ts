/** A company small enough to count by hand, for tests of what stands between it and the pipeline. Every person carries markers a test can look for. */
import type {
  Call,
  Channel,
  Company,
  ContactRecord,
  Customer,
  Order,
  Post,
  Submission,
  SurveyId,
  Ticket,
} from './company.ts'

const DAY = 86_400_000
const FROM = Date.UTC(2026, 2, 1, 8)

/** Texts that only personal fields hold: names, and parts of every e-mail address, phone and member number. */
export const personalMarkers = ['王小标', 'marker.example', '1390000', 'MBR-'] as const

/** `people` customers, each with one contact, order, call, ticket and answer to every questionnaire; four records share each instant. */
export function handMadeCompany(people = 24): Company {
  const each = <T>(make: (index: number) => T): T[] =>
    Array.from({ length: people }, (_, index) => make(index))
  return {
    seed: 0,
    size: 'small',
    from: new Date(FROM),
    to: new Date(FROM + people * DAY),
    stores: [{ id: 'S1', name: { en: 'First', zh: '一店' }, region: { en: 'North', zh: '北区' } }],
    customers: each(customer),
    contacts: each(contact),
    orders: each(order),
    calls: each(call),
    tickets: each(ticket),
    submissions: (['relationship', 'transaction', 'wechat'] as const).flatMap((survey) =>
      each((index) => submission(survey, index)),
    ),
    posts: each(post),
    truth: [],
  }
}

function at(index: number, hours = 0): Date {
  return new Date(FROM + Math.floor(index / 4) * DAY + hours * 3_600_000)
}

const language = (index: number): 'zh' | 'en' => (index % 2 === 0 ? 'zh' : 'en')
const channels: readonly Channel[] = ['store', 'web', 'app', 'wechat', 'phone']
const channel = (index: number): Channel => channels[index % channels.length] ?? 'web'

function customer(index: number): Customer {
  return {
    id: `MBR-${1000 + index}`,
    name: `王小标${index}`,
    email: `person${index}@marker.example`,
    phone: `1390000${1000 + index}`,
    language: language(index),
    joinedAt: at(0),
    storeId: 'S1',
  }
}

function contact(index: number): ContactRecord {
  const { id, name, email, phone } = customer(index)
  return {
    id: String(501 + index),
    customerId: id,
    name,
    email: index % 5 === 4 ? null : email,
    phone,
    memberId: index % 3 === 2 ? null : id,
    createdAt: at(0),
    updatedAt: at(index),
  }
}

function order(index: number): Order {
  return {
    id: `O-${index}`,
    customerId: customer(index).id,
    channel: (['web', 'app', 'wechat'] as const)[index % 3] ?? 'web',
    storeId: 'S1',
    orderedAt: at(index, -48),
    promisedAt: at(index, -1),
    deliveredAt: index % 6 === 5 ? null : at(index),
    status: index % 6 === 5 ? 'shipped' : 'delivered',
    cents: 1999 + index * 100,
    currency: 'CNY',
    updatedAt: at(index),
  }
}

function call(index: number): Call {
  return {
    id: 9001 + index,
    customerId: customer(index).id,
    ticketId: 3001 + index,
    startedAt: at(index, -1),
    direction: index % 4 === 3 ? 'outbound' : 'inbound',
    waitSeconds: 10 * index,
    talkSeconds: index % 7 === 6 ? 0 : 120 + index,
    completion: index % 7 === 6 ? 'abandoned_in_queue' : 'completed',
    updatedAt: at(index),
  }
}

function ticket(index: number): Ticket {
  const zh = language(index) === 'zh'
  return {
    id: 3001 + index,
    customerId: customer(index).id,
    channel: (['email', 'voice', 'web', 'chat'] as const)[index % 4] ?? 'email',
    subject: zh ? '送货太慢' : 'Delivery is slow',
    description: zh ? '等了三天还没到' : 'Three days and nothing has come.',
    language: language(index),
    status: index % 8 === 5 ? 'deleted' : 'solved',
    priority: 'normal',
    createdAt: at(index, -2),
    updatedAt: at(index),
    rating:
      index % 2 === 0
        ? { score: index % 4 === 0 ? 'good' : 'bad', comment: zh ? '很好' : null, createdAt: at(index, 1) }
        : null,
  }
}

function submission(survey: SurveyId, index: number): Submission {
  return {
    id: `${survey}-${index}`,
    survey,
    customerId: customer(index).id,
    language: language(index),
    channel: channel(index),
    touchpoint: 'delivery',
    storeId: 'S1',
    orderId: survey === 'relationship' || index % 5 === 4 ? null : `O-${index}`,
    startedAt: at(index, 1),
    submittedAt: at(index, 2),
    nps: survey === 'transaction' ? null : index % 11,
    csat: survey === 'relationship' ? null : 1 + (index % 5),
    touchpoints: survey === 'transaction' ? { delivery: 1 + (index % 5), staff: 4 } : {},
    intent: (['leave', 'stay', 'raise'] as const)[index % 3] ?? null,
    comment: index % 2 === 0 ? '送得慢，但服务好' : 'Slow but friendly.',
  }
}

function post(index: number): Post {
  return {
    id: String(110_000_000_000_000 + index),
    account: `marker.example.fan${index}`,
    createdAt: at(index),
    editedAt: index % 6 === 0 ? at(index, 3) : null,
    language: language(index),
    text: index % 2 === 0 ? '新店不错 <3' : 'Nice new shop & staff',
    tag: index % 3 === 0 ? 'saydo' : 'teahouse',
  }
}
