/** The lockfile works on every platform and with every registry. */
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { type Lockfile, missingPlatforms } from '#.ci/complete-lockfile.ts'

const text = readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')

it('names the optional packages of every platform; otherwise run `npm run lockfile`', () => {
  expect(missingPlatforms(JSON.parse(text) as Lockfile)).toEqual([])
})

it('names no registry', () => {
  expect(text).not.toMatch(/"resolved": "https?:/)
})
