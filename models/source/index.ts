/** Vendors whose records saydo knows how to read: connector name → the models of a source that uses it. */
import type { Model } from '#models/define-model.ts'
import { typeformModels } from './typeform.ts'

export const sourceModels: Readonly<Record<string, (source: string) => Model[]>> = {
  typeform: typeformModels,
}
