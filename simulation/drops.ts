/** Everything that arrives as files, and the counts of what was planted in them. */
import type { Company, PlantedEffect } from './company.ts'
import { dropKioskFiles } from './kiosk-drops.ts'
import { dropTillFiles } from './till-drops.ts'

/** Writes `pos/` and `kiosk/` below `folder`; answers with what was planted. */
export function dropFiles(company: Company, folder: string): PlantedEffect[] {
  const tills = dropTillFiles(company, folder)
  const kiosks = dropKioskFiles(company, folder)
  const planted: readonly [name: string, en: string, zh: string, value: number, definition: string][] = [
    [
      'till_files',
      'Till files',
      '收银文件',
      tills.files,
      'files below pos/, copies and refused ones included; a zip is one',
    ],
    [
      'copied_files',
      'Files laid down twice',
      '重复文件',
      tills.duplicateFiles,
      'same content under another name; adds no order',
    ],
    [
      'refused_files',
      'Files refused whole',
      '被拒文件',
      tills.refusedFiles,
      'files whose heading is not the stream’s',
    ],
    [
      'ragged_lines',
      'Ragged till lines',
      '残缺行',
      tills.raggedLines,
      'lines with too few cells (cut off, or sums), quarantined unread',
    ],
    [
      'broken_lines',
      'Till lines with broken bytes',
      '乱码行',
      tills.brokenLines,
      'lines whose bytes are not valid in the file’s encoding',
    ],
    [
      'amounts_in_words',
      'Amounts in words',
      '大写金额',
      tills.amountsInWords,
      'records quarantined because their amount is 一百二十, 三百整 or 八十八元; older copies of orders that are also there',
    ],
    [
      'full_width_amounts',
      'Full-width amounts',
      '全角金额',
      tills.fullWidthAmounts,
      'amounts in full-width digits, which must be read like any other (in copies and repeated exports too)',
    ],
    ['kiosk_presses', 'Kiosk presses', '终端评价', kiosks.presses, 'distinct presses of the kiosks’ buttons'],
    ['kiosk_repeated', 'Kiosk presses sent twice', '终端重复', kiosks.repeatedPresses, 'same press, same id'],
    [
      'kiosk_unknown_codes',
      'Kiosk scores in words',
      '终端未知编码',
      kiosks.unknownCodes,
      'presses of December whose score is 非常满意 (5), which the mapping does not know at first',
    ],
    [
      'kiosk_broken_lines',
      'Broken kiosk lines',
      '终端坏行',
      kiosks.brokenLines,
      'lines that are no JSON object',
    ],
  ]
  return planted.map(([name, en, zh, value, definition]) => ({
    name: `files.${name}`,
    title: { en, zh },
    value,
    unit: 'count',
    definition,
    recoveredBy: 'plain',
  }))
}
