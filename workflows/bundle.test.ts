/** The architecture test of the workflows: what they reach, by value, is bundled; nothing of ours but themselves may be in it. */
import { fileURLToPath } from 'node:url'
import { bundleWorkflowCode } from '@temporalio/worker'
import { beforeAll, describe, expect, test } from 'vitest'

const heavyRooms = [
  'activities',
  'connectors',
  'lake',
  'metrics',
  'models',
  'simulation',
  'stack',
  'statistics',
  'text',
]
const workflowsPath = fileURLToPath(import.meta.resolve('#workflows/index.ts'))
const root = fileURLToPath(import.meta.resolve('#package.json')).replace(/package\.json$/, '')

describe('the workflow bundle', () => {
  let code = ''
  let modules: string[] = []

  beforeAll(async () => {
    ;({ code } = await bundleWorkflowCode({ workflowsPath, logger: quiet }))
    modules = sourcesOf(code)
    process.stdout.write(
      `workflow bundle: ${(code.length / 1e6).toFixed(2)} MB with its source map, ${modules.length} modules, ${modules.filter(isOurs).length} of ours\n`,
    )
  }, 60_000)

  test('holds the workflows', () => {
    expect(modules.filter((path) => path.endsWith('workflows/refresh.ts'))).toHaveLength(1)
    expect(modules.filter((path) => path.endsWith('workflows/sync.ts'))).toHaveLength(1)
  })

  test('holds nothing of ours but workflows', () => {
    expect(modules.filter(isOurs).filter((path) => !path.startsWith('workflows/'))).toEqual([])
  })

  test.each(heavyRooms)('does not reach into %s', (room) => {
    expect(modules.filter((path) => path.startsWith(`${room}/`))).toEqual([])
  })

  test('holds no zod and no module of Node', () => {
    expect(modules.filter((path) => /node_modules\/zod\//.test(path))).toEqual([])
    expect(code).not.toMatch(/require\(["']node:|external "node:/)
  })

  test('would show zod if a workflow imported it', async () => {
    const bundle = await bundleWorkflowCode({
      workflowsPath: fileURLToPath(import.meta.resolve('#activities/project.ts')),
      logger: quiet,
    })
    expect(sourcesOf(bundle.code).some((path) => /node_modules\/zod\//.test(path))).toBe(true)
  })

  test('stays below two megabytes', () => {
    expect(code.length).toBeLessThan(2_000_000)
  })
})

/** The paths of the bundled modules, ours relative to the project, from the source map the bundler puts at the end. */
function sourcesOf(code: string): string[] {
  const base64 = /sourceMappingURL=data:application\/json;[^,]*,([\w+/=]+)/.exec(code)?.[1] ?? ''
  const map: unknown = JSON.parse(Buffer.from(base64, 'base64').toString('utf8'))
  if (typeof map !== 'object' || map === null || !('sources' in map) || !Array.isArray(map.sources))
    throw new Error('the bundle has no source map')
  return map.sources.map((source) =>
    String(source)
      .replace(/^webpack:\/\/[^/]*\//, '')
      .replace(root, '')
      .replace(/^\.\//, ''),
  )
}

function isOurs(path: string): boolean {
  return !path.includes('node_modules/') && !path.startsWith('webpack/')
}

const ignore = () => {}
const quiet = { log: ignore, trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore }
