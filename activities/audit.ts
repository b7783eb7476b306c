/** Audit one build: every audit of its model must find no rows, before anybody can see the build. */
import type { Row } from '#lake/engine.ts'
import { identifier } from '#lake/quote.ts'
import type { Audit } from '#models/audit.ts'
import type { Activities } from './index.ts'
import { builtSlice, modelNamed, type Workshop } from './workshop.ts'

/** An audit found rows; the version is not published and the last good one stays. */
export class AuditFailed extends Error {
  override readonly name = 'AuditFailed'
  readonly model: string
  readonly audit: string
  readonly rows: number
  constructor(model: string, audit: string, rows: number, example: string) {
    super(
      `[${model}] audit ${audit} found ${rows} rows (for example ${example}); mend the model or its source, nothing was published.`,
    )
    this.model = model
    this.audit = audit
    this.rows = rows
  }
}

export function createAudit(workshop: Workshop, signal: () => AbortSignal | undefined): Activities['audit'] {
  return async ({ model: name, fingerprint, upstream }) => {
    const model = modelNamed(workshop, name)
    const build = await workshop.versions.buildOf(name, fingerprint)
    let warnings = 0
    for (const audit of model.audits) {
      const others = audit.reads.filter((table) => upstream[table] !== undefined)
      const builds = await Promise.all(
        others.map((table) => workshop.versions.buildOf(table, upstream[table] ?? '')),
      )
      const slices = [
        builtSlice(workshop, build, 'model'),
        ...builds.map((each) => builtSlice(workshop, each)),
      ]
      const found = await workshop.engine.rows(offenders(audit, model.grain), slices, signal())
      const rows = Number(found[0]?.['rows'] ?? 0)
      await note(workshop, { model: name, fingerprint, audit, rows })
      if (rows > 0 && audit.severity === 'fail')
        throw new AuditFailed(name, audit.name, rows, exampleOf(found[0]))
      if (rows > 0) warnings++
    }
    return { warnings }
  }
}

function exampleOf(row: Row | undefined): string {
  const example = row?.['example']
  return typeof example === 'string' ? example : 'unknown'
}

/** How many rows an audit finds, and the grain of one of them: ids only, never content. */
function offenders(audit: Audit, grain: readonly string[]) {
  const ids = grain
    .map((column) => `coalesce(cast(${identifier(column)} as VARCHAR), 'null')`)
    .join(` || ' ' || `)
  return { sql: `select count(*) as rows, min(${ids}) as example from (${audit.sql})`, parameters: [] }
}

async function note(
  { control, now }: Workshop,
  result: { model: string; fingerprint: string; audit: Audit; rows: number },
): Promise<void> {
  const { model, fingerprint, audit, rows } = result
  const values = { rows, severity: audit.severity, audited_at: now().toISOString() }
  await control.db
    .insertInto('audit_result')
    .values({ model, fingerprint, audit: audit.name, ...values })
    .onConflict((conflict) => conflict.columns(['model', 'fingerprint', 'audit']).doUpdateSet(values))
    .execute()
}
