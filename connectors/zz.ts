import { files } from './files.ts'
import { createContext } from './context.ts'
const config = files.config.parse({ folder: '../shared/data/olist-8pct', streams: {
  orders: { match: 'olist_orders_dataset.csv', key: ['order_id'], eventTime: 'order_purchase_timestamp', others:'drop', columns: { order_id: 'text', order_status: 'text', order_purchase_timestamp: 'timestamp', order_delivered_customer_date: 'timestamp', order_estimated_delivery_date:'timestamp' } },
  reviews: { match: 'olist_order_reviews_dataset.csv', key: ['review_id','order_id'], columns: { review_id:'text', order_id:'text', review_score:'integer', review_comment_title:'text', review_comment_message:'text', review_creation_date:'date', review_answer_timestamp:'timestamp'} },
  geo: { match: 'olist_geo*.csv', others:'drop', columns: { geolocation_lat: 'number', geolocation_zip_code_prefix: 'text'}},
  bad: { match: '*.csv', columns: { order_id: 'text'}},
}})
const nps = files.config.parse({ folder: '../shared/data/nps-verbatims', streams: { nps: { match: '*.csv', nulls: ['', 'NA'], columns: { date: {from:'CUSTOMER_RESPONSE_DATE', type:'timestamp', format:'dd/MM/yyyy HH:mm'}, stage: {from:'SURVEY_SUB_TYPE',type:'text'}, score: {from:'NPS_SCORE', type:'integer'}, text:'text'}, others:'drop'}}})
async function go(c: any, stream: string) {
  const ctx = createContext({ source: 's', connector: files, config: c, secrets: {}, random: () => 0.5 })
  let n=0, bad=0, un=0; const t=performance.now(); let cp: any=null; let last: any
  const rec = files.streams(c).find(s=>s.name===stream)!.record
  for await (const e of files.read(ctx as any, { stream, slice: {}, checkpoint: null, signal: AbortSignal.timeout(60000) })) { if (e.type!=='page') continue; for (const r of e.records) { const p = rec.safeParse(r); if (p.success) { n++; last = p.data } else { bad++; if (bad<3) console.log(p.error.issues)} } for (const u of e.unreadable??[]) { un++; if (un<12) console.log(u.position, u.reason)} cp=e.checkpoint }
  console.log(stream, n, bad, un, Math.round(performance.now()-t), JSON.stringify(cp).length, last)
}
await go(config,'orders'); await go(config,'reviews'); await go(config,'geo'); await go(config,'bad'); await go(nps,'nps')
const rest = (match: string, columns: any, o={}) => files.config.parse({folder:'../shared/data', streams:{x:{match, columns, others:'drop', ...o}}})
await go(files.config.parse({folder:'../shared/data', streams:{x:{match:'telco/Telco-Customer-Churn.csv', others:'drop', columns:{id:{type:'text',from:'customerID'}, total:{type:'money',from:'TotalCharges'}}}}}),'x')
await go(rest('airline-tweets/*.csv',{tweet_id:'text', text:'text', airline_sentiment:'text'}),'x')
await go(rest('ccf-auto/*.csv',{content_id:'text', content:'text', sentiment_value:'integer'}),'x')
await go(rest('chnsenticorp-split/*',{label:'integer', text_a:'text'}),'x')
await go(rest('waimai/*',{label:'integer', review:'text'}),'x')
await go(rest('asap-sample/*.csv',{review:'text', star:'number'}),'x')
await go(rest('airline-satisfaction/*.csv',{satisfied:{type:'text',from:'satisfaction'}}),'x')
