/** Called by a program that tests start: its input stays open as long as they run, and it never outlives them. */
import { Socket } from 'node:net'

export function endWithParent(): void {
  const input: unknown = process.stdin
  process.stdin.resume().once('close', () => process.exit(1))
  // Waiting for that end is no work of its own.
  if (input instanceof Socket) input.unref()
}
