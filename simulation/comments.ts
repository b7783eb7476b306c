/** What people write in their own words: an opening, a remark on the touchpoint that stood out, sometimes a second one and an ending. */
import type { Dice } from './dice.ts'
import type { Mood } from './law.ts'
import type { Phrases } from './phrases.ts'
import { phrasesEn } from './phrases-en.ts'
import { phrasesZh } from './phrases-zh.ts'

export const phrases: Readonly<Record<'zh' | 'en', Phrases>> = { zh: phrasesZh, en: phrasesEn }

export function commentOn(
  dice: Dice,
  language: 'zh' | 'en',
  mood: Mood,
  touchpoints: Readonly<Record<string, number>>,
): string {
  const words = phrases[language]
  const scored = Object.entries(touchpoints).sort(([, a], [, b]) => (mood === 'satisfied' ? b - a : a - b))
  const [first = ['product', 3] as const, second = first] = scored
  const good = mood === 'satisfied' || (mood === 'neutral' && dice.chance(0.5))
  const parts = [
    ...(dice.chance(0.6) ? [dice.pick(words.openings[mood])] : []),
    remark(dice, words, first[0], good),
  ]
  if (dice.chance(0.3)) {
    const turned = dice.chance(0.4)
    const next = remark(dice, words, second[0], turned ? !good : good)
    parts.push(turned ? `${words.but}${next}` : next)
  }
  if (dice.chance(0.35)) parts.push(dice.pick(words.endings[mood]))
  return parts.join(words.join)
}

function remark(dice: Dice, words: Phrases, touchpoint: string, good: boolean): string {
  const known = words.remarks[touchpoint] ?? words.remarks['product']
  const sentence = dice.pick((good ? known?.good : known?.bad) ?? [''])
  return sentence
    .replace('{n}', String(dice.whole(2, 9)))
    .replace('{day}', dice.pick(words.days))
    .replace('{item}', dice.pick(words.items))
}
