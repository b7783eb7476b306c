/** Everything a run's history holds, payloads decoded, as one text: what a person with access to the Temporal server could read. */
import type { Client } from '@temporalio/client'

/** All runs of the namespace: ids, attributes, inputs, results, failures, summaries. */
export async function allHistoriesAsText(client: Client): Promise<string> {
  let text = ''
  for await (const run of client.workflow.list()) {
    const history = await client.workflow.getHandle(run.workflowId, run.runId).fetchHistory()
    text += `${run.workflowId} ${run.type}\n${stringsIn(history).join('\n')}\n`
  }
  return text
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  if (value instanceof Uint8Array) return [Buffer.from(value).toString('utf8')]
  if (Array.isArray(value)) return value.flatMap(stringsIn)
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) => [key, ...stringsIn(inner)])
  }
  return []
}
