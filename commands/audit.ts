/** `saydo audit`: ask every audit of the served version again, over whole tables. */
import { auditTable, type AuditedTable } from '#activities/audit.ts'
import { type EnvironmentOption, withEnvironment } from './environment.ts'
import { command, type GlobalOptions, openProject } from './global-options.ts'
import { modelsNamed } from './model-arguments.ts'
import { withWorkshop } from './open-workshop.ts'
import { printJson, printLine, printTable } from './output.ts'
import { NothingPublished } from './published.ts'
import { sayWhenSlow } from './say-when-slow.ts'

export const auditCommand = withEnvironment(
  command('audit', 'ask every audit of the served version again, over whole tables', [
    'audit',
    'audit order xo.customer_month',
    'audit --env dev --json',
  ]),
)
  .argument('[model...]', 'models to audit; all when absent')
  .action(async (names: string[], options: GlobalOptions & EnvironmentOption) => {
    const opened = await openProject(options)
    const { env: environment } = options
    const findings = await withWorkshop(opened, async (workshop) => {
      const wanted = modelsNamed(workshop.models, names)
      const served = await workshop.versions(environment).served()
      if (Object.keys(served).length === 0) throw new NothingPublished(environment)
      return sayWhenSlow(async (say) => {
        const all: AuditedTable[] = []
        for (const { name } of wanted) {
          const fingerprint = served[name]
          if (fingerprint === undefined) continue
          say(`auditing ${name}`)
          all.push(
            ...(await auditTable(workshop, { model: name, fingerprint, upstream: served, environment })),
          )
        }
        return all
      })
    })
    if (options.json) printJson(findings)
    else print(findings)
    if (findings.some(({ severity, rows }) => severity === 'fail' && rows > 0)) process.exitCode = 1
  })

function print(findings: readonly AuditedTable[]): void {
  const found = findings.filter(({ rows }) => rows > 0)
  if (found.length > 0)
    printTable(
      found.map(({ model, audit, severity, rows, examples }) => ({
        model,
        audit,
        severity,
        rows,
        'for example': examples.join('; '),
      })),
    )
  printLine(`${findings.length - found.length} of ${findings.length} audits found no rows.`)
}
