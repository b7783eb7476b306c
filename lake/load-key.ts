/** The name of a load: the same for every attempt at it, and for nothing else. */
import { hash } from 'node:crypto'

export type LoadIdentity = {
  readonly source: string
  readonly stream: string
  readonly slice: string
  /** The state's cursor_version when the load began: two loads from one checkpoint differ, two attempts at one load do not. */
  readonly generation: number
  /** The checkpoint the load began at, as JSON. */
  readonly from: string | null
}

/** sha256 in hexadecimal; it holds no run, no attempt and no clock. */
export function loadKey({ source, stream, slice, generation, from }: LoadIdentity): string {
  return hash('sha256', JSON.stringify([source, stream, slice, generation, from]))
}
