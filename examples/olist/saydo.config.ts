/** Olist, a Brazilian marketplace: review satisfaction joined to delivery delay and revenue, from its published CSV files. */
import { connect, defineProject, files } from 'saydo'

export default defineProject((env) => ({
  name: 'olist',
  title: { en: 'Olist', zh: 'Olist 电商' },
  timezone: 'America/Sao_Paulo',
  callingCode: '55',
  sources: {
    olist: connect(files, {
      folder: env['OLIST_FOLDER'] ?? '../../../shared/data/olist-8pct',
      streams: {
        reviews: {
          match: 'olist_order_reviews_dataset.csv',
          key: ['review_id', 'order_id'],
          eventTime: 'review_answer_timestamp',
          timezone: 'America/Sao_Paulo',
          columns: {
            review_id: 'text',
            order_id: 'text',
            review_score: 'integer',
            review_comment_title: 'text',
            review_comment_message: 'text',
            review_creation_date: 'timestamp',
            review_answer_timestamp: 'timestamp',
          },
        },
        orders: {
          match: 'olist_orders_dataset.csv',
          key: ['order_id'],
          eventTime: 'order_purchase_timestamp',
          timezone: 'America/Sao_Paulo',
          columns: {
            order_id: 'text',
            customer_id: 'text',
            order_status: 'text',
            order_purchase_timestamp: 'timestamp',
            order_delivered_customer_date: 'timestamp',
            order_estimated_delivery_date: 'timestamp',
          },
          others: 'drop',
        },
        payments: {
          match: 'olist_order_payments_dataset.csv',
          key: ['order_id', 'payment_sequential'],
          columns: { order_id: 'text', payment_sequential: 'integer', payment_value: 'money' },
          others: 'drop',
        },
        customers: {
          match: 'olist_customers_dataset.csv',
          key: ['customer_id'],
          columns: { customer_id: 'text', customer_unique_id: 'text', customer_state: 'text' },
          privacy: { customer_unique_id: 'id' },
          others: 'drop',
        },
      },
    }),
  },
  tables: [
    {
      from: 'olist.orders',
      to: 'order',
      columns: {
        order_id: 'order_id',
        ordered_at: 'order_purchase_timestamp',
        promised_at: 'order_estimated_delivery_date',
        delivered_at: 'order_delivered_customer_date',
        status: 'order_status',
        store_id: { from: 'customers', take: 'customer_state', on: 'customer_id' },
        revenue: { from: 'payments', take: 'payment_value', on: 'order_id', as: 'sum' },
        currency: { value: 'BRL' },
        member_key: { from: 'customers', take: 'customer_unique_id', on: 'customer_id' },
      },
    },
    {
      from: 'olist.reviews',
      to: 'submission',
      columns: {
        submission_id: ['review_id', 'order_id'],
        submitted_at: 'review_answer_timestamp',
        language: { value: 'pt' },
        touchpoint: { value: 'delivery' },
        about_id: 'order_id',
      },
    },
    {
      from: 'olist.reviews',
      to: 'answer',
      columns: {
        answer_id: ['review_id', 'order_id'],
        submission_id: ['review_id', 'order_id'],
        question_id: { value: 'review_score' },
        number: 'review_score',
        answered_at: 'review_answer_timestamp',
      },
    },
    {
      from: 'olist.reviews',
      to: 'comment',
      columns: {
        comment_id: ['review_id', 'order_id'],
        kind: { value: 'survey' },
        submission_id: ['review_id', 'order_id'],
        written_at: 'review_answer_timestamp',
        language: { value: 'pt' },
        text: 'review_comment_message',
      },
    },
  ],
  questions: [{ question: 'review_score', concept: 'csat', scale: [1, 5] }],
}))
