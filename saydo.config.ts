/**
 * The project of Qinghe (青禾), a company that does not exist: its survey tool, CRM, help desk, social channel and shop tills are
 * stand-ins that speak the vendors' real shapes. `saydo init <dir>` writes one like it for your own sources.
 */
import { connect, defineProject, files, hubspot, mastodon, typeform, zendesk } from 'saydo'

/** The stand-ins are started before this file is read; `--seed` and `--size` choose another company. */
export const simulation = { seed: 7, size: 'small' }

/** Vendors allow less; see each connector's default. */
const rate = { requests: 50, perSeconds: 1 }

export default defineProject((env) => ({
  name: 'qinghe',
  title: { en: 'Qinghe', zh: '青禾' },
  timezone: 'Asia/Shanghai',
  callingCode: '86',

  sources: {
    typeform: connect(typeform, {
      url: env['TYPEFORM_URL'],
      forms: ['relationship', 'transaction'],
      rate,
    }),
    hubspot: connect(hubspot, {
      url: env['HUBSPOT_URL'],
      rate,
      properties: {
        contacts: { member_id: 'id' },
        deals: {
          member_id: 'id',
          order_number: 'keep',
          channel: 'keep',
          store_id: 'keep',
          promised_at: 'keep',
          delivered_at: 'keep',
        },
        tickets: { member_id: 'id', language: 'keep' },
        feedback_submissions: {
          member_id: 'id',
          order_number: 'keep',
          channel: 'keep',
          touchpoint: 'keep',
          store_id: 'keep',
          recommend: 'keep',
          satisfaction: 'keep',
          intent: 'keep',
          delivery: 'keep',
          staff: 'keep',
          product: 'keep',
          price: 'keep',
          app: 'keep',
        },
      },
    }),
    zendesk: connect(zendesk, { url: env['ZENDESK_URL'] ?? 'https://qinghe.zendesk.com', rate }),
    mastodon: connect(mastodon, {
      url: env['MASTODON_URL'] ?? 'https://mastodon.social',
      tags: ['qinghe', '青禾'],
      rate,
    }),
    stores: connect(files, {
      folder: env['FILES_FOLDER'] ?? 'files',
      streams: {
        till: {
          match: 'pos/**',
          key: ['order_no'],
          cursorField: 'updated_at',
          eventTime: 'ordered_at',
          timezone: 'Asia/Shanghai',
          columns: {
            order_no: { type: 'text', from: ['订单号', 'order_no'] },
            store: { type: 'text', from: ['门店', 'store'] },
            channel: { type: 'text', from: ['渠道', 'channel'], codes: { 门店: 'store', 电话: 'phone' } },
            ordered_at: { type: 'timestamp', from: ['下单时间', 'ordered_at'] },
            promised_at: { type: 'timestamp', from: ['承诺送达', 'promised_at'] },
            delivered_at: { type: 'timestamp', from: ['实际送达', 'delivered_at'] },
            status: {
              type: 'text',
              from: ['状态', 'status'],
              codes: { 已完成: 'delivered', 已取消: 'cancelled', 配送中: 'shipped' },
            },
            amount: { type: 'money', from: ['金额', 'amount'] },
            member_no: { type: 'text', from: ['会员号', 'member_no'] },
            phone: { type: 'text', from: ['手机', 'phone'] },
            updated_at: { type: 'timestamp', from: ['更新时间', 'updated_at'] },
            note: { type: 'text', from: ['备注', 'note'], optional: true },
          },
          privacy: { member_no: 'id', phone: 'phone', note: 'drop' },
        },
        kiosk: {
          match: 'kiosk/*.jsonl',
          key: ['id'],
          eventTime: 'pressed_at',
          timezone: 'Asia/Shanghai',
          columns: {
            id: 'text',
            store: 'text',
            pressed_at: 'timestamp',
            // From December some kiosks write the top score in words: add `codes: { 非常满意: 5 }` and replay the quarantine.
            score: { type: 'integer' },
            comment: 'text',
          },
        },
      },
    }),
  },

  tables: [
    {
      from: 'stores.till',
      to: 'order',
      columns: {
        order_id: 'order_no',
        ordered_at: 'ordered_at',
        promised_at: 'promised_at',
        delivered_at: 'delivered_at',
        status: 'status',
        channel: 'channel',
        store_id: 'store',
        revenue: 'amount',
        currency: { value: 'CNY' },
        member_key: 'member_no',
        phone_key: 'phone',
      },
    },
    {
      from: 'stores.kiosk',
      to: 'submission',
      columns: {
        submission_id: 'id',
        survey_id: { value: 'kiosk' },
        submitted_at: 'pressed_at',
        language: { value: 'zh' },
        channel: { value: 'store' },
        touchpoint: { value: 'exit' },
        store_id: 'store',
      },
    },
    {
      from: 'stores.kiosk',
      to: 'answer',
      columns: {
        answer_id: 'id',
        submission_id: 'id',
        survey_id: { value: 'kiosk' },
        question_id: { value: 'smiley' },
        number: 'score',
        answered_at: 'pressed_at',
      },
    },
    {
      from: 'stores.kiosk',
      to: 'comment',
      columns: {
        comment_id: 'id',
        kind: { value: 'survey' },
        submission_id: 'id',
        written_at: 'pressed_at',
        language: { value: 'zh' },
        channel: { value: 'store' },
        text: 'comment',
      },
    },
  ],

  questions: [
    { question: 'recommend', concept: 'nps', scale: [0, 10] },
    { question: 'satisfaction', concept: 'csat', scale: [1, 5] },
    { question: 'smiley', survey: 'kiosk', concept: 'csat', scale: [1, 5] },
    {
      question: 'rating',
      survey: 'satisfaction_rating',
      concept: 'support_thumb',
      scale: [0, 1],
      scores: { good: 1, bad: 0 },
    },
    ...['delivery', 'staff', 'product', 'price', 'app'].map((touchpoint) => ({
      question: touchpoint,
      concept: `touchpoint_${touchpoint}`,
      scale: [1, 5] as [number, number],
    })),
    { question: 'intent', concept: 'intent' },
  ],

  surveys: [
    { survey: 'transaction', about: 'order', withinDays: 30 },
    { survey: 'wechat', about: 'order', withinDays: 30 },
  ],
}))
