/** Runs the `expression // expected` lines of a docstring, so that no worked number in the documentation can be wrong. */
import { compileFunction } from 'node:vm'

export type Check = { readonly line: string; readonly got: unknown; readonly agrees: boolean }

/**
 * Every line with an expectation, evaluated with `scope` and the lines before it (`const x = …`) in sight.
 * Numbers agree to the digits written, integers to 1e-9, objects in the keys written.
 */
export function runExample(example: readonly string[], scope: Readonly<Record<string, unknown>>): Check[] {
  const checks: Check[] = []
  const constants: string[] = []
  let open: string[] = []
  for (const line of example) {
    const at = line.lastIndexOf(' // ')
    if (at < 0) {
      open.push(line)
      continue
    }
    const code = [...constants, ...open, line.slice(0, at)].join('\n')
    const got = evaluate(code, scope)
    checks.push({ line: line.trim(), got, agrees: agrees(got, expectation(line.slice(at + 4))) })
    constants.push(`${wholeStatements(open)};`)
    open = []
  }
  return checks
}

/** The lines before an expectation, without the beginning of the expression that it ends. */
function wholeStatements(lines: readonly string[]): string {
  for (let count = lines.length; count > 0; count--) {
    const code = lines.slice(0, count).join('\n')
    if (parses(code)) return code
  }
  return ''
}

function parses(code: string): boolean {
  try {
    compileFunction(code)
    return true
  } catch {
    return false
  }
}

function evaluate(code: string, scope: Readonly<Record<string, unknown>>): unknown {
  const run = compileFunction('with (scope) { return eval(code) }', ['scope', 'code'])
  return run(scope, code)
}

class Written {
  readonly value: number
  readonly tolerance: number

  constructor(token: string) {
    const [mantissa = '', exponent = '0'] = token.toLowerCase().split('e')
    const decimals = (mantissa.split('.')[1] ?? '').length
    this.value = Number(token)
    const whole = decimals === 0 && exponent === '0'
    this.tolerance = whole
      ? 1e-9 * Math.max(1, Math.abs(this.value))
      : 0.501 * 10 ** (Number(exponent) - decimals)
  }
}

/** The literal with each number replaced by what was written, so that its digits are known. */
function expectation(literal: string): unknown {
  const marked = literal.replace(
    /'[^']*'|"[^"]*"|(?<![\w.])[-−]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?(?![\w:])/gi,
    (token) => (/^['"]/.test(token) ? token : `written('${token.replace('−', '-')}')`),
  )
  return evaluate(`(${marked})`, { written: (token: string) => new Written(token) })
}

function agrees(got: unknown, want: unknown): boolean {
  if (want instanceof Written) return typeof got === 'number' && Math.abs(got - want.value) <= want.tolerance
  if (Array.isArray(want))
    return Array.isArray(got) && got.length === want.length && want.every((item, i) => agrees(got[i], item))
  if (typeof want === 'object' && want !== null)
    return (
      typeof got === 'object' &&
      got !== null &&
      Object.entries(want).every(([key, item]) => agrees(Reflect.get(got, key), item))
    )
  return Object.is(got, want)
}
