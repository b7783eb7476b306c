/** A file is looked at before it is read: damage in what was built is mended by building, damage in what was landed by a person. */
import { FileDamaged, PartitionDamaged, refuseDamaged } from '#lake/file-damaged.ts'
import type { LakeFile } from '#lake/partition.ts'
import { forgetPartition, partitionOf } from '#lake/partitions.ts'
import type { Workshop } from './workshop.ts'

/** Throws FileDamaged for a landed file; a built partition is forgotten, so that it is built again, and PartitionDamaged thrown. */
export async function refuseDamagedInput(
  { storage, control }: Workshop,
  file: Pick<LakeFile, 'path' | 'sha256'>,
  landed: boolean,
): Promise<void> {
  const remedy = landed
    ? 'restore it from a backup, or read its records again with `saydo sync --from --to`'
    : 'it is built again'
  try {
    await refuseDamaged(storage, file, remedy)
  } catch (error) {
    if (landed || !(error instanceof FileDamaged)) throw error
    await forgetPartition(control.db, partitionOf(file.path), file.path)
    throw new PartitionDamaged(error.message, { cause: error })
  }
}
