/**
 * Names in package-lock.json the optional packages of other platforms, which npm leaves out when the registry at hand lacks them:
 * without their entries `npm ci` refuses the lockfile, and other platforms would not get theirs. Run after every `npm install`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

type Entry = {
  version?: string
  dev?: boolean
  optional?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  optionalDependencies?: Record<string, string>
}
export type Lockfile = { packages: Record<string, Entry> }

const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]
const processors = ['arm64', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'mips64el', 'arm']

/** Optional packages for one platform that are asked for and have no entry, as `[path, entry]`. */
export function missingPlatforms({ packages }: Lockfile): [string, Entry][] {
  return Object.values(packages).flatMap(({ optionalDependencies = {}, dev }) =>
    Object.entries(optionalDependencies).flatMap(([name, version]): [string, Entry][] => {
      const path = `node_modules/${name}`
      const platform = platformOf(name)
      if (platform === undefined || path in packages) return []
      return [[path, { version, ...(dev && { dev }), optional: true, ...platform }]]
    }),
  )
}

/** What a package's name says about where it runs: `@oxfmt/binding-linux-x64-musl`. */
function platformOf(name: string): Pick<Entry, 'os' | 'cpu' | 'libc'> | undefined {
  const words = name.split(/[/-]/)
  const os = systems.find((system) => words.includes(system))
  const cpu = processors.find((processor) => words.includes(processor))
  if (os === undefined || cpu === undefined) return undefined
  const last = words.at(-1) ?? ''
  const libc =
    os !== 'linux'
      ? undefined
      : last.startsWith('musl')
        ? 'musl'
        : last.startsWith('gnu')
          ? 'glibc'
          : undefined
  return { os: [os], cpu: [cpu], ...(libc && { libc: [libc] }) }
}

if (import.meta.main) {
  const file = fileURLToPath(new URL('../package-lock.json', import.meta.url))
  const lockfile = JSON.parse(readFileSync(file, 'utf8')) as Lockfile
  const missing = missingPlatforms(lockfile)
  const packages = Object.entries({ ...lockfile.packages, ...Object.fromEntries(missing) })
  const sorted = packages.toSorted(([a], [b]) => (a < b ? -1 : 1))
  writeFileSync(file, `${JSON.stringify({ ...lockfile, packages: Object.fromEntries(sorted) }, null, 2)}\n`)
  console.log(`${missing.length} packages of other platforms named in package-lock.json`)
}
