/** How a bucket is reached: shared by our own client and by DuckDB's. */

export type S3Access = {
  /** `https://…` or `http://…` of a gateway, whose buckets are then paths; undefined for AWS itself. */
  readonly endpoint?: string | undefined
  readonly region: string
  readonly keyId: string
  readonly secret: string
  /** Of temporary credentials. */
  readonly sessionToken?: string | undefined
}
