/** Whatever happens to the files, and wherever a pass is broken off, every version of every file that stays is read. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { FilesCheckpoint, nothingDone, passOver } from './files-done.ts'
import type { ListedFile } from './files-listing.ts'

type Happening =
  | { readonly kind: 'write'; readonly file: number; readonly version: number }
  | { readonly kind: 'remove'; readonly file: number }
  /** A run that stops after so many files. */
  | { readonly kind: 'run'; readonly files: number }

const file = fc.integer({ min: 0, max: 300 })
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('write' as const),
      file,
      version: fc.integer({ min: 1, max: 3 }),
    }),
  },
  fc.record({ kind: fc.constant('remove' as const), file }),
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('run' as const), files: fc.integer({ min: 0, max: 30 }) }),
  },
)

const listed = (world: ReadonlyMap<number, number>): ListedFile[] =>
  [...world]
    .map(([number, version]) => ({
      path: `f${String(number).padStart(5, '0')}`,
      absolute: '',
      id: number * 7_919,
      print: (number * 7_919_003 + version * 104_729_000_000 + 12_345) % 2 ** 48,
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))

test('no version of a file is missed, and a finished pass leaves nothing to do', () => {
  fc.assert(
    fc.property(
      fc.array(happening, { maxLength: 80 }),
      fc.integer({ min: 0, max: 100 }),
      (story, initial) => {
        const world = new Map(Array.from({ length: initial }, (_, index) => [index * 2, 1]))
        const read = new Set<string>()
        let checkpoint = nothingDone('s')
        const run = (most: number): void => {
          const pass = passOver(checkpoint, listed(world), 's')
          for (const one of pass.todo.slice(0, most)) {
            read.add(`${one.path}@${one.print}`)
            checkpoint = FilesCheckpoint.parse(JSON.parse(JSON.stringify(pass.finish(one, false))))
          }
        }
        for (const event of story) {
          if (event.kind === 'write') world.set(event.file, event.version)
          else if (event.kind === 'remove') world.delete(event.file)
          else run(event.files)
        }
        for (let again = 0; again < 3; again += 1) run(Infinity)
        for (const one of listed(world)) expect(read).toContain(`${one.path}@${one.print}`)
        expect(passOver(checkpoint, listed(world), 's').todo).toEqual([])
        expect(JSON.stringify(checkpoint).length).toBeLessThan(16 * 1024)
      },
    ),
    { numRuns: 100 },
  )
})

test('five thousand files fit in 16 KiB, in the middle of a pass too, and one new among them is found alone', () => {
  const world = new Map(Array.from({ length: 5_000 }, (_, number) => [number, 1]))
  const pass = passOver(nothingDone('s'), listed(world), 's')
  const sizes: number[] = []
  let checkpoint = nothingDone('s')
  for (const [index, one] of pass.todo.entries()) {
    checkpoint = pass.finish(one, index % 10 === 0)
    if (index % 500 === 0) sizes.push(JSON.stringify(checkpoint).length)
  }
  expect(Math.max(...sizes)).toBeLessThan(16 * 1024)
  world.set(77_777, 1)
  expect(passOver(checkpoint, listed(world), 's').todo.map(({ path }) => path)).toEqual(['f77777'])
})
