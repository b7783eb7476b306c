/** Two files, one number: a survey export and an order export become an NPS with its interval, joined to what people bought. */
import { connect, defineProject, files } from 'saydo'

export default defineProject({
  name: 'my-company',
  timezone: 'Asia/Shanghai', // days and months are cut in this zone
  sources: {
    shop: connect(files, {
      folder: 'data', // CSV, TSV, JSON Lines, Parquet; also .gz and .zip, UTF-8 or GB18030
      timezone: 'Asia/Shanghai', // of the times written in the files
      streams: {
        survey: {
          match: 'survey*.csv',
          key: ['id'],
          eventTime: 'at',
          columns: { id: 'text', at: 'timestamp', email: 'text', channel: 'text', recommend: 'integer' },
          privacy: { email: 'email' }, // hashed before it reaches disk; still joins to other files
        },
        orders: {
          match: 'orders*.csv',
          key: ['number'],
          eventTime: 'at',
          columns: { number: 'text', at: 'timestamp', email: 'text', amount: 'money' },
          privacy: { email: 'email' },
        },
      },
    }),
  },
  tables: [
    { from: 'shop.survey', to: 'submission', columns: { submission_id: 'id', submitted_at: 'at', channel: 'channel', email_key: 'email' } },
    {
      from: 'shop.survey',
      to: 'answer',
      columns: { answer_id: 'id', submission_id: 'id', question_id: { value: 'q1' }, number: 'recommend', answered_at: 'at' },
    },
    { from: 'shop.orders', to: 'order', columns: { order_id: 'number', ordered_at: 'at', revenue: 'amount', email_key: 'email' } },
  ],
  questions: [{ question: 'q1', concept: 'nps', scale: [0, 10] }],
})
