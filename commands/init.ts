/** `saydo init`: a commented project for one's own survey and order exports, ready to edit. */
import { Command } from 'commander'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { ConfigInvalid } from '#activities/project.ts'
import { note, printLine } from './output.ts'

export const initCommand = new Command('init')
  .summary('write a commented project for your own sources')
  .description(
    'Writes saydo.config.ts, two small example files, and a .env with a fresh key. Nothing that exists is overwritten.',
  )
  .argument('<dir>', 'folder of the new project; made when it does not exist')
  .addHelpText(
    'after',
    '\nExamples:\n  $ saydo init my-company\n  $ cd my-company && npx --prefix <saydo> saydo refresh',
  )
  .action(async (dir: string) => {
    if (existsSync(join(dir, 'saydo.config.ts')))
      throw new ConfigInvalid([`${join(dir, 'saydo.config.ts')} is there already; choose another folder`])
    const template = fileURLToPath(new URL('../examples/two-files/', import.meta.url))
    for (const file of ['saydo.config.ts', 'data/survey.csv', 'data/orders.csv'])
      await write(join(dir, file), await readFile(join(template, file), 'utf8'))
    await write(
      join(dir, '.env'),
      `# Personal fields are hashed with this key: keep it, and keep it secret.\nSAYDO_KEY=${randomBytes(32).toString('hex')}\n`,
      0o600,
    )
    await write(join(dir, '.gitignore'), '.saydo/\n.env\n')
    printLine(`Wrote ${dir}. Edit ${join(dir, 'saydo.config.ts')}, then:`)
    const config = join(dir, 'saydo.config.ts')
    for (const next of ['check', 'refresh', 'metric nps']) printLine(`  npx saydo ${next} --config ${config}`)
  })

async function write(path: string, text: string, mode = 0o644): Promise<void> {
  if (existsSync(path)) return note(`kept ${path}`)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, text, { mode })
}
