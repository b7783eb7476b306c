/** A full disk has one name, whichever layer says it. */

/** The lake's disk is full, or this process may not write more. */
export class NoSpace extends Error {
  override readonly name = 'NoSpace'
  constructor(root: string, cause: unknown) {
    super(
      `[lake] there is no space left to write in ${root}; nothing of this part was committed. Free some space (or raise the quota) and run again: it goes on where it stopped.`,
      { cause },
    )
  }
}

/** Run something that writes below `root`; a full disk becomes NoSpace. */
export async function guarded<T>(write: () => Promise<T>, root: string): Promise<T> {
  try {
    return await write()
  } catch (error) {
    throw isFull(error) ? new NoSpace(root, error) : error
  }
}

const FULL_CODES = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])
const FULL_WORDS =
  /no space left|disk quota exceeded|file too large|could not write all bytes|database or disk is full/i

function isFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return ('code' in error && FULL_CODES.has(String(error.code))) || FULL_WORDS.test(error.message)
}
