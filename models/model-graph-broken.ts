/** The models do not fit together; nothing can be built until one is changed. */
export class ModelGraphBroken extends Error {
  override readonly name = 'ModelGraphBroken'
  constructor(message: string) {
    super(`[models] ${message}`)
  }
}
