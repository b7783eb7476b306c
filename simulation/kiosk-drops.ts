/** Lays down what the smiley kiosks at the shops' doors collect: JSON Lines by month, with a software update that changes a code. */
import path from 'node:path'
import { commentOn } from './comments.ts'
import type { Company } from './company.ts'
import { Dice } from './dice.ts'
import { layFile } from './lay-file.ts'
import * as law from './law.ts'
import { DAY, HOUR, ZONE_OFFSET } from './plan.ts'

export type KioskFaults = {
  presses: number
  repeatedPresses: number
  unknownCodes: number
  brokenLines: number
}

/** From December the kiosks of every third store write the top score in words. */
export const topScoreInWords = '非常满意'

/** Writes `kiosk/<month>.jsonl` below `folder`; each store's kiosk is pressed about every third day. */
export function dropKioskFiles(company: Company, folder: string): KioskFaults {
  const faults: KioskFaults = { presses: 0, repeatedPresses: 0, unknownCodes: 0, brokenLines: 0 }
  const months = new Map<string, string[]>()
  const dice = new Dice(company.seed, 10)
  for (let day = company.from.getTime(); day < company.to.getTime(); day += DAY)
    for (const [index, store] of company.stores.entries()) {
      if (!dice.chance(0.35)) continue
      const { month, line } = press(dice, store.id, day, index % 3 === 0, faults)
      const lines = months.get(month) ?? []
      months.set(month, lines)
      lines.push(line)
      if (!dice.chance(0.01)) continue
      faults.repeatedPresses += 1
      lines.push(line)
    }
  for (const [month, lines] of months) {
    if (month.endsWith('-05')) lines.push(...brokenLines(faults))
    layFile(path.join(folder, 'kiosk', `${month}.jsonl`), `${lines.join('\n')}\n`, month)
  }
  return faults
}

function press(dice: Dice, store: string, day: number, updated: boolean, faults: KioskFaults) {
  const at = new Date(day + dice.between(9, 21) * HOUR)
  const local = new Date(at.getTime() + ZONE_OFFSET).toISOString()
  const csat = 1 + dice.weigh(law.csatDistribution('store'))
  const inWords = csat === 5 && updated && local.slice(5, 7) === '12'
  faults.presses += 1
  if (inWords) faults.unknownCodes += 1
  const line = JSON.stringify({
    id: `K${store}-${local.slice(0, 10).replaceAll('-', '')}`,
    store,
    pressed_at: `${local.slice(0, 19)}+08:00`,
    score: inWords ? topScoreInWords : csat,
    comment: dice.chance(0.1) ? commentOn(dice, 'zh', law.moodOf(csat), { staff: csat }) : null,
  })
  return { month: local.slice(0, 7), line }
}

/** A line cut off by a power failure, and a log message that strayed in. */
function brokenLines(faults: KioskFaults): string[] {
  faults.brokenLines += 2
  return ['{"id":"K0-cut","store":"E1-01","pressed_at":"2025-05-', '"kiosk restarted"']
}
