/** A worker of its own process whose `land` never ends: started by a test that kills it. Arguments: address, task queue. */
import { startWorker } from '#stack/start-worker.ts'
import { endWithParent } from './end-with-parent.ts'
import { testVerbs } from './test-verbs.ts'

endWithParent()
const [address = '', taskQueue = ''] = process.argv.slice(2)
const say = (line: string) => console.log(line)
const land = () => {
  say('landing')
  return new Promise<never>(() => {})
}
await startWorker({ address, namespace: 'default', taskQueue, activities: testVerbs({ land }), say })
