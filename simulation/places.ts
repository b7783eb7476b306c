/** The company's stores: a tree of group, regions and stores, named in Chinese and English. */
import type { Store } from './company.ts'
import type { Plan } from './plan.ts'

type Name = { readonly en: string; readonly zh: string }

export const group: Name = { en: 'Qinghe', zh: '青禾' }

const regions: readonly Name[] = [
  { en: 'East', zh: '华东' },
  { en: 'South', zh: '华南' },
  { en: 'North', zh: '华北' },
  { en: 'West', zh: '西南' },
  { en: 'Central', zh: '华中' },
  { en: 'Northeast', zh: '东北' },
  { en: 'Northwest', zh: '西北' },
  { en: 'Greater Bay', zh: '大湾区' },
]

const streets: readonly Name[] = [
  { en: 'Station Road', zh: '站前路' },
  { en: 'Lakeside', zh: '湖滨' },
  { en: 'Old Town', zh: '老城' },
  { en: 'University', zh: '大学城' },
  { en: 'Harbour', zh: '港湾' },
  { en: 'Garden Mall', zh: '花园广场' },
  { en: 'Bell Tower', zh: '钟楼' },
]

/** Store ids are `<region>-<number>`, e.g. `E1-03`. */
export function placesOf(plan: Plan): Store[] {
  return regions
    .slice(0, plan.regions)
    .flatMap((region, r) => Array.from({ length: plan.storesPerRegion }, (_, s) => storeAt(region, r, s)))
}

function storeAt(region: Name, r: number, s: number): Store {
  const street = streets[(r * 3 + s) % streets.length] ?? { en: '', zh: '' }
  const number = Math.floor(s / streets.length)
  return {
    id: `${region.en.replaceAll(/[a-z ]/g, '')}${r + 1}-${String(s + 1).padStart(2, '0')}`,
    name: {
      en: `${region.en} ${street.en}${number > 0 ? ` ${number + 1}` : ''}`,
      zh: `${region.zh}${street.zh}${number > 0 ? `${number + 1}号` : ''}店`,
    },
    region,
  }
}
