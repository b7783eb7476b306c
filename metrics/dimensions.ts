/** Titles of the dimensions that several metrics share, so that a column is called the same everywhere. */

export const responseDimensions = {
  channel: { title: { en: 'Channel', zh: '渠道' } },
  touchpoint: { title: { en: 'Touchpoint', zh: '触点' } },
  store_id: { title: { en: 'Store', zh: '门店' } },
  source: { title: { en: 'Source system', zh: '来源系统' } },
  survey_id: { title: { en: 'Survey', zh: '问卷' } },
}
