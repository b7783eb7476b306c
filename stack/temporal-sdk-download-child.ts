/** Run by `temporal-sdk-download.ts`: lets the SDK download the CLI into the folder named on the command line. */
import { TestWorkflowEnvironment } from '@temporalio/testing'

const [downloadDir = ''] = process.argv.slice(2)
try {
  const environment = await TestWorkflowEnvironment.createLocal({
    server: { executable: { type: 'cached-download', downloadDir } },
  })
  await environment.teardown()
  process.exit(0)
} catch (error) {
  const causes = String(error instanceof Error ? error.message : error).split(': ')
  console.error(causes.slice(-2).join(': '))
  process.exit(1)
}
