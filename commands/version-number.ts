/** A version as an argument. */
import { InvalidArgumentError } from 'commander'

export function versionNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text))
    throw new InvalidArgumentError('Expected a version number; see `saydo versions`.')
  return Number(text)
}
