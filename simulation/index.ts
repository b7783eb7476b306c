/** The world outside the pipeline, for the demo and for tests: a company with planted truth, served through stand-ins of its vendors. */
import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Company, Size } from './company.ts'
import { dropFiles } from './drops.ts'
import { generateCompany } from './generate.ts'
import { startHubspot } from './hubspot-server.ts'
import { startMastodon } from './mastodon-server.ts'
import { startTypeform } from './typeform-server.ts'
import { startZendesk } from './zendesk-server.ts'

export type { Company, PlantedEffect, Size } from './company.ts'
export { companyBlocks, generateCompany } from './generate.ts'

export type SimulationOptions = {
  readonly seed: number
  readonly size: Size
  /** Files go to `folder/files/`, planted effects to `folder/truth.json`; an earlier simulation there is replaced. */
  readonly folder: string
  readonly say?: (line: string) => void
}

export type Simulation = {
  readonly company: Company
  /** Addresses, and the secrets the stand-ins accept, by the names the project's configuration reads. */
  readonly env: Readonly<Record<string, string>>
  close(): Promise<void>
}

const secrets = {
  TYPEFORM_TOKEN: 'tfp_simulated',
  HUBSPOT_TOKEN: 'pat-simulated',
  ZENDESK_EMAIL: 'robot@qinghe.example',
  ZENDESK_TOKEN: 'zd-simulated',
  MASTODON_TOKEN: 'md-simulated',
}

/** Generates the company, lays down its files and starts its vendors on free loopback ports. */
export async function startSimulation(options: SimulationOptions): Promise<Simulation> {
  const { seed, size, folder, say = () => {} } = options
  const generated = generateCompany({ seed, size })
  const files = path.join(folder, 'files')
  rmSync(files, { recursive: true, force: true })
  mkdirSync(files, { recursive: true })
  const company = { ...generated, truth: [...generated.truth, ...dropFiles(generated, files)] }
  asIfNeverMoved(files, company.to)
  writeFileSync(path.join(folder, 'truth.json'), `${JSON.stringify(company.truth, null, 2)}\n`)
  say(
    `company of seed ${seed}: ${company.customers.length} customers, ${company.orders.length} orders, ` +
      `${company.submissions.length} questionnaires, ${company.tickets.length} tickets, ${company.posts.length} posts`,
  )
  const [typeform, hubspot, zendesk, mastodon] = await Promise.all([
    startTypeform(company, { token: secrets.TYPEFORM_TOKEN }),
    startHubspot(company, { token: secrets.HUBSPOT_TOKEN }),
    startZendesk(company, { email: secrets.ZENDESK_EMAIL, token: secrets.ZENDESK_TOKEN }),
    startMastodon(company, { token: secrets.MASTODON_TOKEN }),
  ])
  const env = {
    TYPEFORM_URL: typeform.url,
    HUBSPOT_URL: hubspot.url,
    ZENDESK_URL: zendesk.url,
    MASTODON_URL: mastodon.url,
    FILES_FOLDER: files,
    ...secrets,
  }
  return {
    company,
    env,
    close: async () => {
      await Promise.all([typeform, hubspot, zendesk, mastodon].map((standIn) => standIn.close()))
    },
  }
}

/** The same company's files look untouched when it is started again, as they would in a real folder. */
function asIfNeverMoved(folder: string, at: Date): void {
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    utimesSync(path.join(folder, name), at, at)
}
