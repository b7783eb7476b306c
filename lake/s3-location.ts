/** The address of a lake on S3: a bucket and the prefix of everything in it. */

export type S3Location = {
  readonly bucket: string
  /** Without slashes at its ends; empty when the lake is the whole bucket. */
  readonly prefix: string
}

/** Throws for anything but `s3://bucket` or `s3://bucket/prefix`. */
export function s3Location(address: string): S3Location {
  const [, bucket, rest = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(address) ?? []
  const prefix = rest.replace(/\/+$/, '')
  if (bucket === undefined || !isPlain(prefix))
    throw new Error(`[lake] ${JSON.stringify(address)} is no address of a lake; write s3://bucket/prefix.`)
  return { bucket, prefix }
}

/** The key of a file of the lake; throws for a path that would leave it. */
export function keyOf({ prefix }: S3Location, path: string): string {
  const plain = path.replace(/\/+$/, '')
  if (!isPlain(plain)) throw new Error(`[lake] ${JSON.stringify(path)} lies outside the lake.`)
  return [prefix, plain].filter((part) => part !== '').join('/')
}

/** A query string in a path would be taken as settings by DuckDB. */
function isPlain(path: string): boolean {
  return (
    path === '' ||
    (!/[\\?#]/.test(path) && path.split('/').every((part) => part !== '' && part !== '.' && part !== '..'))
  )
}
