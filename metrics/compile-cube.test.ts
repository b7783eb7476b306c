import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { compileCube, viewMembers } from './compile-cube.ts'
import { cards } from './index.ts'
import { nps } from './nps.ts'

type Member = { name: string; public?: boolean; sql?: string; title?: string }
type Model = {
  cubes: { name: string; public: boolean; dimensions: Member[]; measures: Member[] }[]
  views: {
    name: string
    public: boolean
    title: string
    cubes: { join_path: string; includes: string[] }[]
  }[]
}
const files = compileCube(cards)
const models = files.map(({ content }) => parse(content) as Model)

test('there is one file per metric, and none looks like a template', () => {
  expect(files.map(({ fileName }) => fileName)).toEqual(cards.map(({ name }) => `${name}.yml`))
  for (const { content } of files) expect(content).not.toMatch(/\{\{|\}\}|\{%|\{#/)
})

test('cubes are private, views are public and show governed members only', () => {
  for (const [index, { cubes, views }] of models.entries()) {
    expect(cubes.map((cube) => cube.public)).toEqual([false])
    expect(views.map((view) => view.public)).toEqual([true])
    const includes = views[0]?.cubes[0]?.includes ?? []
    const hidden =
      cubes[0]?.measures.filter((measure) => measure.public === false).map(({ name }) => name) ?? []
    expect(hidden.length).toBeGreaterThan(2)
    expect(includes.filter((name) => hidden.includes(name))).toEqual([])
    const card = cards[index]
    expect(card && viewMembers(card)).toEqual(includes.map((name) => `${views[0]?.name}.${name}`))
  }
})

test('value and bounds cannot be had below the minimum n', () => {
  const measures = compileCube([{ ...nps, minimumN: 30 }]).flatMap(
    ({ content }) => (JSON.parse(content) as Model).cubes[0]?.measures ?? [],
  )
  for (const name of ['nps', 'nps_low', 'nps_high'])
    expect(measures.find((measure) => measure.name === name)?.sql).toMatch(
      /^CASE WHEN \{part_n\} < 30 THEN NULL ELSE /,
    )
})

test('every view and every public member is titled in English and Chinese', () => {
  for (const { cubes, views } of models) {
    const titled = [
      ...views,
      ...(cubes[0]?.dimensions ?? []),
      ...(cubes[0]?.measures ?? []).filter((measure) => measure.public !== false),
    ]
    for (const { name, title } of titled)
      expect([name, title]).toEqual([name, expect.stringMatching(/[A-Za-z].* · .*\p{Script=Han}/u)])
  }
})
