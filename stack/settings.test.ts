/** Where OpenLineage events go, as the environment says it. */
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ConfigInvalid } from '#activities/project.ts'
import { readSettings } from './settings.ts'

const config = join(tmpdir(), 'nowhere', 'saydo.config.ts')
const target = (text: string) => readSettings(config, { SAYDO_OPENLINEAGE: text }).openLineage

it.each([
  ['', undefined],
  ['file:lineage.ndjson', { file: join(tmpdir(), 'nowhere', 'lineage.ndjson') }],
  ['file:/var/lineage.ndjson', { file: '/var/lineage.ndjson' }],
  ['file:///var/my%20lineage.ndjson', { file: '/var/my lineage.ndjson' }],
  ['https://collector.example/api/v1/lineage', { url: 'https://collector.example/api/v1/lineage' }],
])('%j is %j', (text, expected) => {
  expect(target(text)).toEqual(expected)
})

it.each(['lineage.ndjson', 'ftp://collector.example', 'file://lineage.ndjson', 'http://[', 'file:'])(
  '%s is refused by the name of the variable',
  (text) => {
    expect(() => target(text)).toThrow(ConfigInvalid)
    expect(() => target(text)).toThrow('SAYDO_OPENLINEAGE')
  },
)
