/** Holds the documentation to the code: each public function is documented, each worked number is right, the page is fresh. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { page, publicFunctions, render } from '#docs/statistics-page.ts'
import { runExample } from '#docs/worked-examples.ts'
import * as statistics from './index.ts'

const functions = publicFunctions()

describe.each(functions)('$name', ({ name, docstring }) => {
  it('has a docstring that names its source', () => {
    expect(docstring?.text, `[${name}] has no docstring`).toBeTruthy()
    expect(docstring?.text, `[${name}] needs a line "Source: …"`).toMatch(/\bSources?:/)
  })
  it('has a worked example that is right', () => {
    const checks = runExample(docstring?.example ?? [], statistics)
    expect(checks.length, `[${name}] needs a line "expression // expected" under @example`).toBeGreaterThan(0)
    for (const { line, got, agrees } of checks)
      expect(agrees, `[${name}] ${line} gave ${JSON.stringify(got)}`).toBe(true)
  })
})

it('docs/statistics.md is what `npm run docs:statistics` writes', () => {
  expect(readFileSync(page, 'utf8')).toBe(render())
})
