/** `saydo gc`: delete what no version needs any more. */
import { InvalidArgumentError } from 'commander'
import { collectGarbage, type Garbage } from '#lake/collect-garbage.ts'
import { formatBytes } from './format-bytes.ts'
import { command, type GlobalOptions, openProject } from './global-options.ts'
import { printJson, printLine, printTable } from './output.ts'
import { withState } from './published.ts'
import { sayWhenSlow } from './say-when-slow.ts'
import { versionNumber } from './version-number.ts'

type Options = GlobalOptions & {
  readonly yes: boolean
  readonly olderThan: number
  readonly keepVersions?: number
}

export const gcCommand = command(
  'gc',
  'delete what no version, reader or running build needs; says what it would delete unless told --yes',
  ['gc', 'gc --keep-versions 5', 'gc --keep-versions 5 --older-than 6h --yes'],
)
  .option('--yes', 'really delete', false)
  .option(
    '--older-than <age>',
    'spare what is younger (30m, 6h, 2d): longer than any build takes',
    age,
    age('24h'),
  )
  .option(
    '--keep-versions <n>',
    'first retire all but the newest n versions of each environment',
    versionNumber,
  )
  .action(async (options: Options) => {
    const { settings } = await openProject(options)
    const { yes, olderThan: olderThanMs, keepVersions } = options
    const garbage = await withState(settings, ({ control, storage }) =>
      sayWhenSlow((say) => {
        say('looking for what nothing needs')
        return collectGarbage(
          { control, storage, now: () => new Date() },
          { olderThanMs, dryRun: !yes, ...(keepVersions !== undefined && { keepVersions }) },
        )
      }),
    )
    if (options.json) printJson({ ...garbage, deleted: yes })
    else print(garbage, yes)
  })

function print({ versions, builds, partitions, notes, files, bytes }: Garbage, deleted: boolean): void {
  printTable([
    { what: 'versions', count: versions.length, which: versions.join(', ') },
    { what: 'builds of models', count: builds, which: '' },
    { what: 'partitions', count: partitions, which: '' },
    { what: 'plans, keys, ledgers', count: notes, which: '' },
    { what: 'files', count: files, which: formatBytes(bytes) },
  ])
  printLine(deleted ? 'Deleted.' : 'Nothing was deleted: add --yes to delete this.')
}

function age(text: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,4})(m|h|d)$/.exec(text) ?? []
  const minutes = { m: 1, h: 60, d: 24 * 60 }[unit]
  if (minutes === undefined) throw new InvalidArgumentError('Expected an age such as 30m, 6h or 2d.')
  return Number(digits) * minutes * 60_000
}
