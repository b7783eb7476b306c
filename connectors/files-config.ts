/** Settings of the file connector: which files make a stream, how they are written, and what their columns mean. */
import { z } from 'zod'

const columnTypes = ['text', 'integer', 'number', 'boolean', 'timestamp', 'date', 'money', 'json'] as const

const Zone = z.string().refine(isTimeZone, 'Expected an IANA time zone such as Asia/Shanghai')

const ColumnSettings = z.strictObject({
  type: z.enum(columnTypes),
  /** The column's heading in the file (a dotted path in JSON Lines), or all headings it goes by; its own name when absent. */
  from: z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]).optional(),
  /** What written values mean, looked up before anything else: `{ 非常满意: 5 }`. */
  codes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
  /** Written forms of "no answer"; the stream's when absent. */
  nulls: z.array(z.string()).optional(),
  /** IANA zone of times that name none; the stream's when absent. */
  timezone: Zone.optional(),
  /** Tokens of a date that is not written year first (`dd/MM/yyyy HH:mm`), or `excel`, `unix`, `unix_ms`. */
  format: z.string().min(1).optional(),
  /** The decimal mark of numbers and money. */
  decimal: z.enum(['.', ',']).default('.'),
  /** May be missing in a file; also lets a short row end before it, as spreadsheets write rows with empty last cells. */
  optional: z.boolean().default(false),
  /** Names this column had in the project before it was renamed: what was landed under them stays readable. */
  formerly: z.array(z.string().min(1)).default([]),
})
export type ColumnSettings = z.output<typeof ColumnSettings>

/** A column by type alone, or with everything said about it. */
const Column = z.union([
  z.enum(columnTypes).transform((type) => ColumnSettings.parse({ type })),
  ColumnSettings,
])

const PrivacySetting = z.enum(['email', 'phone', 'id', 'drop', 'mask', 'tokenize', 'keep'])

const globs = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)])

const StreamSettings = z
  .strictObject({
    /** Which files below the folder, as globs on their relative path; a zip is one file, `a.zip/b.csv` names a member. */
    match: globs.transform((match) => (typeof match === 'string' ? [match] : match)),
    /** By the file's extension when absent. */
    format: z.enum(['csv', 'tsv', 'jsonl', 'parquet']).optional(),
    /** `auto` looks at each file’s bytes. GBK is read as GB18030, which contains it; `utf-16` goes by the byte order mark. */
    encoding: z.enum(['auto', 'utf-8', 'gb18030', 'gbk', 'utf-16', 'utf-16le', 'utf-16be']).default('auto'),
    delimiter: z.string().length(1).optional(),
    /** null: quotes are letters like any other. In TSV a quoted cell ends in its line, in CSV it may hold line ends. */
    quote: z.string().length(1).nullable().default('"'),
    /** Headings in order, for files that have no heading line. */
    header: z.array(z.string().min(1)).min(1).optional(),
    /** Lines above the heading line, empty ones not counted. */
    skipLines: z.int().min(0).default(0),
    /** What to do with columns the file has and `columns` does not: refuse the file, leave them out, or keep them beside the record. */
    others: z.enum(['refuse', 'drop', 'keep']).optional(),
    /** Columns that identify a record; without them equal rows are one record. */
    key: z.array(z.string()).default([]),
    eventTime: z.string().optional(),
    cursorField: z.string().optional(),
    nulls: z.array(z.string()).default(['']),
    /** IANA zone of the times written in these files; the source's when absent. */
    timezone: Zone.optional(),
    columns: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/, 'Expected snake_case'), Column),
    privacy: z.record(z.string(), PrivacySetting).default({}),
  })
  .superRefine((stream, issues) => {
    const unknown = (path: string, names: readonly string[]): void => {
      for (const name of names)
        if (!(name in stream.columns))
          issues.addIssue({
            code: 'custom',
            path: [path],
            message: `${JSON.stringify(name)} is not one of the columns`,
          })
    }
    unknown('key', stream.key)
    unknown('privacy', Object.keys(stream.privacy))
    unknown('eventTime', stream.eventTime === undefined ? [] : [stream.eventTime])
    unknown('cursorField', stream.cursorField === undefined ? [] : [stream.cursorField])
    const type = stream.eventTime === undefined ? 'timestamp' : stream.columns[stream.eventTime]?.type
    if (type !== undefined && type !== 'timestamp' && type !== 'date')
      issues.addIssue({ code: 'custom', path: ['eventTime'], message: 'Expected a timestamp or date column' })
  })
export const FilesConfig = z
  .strictObject({
    folder: z.string().min(1),
    /** IANA zone of the times written in the files. */
    timezone: Zone.default('UTC'),
    streams: z
      .record(z.string().regex(/^[a-z][a-z0-9_]*$/, 'Expected snake_case'), StreamSettings)
      .refine((streams) => Object.keys(streams).length > 0, 'Expected at least one stream'),
    /** Records per page. */
    pageSize: z.int().min(1).max(50_000).default(5_000),
  })
  .transform((config) => ({
    ...config,
    streams: Object.fromEntries(
      Object.entries(config.streams).map(([name, stream]) => [
        name,
        { ...stream, timezone: stream.timezone ?? config.timezone },
      ]),
    ),
  }))
export type FilesConfig = z.output<typeof FilesConfig>
export type StreamSettings = FilesConfig['streams'][string]

function isTimeZone(zone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone.length > 0
  } catch {
    return false
  }
}
