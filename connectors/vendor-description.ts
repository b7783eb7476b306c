/** Judges exchanges between a connector and a stand-in by the vendor's own API description, where a copy lies beside the project. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import addFormats from 'ajv-formats'
import { OpenAPIBackend } from 'openapi-backend'
import type { Document } from 'openapi-backend'
import { parse } from 'yaml'
import { z } from 'zod'

const FOLDER = '../shared/specs'

/** Formats that descriptions name and JSON Schema does not know. */
const FORMATS = ['iso-639-1', 'int32', 'int64']

/** Optional test data: these descriptions are not part of the project. */
export function hasDescription(file: string): boolean {
  return existsSync(join(FOLDER, file))
}

/** The description; parts it refers to but does not hold (a slice of a larger one) are taken from `parts`, or allow anything. */
export function readDescription(file: string, parts: Readonly<Record<string, object>> = {}): unknown {
  const description: unknown = parse(readFileSync(join(FOLDER, file), 'utf8'))
  const components = Components.parse(description).components ?? {}
  for (const reference of references(description)) {
    const [, , group = '', name = ''] = reference.split('/')
    components[group] ??= {}
    components[group][name] ??= parts[name] ?? {}
  }
  return { ...(description as object), components }
}

const Components = z.looseObject({
  components: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
})

function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    key === '$ref' && typeof inner === 'string' ? [inner] : references(inner),
  )
}

export type Exchange = {
  readonly asked: {
    readonly method: string
    readonly path: string
    readonly query: URLSearchParams
    readonly body: unknown
  }
  readonly answer: { readonly status: number; readonly body: unknown }
}

/** Where the description and the vendor's real answers part, and how we know. */
export type Contradiction = { readonly problem: RegExp; readonly because: string }

/** Everything in an exchange that the description does not allow, as `<request|response> <place>: <what>`; positions in lists are `*`. */
export type Judge = (exchange: Exchange) => string[]

export async function createJudge(description: unknown): Promise<Judge> {
  const api = new OpenAPIBackend({
    definition: description as Document,
    quick: true,
    coerceTypes: true,
    ajvOpts: { strict: false, allErrors: true, logger: false },
    customizeAjv: (ajv) => {
      addFormats.default(ajv)
      for (const format of FORMATS) ajv.addFormat(format, true)
      return ajv
    },
  })
  await api.init()
  return ({ asked, answer }) => {
    const request = {
      method: asked.method.toLowerCase(),
      path: asked.path,
      query: Object.fromEntries(asked.query),
      headers: { 'content-type': 'application/json' },
      body: asked.body,
    }
    const operation = api.matchOperation(request)
    if (operation === undefined) return [`request ${asked.method} ${asked.path}: is not described`]
    const refused = answer.status >= 400
    return [
      ...(refused ? [] : name('request', api.validateRequest(request, operation).errors)),
      ...name('response', api.validateResponse(answer.body, operation, answer.status).errors),
    ]
  }
}

/** The distinct problems of all exchanges. */
export function judgeAll(judge: Judge, exchanges: readonly Exchange[]): string[] {
  return [...new Set(exchanges.flatMap(judge))].toSorted()
}

const Problem = z.object({ instancePath: z.string(), message: z.string().optional(), params: z.unknown() })

function name(side: string, errors: unknown): string[] {
  const problems = z.array(Problem).parse(errors ?? [])
  return problems.map(({ instancePath, message = '', params }) => {
    const extra = z.object({ additionalProperty: z.string() }).safeParse(params).data
    const place = instancePath.replaceAll(/\/\d+/g, '/*') || '/'
    return `${side} ${place}: ${message}${extra === undefined ? '' : ` (${extra.additionalProperty})`}`
  })
}
