/** A company's project: its sources, how their streams become canonical tables, and which question measures what. */
import { z } from 'zod'
import type { Connector, Source } from '#connectors/connector.ts'
import { Question, Survey, TableMapping } from '#models/mapping.ts'

const Title = z.object({ en: z.string().min(1), zh: z.string().min(1) })

const SourceEntry = z.custom<Source>(
  (value) => typeof value === 'object' && value !== null && 'connector' in value && 'config' in value,
  'Expected connect(<connector>, { … })',
)

export const ProjectConfig = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, 'Expected lower case letters, digits and dashes'),
  title: Title.optional(),
  /** IANA zone that months and days are cut in. */
  timezone: z.string().refine(isTimeZone, 'Expected an IANA time zone such as Asia/Shanghai').default('UTC'),
  /** Country calling code that phone numbers without one belong to. */
  callingCode: z
    .string()
    .regex(/^\d{1,3}$/)
    .default('86'),
  sources: z.record(
    z.string().regex(/^[a-z][a-z0-9-]*$/, 'Expected lower case letters, digits and dashes'),
    SourceEntry,
  ),
  tables: z.array(TableMapping).default([]),
  questions: z.array(Question).default([]),
  surveys: z.array(Survey).default([]),
})
export type ProjectConfig = z.input<typeof ProjectConfig>

/** A checked project: every source with its connector and its parsed settings. */
export type Project = Omit<z.output<typeof ProjectConfig>, 'sources'> & {
  readonly sources: Readonly<Record<string, { readonly connector: Connector; readonly config: unknown }>>
}

/** What the config file sees: the environment, read once by the program. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A project, or how it follows from the environment. */
export type ProjectDeclaration = ProjectConfig | ((env: Environment) => ProjectConfig)

/** Declare a project, as an object or as a function of the environment. Checked when it is loaded. */
export function defineProject(config: ProjectDeclaration): ProjectDeclaration {
  return config
}

/** Check a project and its sources' settings; throws one error that lists every issue with its path. */
export function checkProject(config: unknown): Project {
  const parsed = ProjectConfig.safeParse(config)
  if (!parsed.success) throw new ConfigInvalid(parsed.error.issues.map(describe))
  const issues: string[] = []
  const sources: Record<string, { connector: Connector; config: unknown }> = {}
  for (const [name, { connector, config: settings }] of Object.entries(parsed.data.sources)) {
    const checked = connector.config.safeParse(settings)
    if (checked.success) sources[name] = { connector, config: checked.data }
    else
      issues.push(
        ...checked.error.issues.map((issue) =>
          describe({ ...issue, path: ['sources', name, ...issue.path] }),
        ),
      )
  }
  if (issues.length > 0) throw new ConfigInvalid(issues)
  return { ...parsed.data, sources }
}

/** The project file has mistakes; `issues` names each by its path. */
export class ConfigInvalid extends Error {
  override readonly name = 'ConfigInvalid'
  readonly issues: readonly string[]
  constructor(issues: readonly string[]) {
    super(
      `[config] ${issues.length} ${issues.length === 1 ? 'mistake' : 'mistakes'} in the project file:\n${issues.map((line) => `  ${line}`).join('\n')}`,
    )
    this.issues = issues
  }
}

function describe(issue: { path: readonly PropertyKey[]; message: string }): string {
  return `${issue.path.map(String).join('.') || '(root)'}: ${issue.message}`
}

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone.length > 0
  } catch {
    return false
  }
}
