/** The models' build as a part of another run, after any that is going on already. */
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import { executeChild, ParentClosePolicy, sleep } from '@temporalio/workflow'
import { build, type BuildInput, type Built } from './build.ts'
import { buildIdOf } from './run-id.ts'

/** One build of an environment at a time: of two that overlap, the one with older data could otherwise publish last. */
export async function buildAlone(input: BuildInput = {}): Promise<Built> {
  for (;;) {
    try {
      return await executeChild(build, {
        workflowId: buildIdOf(input.environment),
        args: [input],
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
        staticSummary: 'build, audit and publish all models',
      })
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error
      await sleep('5 seconds')
    }
  }
}
