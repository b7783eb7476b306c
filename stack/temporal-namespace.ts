/** Prepares a namespace: finished runs stay visible for a month, and runs can be searched by source, model and version. */
import type { Connection } from '@temporalio/client'
import { msToTs } from '@temporalio/common/lib/time.js'
import { withConnection, type TemporalConnection } from './temporal-connection.ts'

const retentionMs = 30 * 24 * 3600 * 1000
// `INDEXED_VALUE_TYPE_KEYWORD` of Temporal's API.
const keyword = 2

/** Which source a run reads, which model it stopped at, which version it published. Never anything personal: the server keeps these in plain text. */
const searchAttributes = ['Source', 'Model', 'Version']

/** The development server forgets finished runs after a day; ours keeps them for thirty. */
export async function keepFinishedRuns(server: TemporalConnection, namespace: string): Promise<void> {
  await withConnection(server, ({ workflowService }) =>
    workflowService.updateNamespace({
      namespace,
      config: { workflowExecutionRetentionTtl: msToTs(retentionMs) },
    }),
  )
}

/** Registers the search attributes that are missing; throws with the commands to run when we are not allowed to. */
export async function registerSearchAttributes(server: TemporalConnection, namespace: string): Promise<void> {
  await withConnection(server, async (connection) => {
    const missing = await missingAttributes(connection, namespace)
    if (missing.length === 0) return
    try {
      await connection.operatorService.addSearchAttributes({
        namespace,
        searchAttributes: Object.fromEntries(missing.map((name) => [name, keyword])),
      })
    } catch (error) {
      if ((await missingAttributes(connection, namespace)).length === 0) return
      throw new Error(
        `[temporal] the search attributes ${missing.join(', ')} are not registered in namespace ${namespace} and we may not add them; ` +
          `run: temporal operator search-attribute create --namespace ${namespace} ${missing.map((name) => `--name ${name} --type Keyword`).join(' ')}`,
        { cause: error },
      )
    }
  })
}

async function missingAttributes(connection: Connection, namespace: string): Promise<string[]> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace })
  return searchAttributes.filter((name) => !(name in customAttributes))
}
