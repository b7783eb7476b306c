/** A model's query that names what there is not, told before anything is built. */
export class QueryUnresolved extends Error {
  override readonly name = 'QueryUnresolved'
  constructor(model: string, message: string) {
    super(`[${model}] ${message}`)
  }
}
