/** What S3 says when it does not do as it was asked, told so that one knows which setting to look at. */

/** The bucket cannot be reached or does not let us in. */
export class StorageUnavailable extends Error {
  override readonly name = 'StorageUnavailable'
}

const WRONG_KEY = new Set([
  'AccessDenied',
  'Forbidden',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
])
const WRONG_REGION = new Set([
  'PermanentRedirect',
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
])

/** The same failure as a StorageUnavailable where its reason is known; `where` names lake and endpoint, never a key. */
export function explained(error: unknown, where: string): unknown {
  if (!(error instanceof Error)) return error
  const status = statusOf(error)
  const advice = adviceOn(error, status)
  return advice === undefined ? error : new StorageUnavailable(`[lake] ${where} ${advice}`, { cause: error })
}

function adviceOn(error: Error, status: number | undefined): string | undefined {
  if (error.name === 'NoSuchBucket')
    return 'names a bucket that is not there; make it, or correct SAYDO_LAKE.'
  if (WRONG_KEY.has(error.name) || status === 401 || status === 403)
    return `refuses the key (${error.name}); check SAYDO_S3_KEY_ID, SAYDO_S3_SECRET and what the key may do.`
  if (WRONG_REGION.has(error.name) || status === 301)
    return `is in another region (${error.name}); check SAYDO_S3_REGION.`
  const code = networkCode(error)
  if (code !== undefined && status === undefined)
    return `does not answer (${code}); check SAYDO_S3_ENDPOINT and the network.`
  if (status === undefined) return undefined
  return status >= 500
    ? `fails (${error.name}, ${status}); try again later.`
    : `refuses (${error.name}, ${status}); check SAYDO_LAKE, SAYDO_S3_KEY_ID and SAYDO_S3_SECRET.`
}

function statusOf(error: Error): number | undefined {
  const { $metadata: metadata } = error as { $metadata?: { httpStatusCode?: number } }
  return metadata?.httpStatusCode
}

/** `ECONNREFUSED` and the like, also of a host with several addresses. */
function networkCode(error: Error): string | undefined {
  if (error.name === 'TimeoutError') return 'timeout'
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** Whether S3 said that there is no such file. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && (error.name === 'NoSuchKey' || error.name === 'NotFound')
}

/** Whether S3 said that the file is there already; `again` when another writer is at work on it. */
export function conflictOf(error: unknown): 'exists' | 'again' | undefined {
  if (!(error instanceof Error)) return undefined
  const status = statusOf(error)
  if (status === 412) return 'exists'
  return status === 409 ? 'again' : undefined
}
