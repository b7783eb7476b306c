/** Takes secrets out of texts by value, in every spelling they travel in. */

const SHORTEST = 4

/** A function that replaces each secret by `***`: as it is, in a query string, and in base64. Secrets under four characters are left (they would blank out words). */
export function createRedactor(secrets: readonly string[]): (text: string) => string {
  const spellings = [
    ...new Set(
      secrets
        .filter((secret) => secret.length >= SHORTEST)
        .flatMap((secret) => [
          secret,
          encodeURIComponent(secret),
          new URLSearchParams({ s: secret }).toString().slice(2),
          Buffer.from(secret).toString('base64'),
          Buffer.from(secret).toString('base64url'),
        ]),
    ),
  ].toSorted((a, b) => b.length - a.length)
  return (text) => spellings.reduce((clean, spelling) => clean.replaceAll(spelling, '***'), text)
}
