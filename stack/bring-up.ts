/** Starts what a command needs and is not running yet, and at the end stops only what it started. */
import { Client, Connection } from '@temporalio/client'
import { readProjectKey } from '#activities/project-key.ts'
import type { Environment, Project } from '#activities/project.ts'
import { createVerbs } from './create-verbs.ts'
import { lakeSecrets } from './lake-settings.ts'
import type { ProjectFile, Simulation } from './load-project.ts'
import { lineageEmitter } from './lineage-emitter.ts'
import { openSources, secretValues } from './open-sources.ts'
import { openState, type State } from './open-state.ts'
import { redactor } from './redact.ts'
import type { Settings } from './settings.ts'
import { simulatedCompany } from './simulated-company.ts'
import { type RunningWorker, startWorker } from './start-worker.ts'
import { sdkOptions } from './temporal-connection.ts'
import { ensureTemporal, type TemporalServer } from './temporal.ts'

export type BringUp = {
  readonly settings: Settings
  readonly file: ProjectFile
  /** Seed and size asked for on the command line. */
  readonly simulation?: Partial<Simulation>
  readonly say: (line: string) => void
  readonly now: (line: string) => void
}

export type Stack = {
  readonly project: Project
  /** The environment with the simulated company's addresses over it. */
  readonly env: Environment
  readonly simulationEnv: Readonly<Record<string, string>>
  readonly state: State
  readonly temporal: TemporalServer
  readonly client: Client
  readonly worker: RunningWorker
  readonly taskQueue: string
  readonly [Symbol.asyncDispose]: () => Promise<void>
}

/** Sources, state, Temporal and a worker. Whatever was started is stopped again when a later step fails. */
export async function bringUp({ settings, file, simulation = {}, say, now }: BringUp): Promise<Stack> {
  await using started = new AsyncDisposableStack()
  const simulated = file.simulation
  const company = simulated && (await simulatedCompany(settings.home, simulated, simulation, say))
  if (company) started.defer(company.close)
  const simulationEnv = company?.env ?? {}
  const env = { ...settings.env, ...simulationEnv }
  const project = file.project(env)
  const sources = openSources(project, env)
  const key = await readProjectKey(env, { demo: simulated !== undefined })

  const state = await openState(settings)
  started.defer(state.close)
  const temporal = await ensureTemporal({ env, dataDir: settings.home, say, progress: now })
  started.defer(temporal.stop)
  const connection = await Connection.connect(sdkOptions(temporal))
  started.defer(() => connection.close())
  const redact = redactor([...secretValues(project, env), key, ...lakeSecrets(settings)])
  const lineage = lineageEmitter({ settings, project: project.name, lake: state.root, redact, say })
  const worker = await startWorker({
    ...temporal,
    taskQueue: settings.taskQueue,
    activities: await createVerbs({ project, state, sources, key, lineage }),
    redact,
    say,
  })
  started.defer(async () => {
    worker.shutdown()
    await worker.done()
  })

  const kept = started.move()
  return {
    project,
    env,
    simulationEnv,
    state,
    temporal,
    client: new Client({ connection, namespace: temporal.namespace }),
    worker,
    taskQueue: settings.taskQueue,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  }
}
