/** A failure that only a change of the model, or of the project file, can mend. */
export class ModelBroken extends Error {
  override readonly name = 'ModelBroken'
}
