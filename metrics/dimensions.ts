/** Titles of the dimensions that several metrics share, so that a column is called the same everywhere. */

export const submissionDimensions = {
  channel: { title: { en: 'Channel', zh: '渠道' } },
  touchpoint: { title: { en: 'Touchpoint', zh: '触点' } },
  store_id: { title: { en: 'Store', zh: '门店' } },
  source: { title: { en: 'Source system', zh: '来源系统' } },
  survey_id: { title: { en: 'Survey', zh: '问卷' } },
}

/** Answers also know the order they are about. */
export const responseDimensions = {
  ...submissionDimensions,
  delivery: { title: { en: 'Delivery of the order', zh: '订单送达' } },
}
