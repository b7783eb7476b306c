/** Project files: every mistake by its path, and streams of the sources that are asked for. */
import { expect, it } from 'vitest'
import { mastodon } from '#connectors/mastodon.ts'
import { typeform } from '#connectors/typeform.ts'
import { SourceUnknown, streamsOf } from './create-activities.ts'
import { checkProject, ConfigInvalid } from './project.ts'

const sources = {
  survey: { connector: typeform, config: {} },
  social: { connector: mastodon, config: { url: 'https://mastodon.social', tags: ['tea'] } },
}

it('a project gets its defaults, and its sources their parsed settings', () => {
  const project = checkProject({ name: 'tea', sources })
  expect(project).toMatchObject({
    timezone: 'UTC',
    callingCode: '86',
    tables: [],
    questions: [],
    surveys: [],
  })
  expect(Object.keys(project.sources)).toEqual(['survey', 'social'])
})

it('every mistake is named by its path, also those of a source’s settings', () => {
  const mistakes = (config: unknown): readonly string[] => {
    try {
      checkProject(config)
      return []
    } catch (error) {
      return error instanceof ConfigInvalid ? error.issues : [String(error)]
    }
  }
  const paths = (config: unknown) => mistakes(config).map((issue) => issue.split(':')[0])
  expect(paths({ name: 'Tea', timezone: 'Mars', sources: {}, extra: 1 })).toEqual([
    'name',
    'timezone',
    '(root)',
  ])
  expect(mistakes({ name: 'tea', sources: { survey: 'typeform' } })).toEqual([
    'sources.survey: Expected connect(<connector>, { … })',
  ])
  const social = { connector: mastodon, config: { url: 'no address', tags: ['tea'] } }
  expect(paths({ name: 'tea', sources: { social } })).toEqual(['sources.social.url'])
})

it('streams are those of all sources, or of the named ones; an unknown name is said with the known', () => {
  const project = checkProject({ name: 'tea', sources })
  expect(streamsOf(project)).toEqual([
    { source: 'survey', stream: 'responses' },
    { source: 'social', stream: 'statuses' },
  ])
  expect(streamsOf(project, ['social'])).toEqual([{ source: 'social', stream: 'statuses' }])
  expect(streamsOf(project, [])).toHaveLength(2)
  expect(() => streamsOf(project, ['crm', 'social'])).toThrow(SourceUnknown)
  expect(() => streamsOf(project, ['crm'])).toThrow('there is no source crm; the project has survey, social')
})
