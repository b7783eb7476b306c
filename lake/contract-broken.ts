/** A model's query does not meet its contract; trying again changes nothing. */

export type Breach = {
  readonly missing: readonly string[]
  readonly extra: readonly string[]
  readonly retyped: readonly string[]
}

export class ContractBroken extends Error {
  override readonly name = 'ContractBroken'
  readonly breach: Breach
  constructor(breach: Breach) {
    const parts = [
      breach.missing.length > 0 ? `it lacks ${breach.missing.join(', ')}` : '',
      breach.extra.length > 0 ? `it adds ${breach.extra.join(', ')}` : '',
      ...breach.retyped,
    ].filter((part) => part !== '')
    super(`the query does not meet the contract: ${parts.join('; ')}; change the query or the contract.`)
    this.breach = breach
  }
}
