/** Why a pointer was not moved: what it should point at is not there. */

/** There is no such version to go back to. */
export class VersionUnknown extends Error {
  override readonly name = 'VersionUnknown'
  constructor(version: number | undefined, known: readonly number[]) {
    const has =
      known.length > 0 ? `there are ${known.join(', ')}` : 'nothing is published yet; run `saydo refresh`'
    super(
      `[versions] ${version === undefined ? 'there is no earlier version' : `there is no version ${version}`}; ${has}.`,
    )
  }
}

/** Nothing was ever published in an environment of this name. */
export class EnvironmentUnknown extends Error {
  override readonly name = 'EnvironmentUnknown'
  constructor(environment: string) {
    super(
      `[versions] environment ${JSON.stringify(environment)} serves nothing; build it first with \`saydo build --env ${environment}\`.`,
    )
  }
}
