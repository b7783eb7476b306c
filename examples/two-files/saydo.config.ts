/** Two files, one number: a survey export and an order export become an NPS with its interval, joined to what customers bought. */
import { connect, defineProject, files } from 'saydo'

export default defineProject({
  name: 'my-company',
  timezone: 'Asia/Shanghai', // days and months are cut in this zone
  sources: {
    shop: connect(files, {
      folder: 'data', // CSV, TSV, JSON Lines or Parquet; also in .gz and .zip, UTF-8 or GB18030
      streams: {
        survey: {
          match: 'survey*.csv',
          key: ['id'],
          timezone: 'Asia/Shanghai', // of the times written in the file
          columns: {
            id: 'text',
            answered_at: 'timestamp',
            email: 'text',
            channel: 'text',
            recommend: 'integer',
          },
          privacy: { email: 'email' }, // hashed before it reaches disk; still joins to other files
        },
        orders: {
          match: 'orders*.csv',
          key: ['order_no'],
          timezone: 'Asia/Shanghai',
          columns: { order_no: 'text', ordered_at: 'timestamp', email: 'text', amount: 'money' },
          privacy: { email: 'email' },
        },
      },
    }),
  },
  tables: [
    {
      from: 'shop.survey',
      to: 'submission',
      columns: { submission_id: 'id', submitted_at: 'answered_at', channel: 'channel', email_key: 'email' },
    },
    {
      from: 'shop.survey',
      to: 'answer',
      columns: {
        answer_id: 'id',
        submission_id: 'id',
        question_id: { value: 'recommend' },
        number: 'recommend',
        answered_at: 'answered_at',
      },
    },
    {
      from: 'shop.orders',
      to: 'order',
      columns: { order_id: 'order_no', ordered_at: 'ordered_at', revenue: 'amount', email_key: 'email' },
    },
  ],
  questions: [{ question: 'recommend', concept: 'nps', scale: [0, 10] }],
})
