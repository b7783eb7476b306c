/** Cube inside our process: the semantic layer's REST on a loopback port, over whatever version is published. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { CreateOptions } from '@cubejs-backend/server-core'
import { getEnv } from '@cubejs-backend/shared'
import express, { type NextFunction, type Request, type Response } from 'express'
import { SignJWT } from 'jose'
import { cards, type MetricCard } from '#metrics/index.ts'
import { createCubeConfig } from './cube-config.ts'
import type { LakeSettings } from './lake-settings.ts'

/** The lake may still be empty. */
export type CubeOptions = LakeSettings & {
  readonly cards?: readonly MetricCard[]
  /** HS256 key of the tokens, at least 32 characters. */
  readonly secret: string
  /** 0 or absent: any free port. */
  readonly port?: number
  /** The project's zone: days and months of queries that name none. */
  readonly timezone: string
  readonly graceMs?: number
  readonly say: (line: string) => void
}

export type Cube = {
  /** `http://127.0.0.1:<port>`; REST below `/cubejs-api/v1`. */
  readonly url: string
  /** `embedded`: REST, meta and sql, no SQL API. The official server with `cube.js` is the full one. */
  readonly mode: 'embedded'
  /** A token for the Authorization header, valid for a day unless `exp` says otherwise. */
  readonly token: (claims?: Record<string, unknown>) => Promise<string>
  readonly close: () => Promise<void>
}

export async function startCube(options: CubeOptions): Promise<Cube> {
  if (options.secret.length < 32)
    throw new Error('[cube] CUBEJS_API_SECRET is shorter than 32 characters; give a longer one.')
  setCubeSwitches()
  sayPlannerWarning(options.say)
  const { NativeFreeCore } = await import('./native-free-core.ts')
  await using started = new AsyncDisposableStack()
  const { config, close } = createCubeConfig({ ...options, cards: options.cards ?? cards })
  started.defer(close)
  const core = new NativeFreeCore(options.timezone, { ...config, contextToApiScopes: embeddedScopes })
  started.defer(() => core.shutdown())
  started.defer(() => core.beforeShutdown())
  // A mistake in the model is said now, not at the first query.
  await (await core.getCompilerApi({ securityContext: {}, requestId: 'start' })).getCompilers()
  const app = express()
  app.use(express.json({ limit: '1mb' }), answerError)
  await core.initApp(app)
  app.use(answerError)
  const server = createServer(app)
  const url = await listen(server, options.port ?? 0)
  started.defer(() => shut(server))
  options.say(`Cube (embedded: REST and meta; no SQL API without the native addon) at ${url}/cubejs-api/v1`)
  const kept = started.move()
  return {
    url,
    mode: 'embedded',
    token: (claims = {}) => sign(options.secret, claims),
    close: () => kept.disposeAsync(),
  }
}

/** GraphQL would need the addon. */
const embeddedScopes: CreateOptions['contextToApiScopes'] = () => Promise.resolve(['meta', 'data', 'sql'])

/** Cube reads these from the process and has no options for them; see its documentation for each. */
function setCubeSwitches(): void {
  Object.assign(process.env, {
    NODE_ENV: 'production',
    CUBEJS_DB_TYPE: 'duckdb',
    CUBEJS_TELEMETRY: 'false',
    CUBEJS_EXTERNAL_DEFAULT: 'false',
    CUBEJS_TESSERACT_SQL_PLANNER: 'false',
  })
}

/** Cube warns once, on standard output, that we chose its planner without native code; standard output belongs to the command's answer. */
function sayPlannerWarning(say: (line: string) => void): void {
  const { log } = console
  console.log = (line: unknown) => say(`[cube] ${String(line)}`)
  try {
    getEnv('nativeSqlPlanner')
  } finally {
    console.log = log
  }
}

/** What no handler of Cube answered, such as a body that is no JSON: the message, never a stack. Express knows it by its four arguments. */
function answerError(
  error: Error & { status?: number },
  _: Request,
  response: Response,
  next: NextFunction,
): void {
  if (response.headersSent) next()
  else response.status(error.status ?? 500).json({ error: error.message })
}

async function listen(server: Server, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new Error(`[cube] port ${port} cannot be opened (${error.code}); give another in SAYDO_CUBE_PORT.`),
      ),
    )
    server.listen(port, '127.0.0.1', resolve)
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function shut(server: Server): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}

async function sign(secret: string, claims: Record<string, unknown>): Promise<string> {
  const token = new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).setIssuedAt()
  if (claims['exp'] === undefined) token.setExpirationTime('1d')
  return token.sign(new TextEncoder().encode(secret))
}
