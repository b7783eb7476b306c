/** `saydo versions`: what was published, and which version is served. */
import { command, type GlobalOptions, openProject } from './global-options.ts'
import { printJson, printTable } from './output.ts'
import { withState } from './published.ts'

export const versionsCommand = command('versions', 'published versions, and which one is served', [
  'versions',
  'versions --json',
]).action(async (options: GlobalOptions) => {
  const { settings } = await openProject(options)
  const versions = await withState(settings, (state) => state.versions().list())
  if (options.json) return printJson(versions)
  printTable(
    versions.map((version, index) => ({
      version: version.version,
      served: version.current ? 'yes' : '',
      published: version.publishedAt,
      models: Object.keys(version.models).length,
      changed: changed(version.models, versions[index - 1]?.models ?? {}),
    })),
    'nothing is published yet; run `saydo refresh`',
  )
})

function changed(models: Readonly<Record<string, string>>, before: Readonly<Record<string, string>>): number {
  return Object.entries(models).filter(([model, fingerprint]) => before[model] !== fingerprint).length
}
