/** A file of the lake is missing or not as it was written. */
import type { LakeFile } from './partition.ts'
import type { Storage } from './storage.ts'

export class FileDamaged extends Error {
  override readonly name = 'FileDamaged'
  readonly path: string
  constructor(path: string, what: string, remedy: string) {
    super(`[lake] ${path} ${what}; ${remedy}.`)
    this.path = path
  }
}

/** A file of a built partition is: the partition was forgotten, and building again makes it anew. */
export class PartitionDamaged extends Error {
  override readonly name = 'PartitionDamaged'
}

/** Files this process has written or found whole; a file's name is never given twice. */
const whole = new Set<string>()

/** From now on taken as whole without being read again by this process. */
export function knownWhole(root: string, { path }: LakeFile): void {
  whole.add(`${root}/${path}`)
}

/** Throws FileDamaged when the file is missing or its content is not what was committed. */
export async function refuseDamaged(
  { root, hashOf }: Pick<Storage, 'root' | 'hashOf'>,
  { path, sha256: wanted }: Pick<LakeFile, 'path' | 'sha256'>,
  remedy: string,
): Promise<void> {
  if (whole.has(`${root}/${path}`)) return
  const found = await hashOf(path)
  if (found === undefined) throw new FileDamaged(path, 'is missing', remedy)
  if (found !== wanted) throw new FileDamaged(path, 'is damaged (its content has another hash)', remedy)
  whole.add(`${root}/${path}`)
}
