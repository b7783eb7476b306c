/** What people post in public; the accounts cannot be joined to customers. */
import { commentOn } from './comments.ts'
import type { Post } from './company.ts'
import { Dice } from './dice.ts'
import { moods } from './law.ts'
import { HOUR, type Plan } from './plan.ts'

/** The hashtag the company listens to. */
export const tag = 'qinghe'
const handles = [
  'nutlover',
  'xiaoyu',
  'city_fox',
  'amy',
  'laowang',
  'mango',
  'snackwatch',
  'lin',
  'traveller',
  'mumof2',
] as const

export function postsOf(seed: number, block: number, plan: Plan): Post[] {
  return Array.from({ length: plan.postsPerBlock }, (_, index) => {
    const dice = new Dice(seed, 4, block, index)
    const language = dice.chance(0.7) ? 'zh' : 'en'
    const mood = moods[dice.weigh([0.4, 0.2, 0.4])] ?? 'neutral'
    const touchpoint = dice.pick(['staff', 'product', 'price', 'delivery', 'app'])
    const createdAt = dice.between(plan.from, plan.to)
    const editedAt = createdAt + dice.between(0.1, 48) * HOUR
    const said = commentOn(dice, language, mood, { [touchpoint]: mood === 'satisfied' ? 5 : 1 })
    return {
      id: String(110_000_000_000_000 + block * 1_000_000 + index),
      account: `${dice.pick(handles)}${dice.whole(1, 400)}`,
      createdAt: new Date(createdAt),
      editedAt: dice.chance(0.04) && editedAt < plan.to ? new Date(editedAt) : null,
      language,
      text: `${said} ${language === 'zh' && dice.chance(0.5) ? '#青禾 ' : ''}#${tag}`,
      tag,
    }
  })
}
