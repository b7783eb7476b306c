/** Prepares a namespace: it exists, finished runs stay visible for a month, and runs can be searched by source, model and version. */
import { isGrpcServiceError, type Connection } from '@temporalio/client'
import { msToTs } from '@temporalio/common/lib/time.js'
import { setTimeout as pause } from 'node:timers/promises'
import { withConnection, type TemporalConnection } from './temporal-connection.ts'

const retention = msToTs(30 * 24 * 3600 * 1000)
const searchAttributes = ['Source', 'Model', 'Version']
// Numbers of Temporal's API: gRPC NOT_FOUND, and INDEXED_VALUE_TYPE_KEYWORD.
const notFound = 5
const keyword = 2

export type NamespaceOptions = {
  readonly namespace: string
  /** Whether the server is ours to change: then a missing namespace is made, and finished runs are kept longer than a day. */
  readonly ours: boolean
  readonly say: (line: string) => void
}

/** Throws when a foreign server lacks the namespace, or lacks search attributes that we may not add, with the command to run. */
export async function prepareNamespace(
  server: TemporalConnection,
  { namespace, ours, say }: NamespaceOptions,
): Promise<void> {
  await withConnection(server, async (connection) => {
    if (ours) await keepFinishedRuns(connection, namespace)
    else await mustExist(connection, namespace, server.address)
    await registerSearchAttributes(connection, namespace, say)
  })
}

async function keepFinishedRuns({ workflowService }: Connection, namespace: string): Promise<void> {
  const config = { workflowExecutionRetentionTtl: retention }
  try {
    await workflowService.updateNamespace({ namespace, config })
  } catch (error) {
    if (!isNotFound(error)) throw error
    await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod: retention })
    // The server's parts learn of a new namespace one after the other.
    await pause(3000)
  }
}

async function mustExist({ workflowService }: Connection, namespace: string, address: string): Promise<void> {
  try {
    await workflowService.describeNamespace({ namespace })
  } catch (error) {
    if (!isNotFound(error)) throw error
    throw new Error(
      `[temporal] the server at ${address} has no namespace ${namespace}; create it, or set TEMPORAL_NAMESPACE to one it has.`,
      { cause: error },
    )
  }
}

function isNotFound(error: unknown): boolean {
  if (!isGrpcServiceError(error)) return false
  const code: number = error.code
  return code === notFound
}

async function registerSearchAttributes(
  connection: Connection,
  namespace: string,
  say: (line: string) => void,
): Promise<void> {
  const missing = await missingAttributes(connection, namespace).catch(() => undefined)
  if (missing === undefined) {
    say(
      `[temporal] this server does not tell its search attributes; ${createCommand(namespace, searchAttributes)} if they are not there yet`,
    )
    return
  }
  if (missing.length === 0) return
  try {
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map((name) => [name, keyword])),
    })
  } catch (error) {
    const stillMissing = await missingAttributes(connection, namespace)
    if (stillMissing.length === 0) return
    throw new Error(
      `[temporal] search attributes are missing and we may not add them; ${createCommand(namespace, stillMissing)}.`,
      { cause: error },
    )
  }
}

async function missingAttributes({ operatorService }: Connection, namespace: string): Promise<string[]> {
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace })
  return searchAttributes.filter((name) => !(name in customAttributes))
}

function createCommand(namespace: string, names: readonly string[]): string {
  const flags = names.map((name) => `--name ${name} --type Keyword`).join(' ')
  return `run: temporal operator search-attribute create --namespace ${namespace} ${flags}`
}
