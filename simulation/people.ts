/** Customers as they are: names, unique addresses and numbers, home store, language, basket size. */
import type { Channel, Customer, Store } from './company.ts'
import { Dice } from './dice.ts'
import { channels, channelShares, largeBasketShare } from './law.ts'
import { DAY, type Plan } from './plan.ts'

/** What the company does not know about a customer, but the simulation does. */
export type Person = Customer & {
  readonly index: number
  readonly large: boolean
  readonly usualChannel: Channel
  readonly firstOrderAt: number
}

const chineseSurnames =
  '王wang李li张zhang刘liu陈chen杨yang黄huang赵zhao吴wu周zhou徐xu孙sun马ma朱zhu胡hu郭guo何he高gao林lin罗luo'
const chineseGiven =
  '伟wei芳fang娜na敏min静jing丽li强qiang磊lei军jun洋yang勇yong艳yan杰jie娟juan涛tao明ming超chao霞xia平ping刚gang桂gui英ying玉yu兰lan'
const englishGiven =
  'James Mary Robert Linda Michael Susan David Karen Daniel Nancy Laura Peter Emma Oliver Grace Henry'.split(
    ' ',
  )
const englishSurnames =
  'Smith Johnson Brown Taylor Wilson Davies Evans Thomas Roberts Walker Wright Hughes Green Clarke'.split(' ')
const mailHosts = ['example.com', 'mail.example.com', 'example.org', 'post.example.net'] as const
const dialled = ['130', '133', '135', '136', '139', '150', '152', '158', '159', '177', '186', '188'] as const
const FAMILY = 2

export function personOf(seed: number, index: number, plan: Plan, stores: readonly Store[]): Person {
  const dice = new Dice(seed, 1, index)
  const language = dice.chance(0.8) ? 'zh' : 'en'
  const { name, latin } = language === 'zh' ? chineseName(dice) : englishName(dice)
  const { joinedAt, firstOrderAt } = arrival(dice, plan)
  return {
    id: `M${String(index + 1).padStart(7, '0')}`,
    name,
    email: `${latin}.${(index + 1).toString(36)}@${dice.pick(mailHosts)}`,
    phone: phoneOf(seed, sharesFamilyPhone(seed, index) ? index - 1 : index),
    language,
    joinedAt: new Date(joinedAt),
    storeId: dice.pick(stores).id,
    index,
    large: dice.chance(largeBasketShare),
    usualChannel: channels[dice.weigh(channelShares)] ?? 'store',
    firstOrderAt,
  }
}

/** Three in a hundred couples give one phone number: two people, one number. */
export function sharesFamilyPhone(seed: number, index: number): boolean {
  return index % 2 === 1 && new Dice(seed, FAMILY, index).chance(0.03)
}

/** Eleven digits; the last eight are a permutation of the index, so no two customers get the same by chance. */
function phoneOf(seed: number, index: number): string {
  const line = (index * 48_271 + (Math.abs(seed) % 1_000_000) * 97) % 100_000_000
  return `${dialled[index % dialled.length]}${String(line).padStart(8, '0')}`
}

/** Four in five were customers before the period; everybody's first order comes early enough to be seen. */
function arrival(dice: Dice, plan: Plan): { joinedAt: number; firstOrderAt: number } {
  if (dice.chance(0.8))
    return {
      joinedAt: dice.between(plan.from - 1_000 * DAY, plan.from),
      firstOrderAt: dice.between(plan.from, plan.from + 75 * DAY),
    }
  const joinedAt = dice.between(plan.from, plan.to - 45 * DAY)
  return { joinedAt, firstOrderAt: joinedAt + dice.between(0, 10 * DAY) }
}

const syllables = (list: string): { zh: string; latin: string }[] =>
  [...list.matchAll(/(\p{Script=Han})([a-z]+)/gu)].map(([, zh = '', latin = '']) => ({ zh, latin }))
const surnames = syllables(chineseSurnames)
const given = syllables(chineseGiven)

function chineseName(dice: Dice): { name: string; latin: string } {
  const parts = [dice.pick(surnames), dice.pick(given), ...(dice.chance(0.6) ? [dice.pick(given)] : [])]
  return { name: parts.map(({ zh }) => zh).join(''), latin: parts.map(({ latin }) => latin).join('') }
}

function englishName(dice: Dice): { name: string; latin: string } {
  const [first, last] = [dice.pick(englishGiven), dice.pick(englishSurnames)]
  return { name: `${first} ${last}`, latin: `${first}.${last}`.toLowerCase() }
}
