/** Takes secrets and personal data out of a message before it is logged or kept in a run's history. */

const patterns: readonly (readonly [RegExp, string])[] = [
  [/\b(Bearer|Basic|token)\s+[\w.~+/=-]{8,}/gi, '$1 ***'],
  [/(\/\/)[^/\s@]+@/g, '$1***@'],
  [/([?&][\w-]*(?:token|key|secret|password|signature|auth|email|phone)[\w-]*=)[^&\s"']+/gi, '$1***'],
  [/[\p{L}\p{N}._%+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu, '***@***'],
  // Telephone numbers: international, Chinese mobile, North American, and any long run of digits. Dates and counts are shorter.
  [/\+\d[\d ()-]{6,}\d/g, '***'],
  [/(?<![\w-])1\d{2}[ -]?\d{4}[ -]?\d{4}(?![\w-])/g, '***'],
  [/(?<![\w-])\(?\d{3}\)?[ -]\d{3}[ -]\d{4}(?![\w-])/g, '***'],
  [/(?<![\w-])\d{11,}(?![\w-])/g, '***'],
]

/**
 * A function that replaces the given secrets wherever they occur, and whatever looks like a credential, an e-mail address or a
 * telephone number. It errs on the side of hiding.
 */
export function redactor(secrets: readonly string[]): (text: string) => string {
  const long = secrets.filter((secret) => secret.length >= 6).sort((a, b) => b.length - a.length)
  return (text) =>
    patterns.reduce(
      (clean, [pattern, instead]) => clean.replace(pattern, instead),
      long.reduce((clean, secret) => clean.replaceAll(secret, '***'), text),
    )
}
