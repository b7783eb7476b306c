/** The production stack on paper: well formed, pinned, watched, closed to the network, and in agreement with the code about the environment. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'

const root = import.meta.dirname
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const text = read('docker-compose.yml')

const Environment = z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string())
const Healthcheck = z.strictObject({
  test: z.tuple([z.enum(['CMD', 'CMD-SHELL'])], z.string()),
  interval: z.string(),
  timeout: z.string(),
  retries: z.int(),
  start_period: z.string().optional(),
})
const condition = z.enum(['service_healthy', 'service_completed_successfully'])
const Mount = z.strictObject({
  type: z.literal('volume'),
  source: z.string(),
  target: z.string(),
  read_only: z.boolean(),
  volume: z.strictObject({ subpath: z.string() }),
})
const Service = z.strictObject({
  image: z.string(),
  build: z.strictObject({ context: z.literal('.'), dockerfile_inline: z.string() }).optional(),
  init: z.boolean().optional(),
  restart: z.enum(['unless-stopped', 'on-failure']),
  depends_on: z.record(z.string(), z.strictObject({ condition })).optional(),
  env_file: z.literal('.env').optional(),
  environment: Environment,
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  configs: z.array(z.strictObject({ source: z.string(), target: z.string() })).optional(),
  volumes: z.array(z.union([z.string(), Mount])).optional(),
  ports: z.array(z.string()).optional(),
  healthcheck: Healthcheck.optional(),
})
const Compose = z.strictObject({
  name: z.literal('saydo'),
  services: z.record(z.string(), Service),
  configs: z.record(z.string(), z.strictObject({ content: z.string() })),
  volumes: z.record(z.string(), z.null()),
})

const compose = Compose.parse(parse(text, { strict: true, uniqueKeys: true }))
const services = Object.entries(compose.services)
const manifest = JSON.parse(read('package.json')) as {
  version: string
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
}

/** Names of variables the file takes from `.env`, `$${…}` being the shell's own. */
const interpolated = [...text.matchAll(/(?<!\$)\$\{([A-Z0-9_]+)/g)].map(([, name = '']) => name)

/** Names in `.env.example`, commented ones included. */
const example = Object.keys(parseEnv(read('.env.example').replaceAll(/^#(?=[A-Z0-9_]+=)/gm, '')))

/** Our own variables as they occur anywhere in the code that runs in production. */
const rooms = [
  'activities',
  'commands',
  'connectors',
  'lake',
  'metrics',
  'models',
  'stack',
  'text',
  'workflows',
]
const sources = [
  ...readdirSync(root),
  ...rooms
    .filter((room) => existsSync(join(root, room)))
    .flatMap((room) =>
      readdirSync(join(root, room), { recursive: true, encoding: 'utf8' }).map((file) => join(room, file)),
    ),
].filter((file) => /\.(ts|js)$/.test(file) && !file.endsWith('.test.ts'))
const inCode = new Set(
  sources.flatMap((file) => read(file).match(/\b(?:SAYDO|TEMPORAL|CUBEJS)_[A-Z0-9_]+\b/g) ?? []),
)

describe('services', () => {
  test('Temporal on PostgreSQL with its UI, our worker, Cube and S3 are there', () => {
    expect(services.map(([name]) => name)).toEqual([
      'postgres',
      'temporal-schema',
      'temporal',
      'temporal-namespace',
      'temporal-ui',
      'worker',
      'cube',
      's3',
    ])
  })

  test.each(services)('%s is pinned to a version', (_, { image, build }) => {
    expect(image).toMatch(/^[a-z0-9./-]+:v?\d+\.\d+(\.\d+)?(-[a-z0-9]+)?$/)
    for (const [, base] of (build?.dockerfile_inline ?? '').matchAll(/^FROM (\S+)/gm))
      expect(base).toMatch(/:v?\d+\.\d+\.\d+(-[a-z-]+)?$/)
  })

  test('images agree with the packages that are tested', () => {
    const cube = manifest.dependencies['@cubejs-backend/server-core']
    expect(compose.services['cube']?.build?.dockerfile_inline).toContain(`FROM cubejs/cube:v${cube}\n`)
    expect(compose.services['cube']?.image).toBe(`saydo-cube:${cube}`)
    expect(compose.services['worker']?.image).toBe(`saydo-worker:${manifest.version}`)
    expect(compose.services['worker']?.build?.dockerfile_inline).toContain(
      `FROM node:${manifest.devDependencies['node']}-`,
    )
  })

  test.each(services)(
    '%s is watched: a healthcheck, or a job that must end well',
    (name, { healthcheck }) => {
      const awaited = services.some(
        ([, { depends_on }]) => depends_on?.[name]?.condition === 'service_completed_successfully',
      )
      expect(awaited).toBe(healthcheck === undefined)
    },
  )

  test.each(services)('%s waits only for what is there, in a way that can come true', (_, { depends_on }) => {
    for (const [name, { condition }] of Object.entries(depends_on ?? {})) {
      expect(Object.keys(compose.services)).toContain(name)
      if (condition === 'service_healthy') expect(compose.services[name]?.healthcheck).toBeDefined()
    }
  })

  test.each(services)('%s is reachable from this host only and uses declared volumes', (_, service) => {
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/)
    for (const volume of service.volumes ?? [])
      expect(Object.keys(compose.volumes)).toContain(
        typeof volume === 'string' ? volume.split(':')[0] : volume.source,
      )
    for (const { source } of service.configs ?? []) expect(Object.keys(compose.configs)).toContain(source)
  })

  test('who reads the lake cannot write it', () => {
    expect(compose.services['cube']?.volumes).toEqual(['saydo:/saydo:ro'])
    expect(compose.services['s3']?.volumes).toMatchObject([{ source: 'saydo', read_only: true }])
    expect(compose.services['s3']?.command).toContain('--readonly')
  })

  test('no secret is written down', () => {
    for (const [, { environment }] of services)
      for (const [name, value] of Object.entries(environment))
        if (/PASSWORD|PWD|SECRET|KEY|_URL$/.test(name) && value !== '') expect(value).toContain('${')
  })
})

describe('the environment', () => {
  test('whatever the file takes from .env is explained in .env.example', () => {
    expect(interpolated.length).toBeGreaterThan(0)
    expect(interpolated.filter((name) => !example.includes(name))).toEqual([])
  })

  test('whatever our services are given is read by the code, or by Cube itself', () => {
    const cubeReads = readFileSync(join(root, 'node_modules/@cubejs-backend/shared/dist/src/env.js'), 'utf8')
    const given = ['worker', 'cube'].flatMap((name) => Object.keys(compose.services[name]?.environment ?? {}))
    const unread = given.filter(
      (name) => !inCode.has(name) && !cubeReads.includes(name) && !['TZ', 'NODE_ENV'].includes(name),
    )
    expect(unread).toEqual([])
  })

  test('whatever the code reads is explained in .env.example, except the switches the embedded Cube sets itself', () => {
    const code = [...inCode].filter((name) => !name.startsWith('CUBEJS_'))
    expect(code).toContain('SAYDO_HOME')
    expect(code.filter((name) => !example.includes(name))).toEqual([])
    expect(example).toContain('CUBEJS_API_SECRET')
  })

  test('whatever .env.example explains is read by the code or taken by this file', () => {
    const own = example.filter((name) => /^(SAYDO|TEMPORAL|CUBEJS|POSTGRES|S3)_/.test(name))
    expect(own.filter((name) => !inCode.has(name) && !interpolated.includes(name))).toEqual([])
  })
})
