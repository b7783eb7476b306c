/** SQL that engines spell differently, in one place: a second engine is a second file like this. */
import { type RawBuilder, type Expression, sql } from 'kysely'

type Timestamp = Expression<string | null> | RawBuilder<string | null>

/** Nulls that know their type; a bare null is a number to some engines. */
export const noText = sql<string | null>`cast(null as VARCHAR)`
export const noNumber = sql<number | null>`cast(null as DOUBLE)`

/** The local calendar date of a UTC timestamp. */
export function localDate(utc: Timestamp, timezone: string): RawBuilder<string> {
  return sql<string>`cast(timezone(${sql.lit(timezone)}, timezone('UTC', ${utc})) as date)`
}

/** The first day of the local month of a UTC timestamp. */
export function localMonth(utc: Timestamp, timezone: string): RawBuilder<string> {
  return sql<string>`cast(date_trunc('month', timezone(${sql.lit(timezone)}, timezone('UTC', ${utc}))) as date)`
}

/** The UTC instant at which the month after the one that starts on `month` begins. */
export function nextMonthStart(month: Expression<string>, timezone: string): RawBuilder<string> {
  return sql<string>`timezone('UTC', timezone(${sql.lit(timezone)}, cast(${month} + interval 1 month as timestamp)))`
}

/** A UTC timestamp so many days later. */
export function daysLater(utc: Timestamp, days: number): RawBuilder<string> {
  return sql<string>`(${utc} + to_days(${sql.lit(days)}))`
}

/** Calendar days from one local date to another, negative when the second is earlier. */
export function daysBetween(from: Timestamp, to: Timestamp, timezone: string): RawBuilder<number | null> {
  return sql<
    number | null
  >`cast(date_diff('day', ${localDate(from, timezone)}, ${localDate(to, timezone)}) as double)`
}

/** The quarter of an hour a timestamp lies in: every zone's months begin at one. */
export function quarterHour(utc: Timestamp): RawBuilder<string> {
  return sql<string>`time_bucket(interval 15 minute, ${utc})`
}

/** The value of the row that is last by `order`, among rows that have a value. */
export function lastValue(value: Expression<unknown>, order: Expression<unknown>): RawBuilder<number | null> {
  return sql<number | null>`arg_max(${value}, ${order}) filter (where ${value} is not null)`
}

/** A text inside a JSON value; null when absent. Path as `a.b` or `a[0].b`. */
export function jsonText(json: Expression<unknown>, path: string): RawBuilder<string | null> {
  return sql<string | null>`json_extract_string(${json}, ${sql.lit(jsonPath(path))})`
}

/** `$."a"."b"[0]`: every name quoted, so that names with dashes or Chinese characters work. */
function jsonPath(path: string): string {
  const steps = path.split('.').map((step) => {
    const [, name = step, index = ''] = /^([^[]*)((?:\[\d+\])*)$/.exec(step) ?? []
    return `."${name}"${index}`
  })
  return `$${steps.join('')}`
}

/** A JSON value inside a JSON value; null when absent. */
export function jsonValue(json: Expression<unknown>, path: string): RawBuilder<string | null> {
  return sql<string | null>`json_extract(${json}, ${sql.lit(jsonPath(path))})`
}

/** In a select list: one output row per element of a JSON array, none for null. */
export function eachElement(json: Expression<unknown>): RawBuilder<string> {
  return sql<string>`unnest(from_json(${json}, '["JSON"]'))`
}

/** In a select list: one output row per name in a JSON object, none for null. */
export function eachKey(json: Expression<unknown>): RawBuilder<string> {
  return sql<string>`unnest(json_keys(${json}))`
}

/** The text under a name that another column holds. */
export function jsonTextAt(json: Expression<unknown>, name: Expression<string>): RawBuilder<string | null> {
  return sql<string | null>`json_extract_string(${json}, '$."' || ${name} || '"')`
}

/** A text as a number; null when it is none. */
export function asNumber(text: Expression<unknown>): RawBuilder<number | null> {
  return sql<number | null>`try_cast(${text} as DOUBLE)`
}

/** A text in ISO 8601, with or without offset, as a UTC timestamp; null when it is none. */
export function asTimestamp(text: Expression<unknown>): RawBuilder<string | null> {
  return sql<string | null>`timezone('UTC', try_cast(${text} as TIMESTAMPTZ))`
}

/** A text as an amount with two decimals; null when it is none. */
export function asMoney(text: Expression<unknown>): RawBuilder<string | null> {
  return sql<string | null>`try_cast(${text} as DECIMAL(18,2))`
}

/** A short, stable name for a text: the first 20 hexadecimal digits of its MD5. */
export function shortHash(text: Expression<string | null>): RawBuilder<string> {
  return sql<string>`substr(md5(${text}), 1, 20)`
}

/** HTML as plain text: tags become spaces, the common entities characters. */
export function plainText(html: Expression<string>): RawBuilder<string> {
  const entities = [
    ['&lt;', '<'],
    ['&gt;', '>'],
    ['&quot;', '"'],
    ['&#39;', "'"],
    ['&nbsp;', ' '],
    ['&amp;', '&'],
  ] as const
  const bare = sql<string>`regexp_replace(${html}, '<[^>]*>', ' ', 'g')`
  const read = entities.reduce(
    (text, [entity, character]) => sql<string>`replace(${text}, ${sql.lit(entity)}, ${sql.lit(character)})`,
    bare,
  )
  return sql<string>`trim(regexp_replace(${read}, '\\s+', ' ', 'g'))`
}
