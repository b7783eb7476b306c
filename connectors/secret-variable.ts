/** How the environment names a source's secret. */

/** `('my-shop', 'token')` → `MY_SHOP_TOKEN`. */
export function secretVariable(source: string, secret: string): string {
  return `${source}_${secret}`.replaceAll(/[^a-zA-Z0-9]+/g, '_').toUpperCase()
}
