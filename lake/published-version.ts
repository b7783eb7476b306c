/** A published version as its readers see it: which files are each model, and nothing else. Written to `versions/<n>.json`. */
import { z } from 'zod'

export const PublishedModel = z.object({
  fingerprint: z.string(),
  grain: z.array(z.string()),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  /** Relative to the lake's root. */
  files: z.array(z.string()),
  rows: z.int(),
})
export type PublishedModel = z.infer<typeof PublishedModel>

export const PublishedVersion = z.object({
  version: z.int().positive(),
  publishedAt: z.iso.datetime(),
  /** By model name: `submission`, `xo.response_context`. */
  models: z.record(z.string(), PublishedModel),
})
export type PublishedVersion = z.infer<typeof PublishedVersion>

/** The pointer, `current.json` at the lake's root; replaced by rename, so a reader sees the old or the new one. */
export const CurrentVersion = z.object({ version: z.int().positive(), file: z.string() })
export type CurrentVersion = z.infer<typeof CurrentVersion>
