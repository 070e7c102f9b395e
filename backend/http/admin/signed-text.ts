import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Secrets } from '../../secrets.ts'

/**
 * Small texts that a browser keeps for us and can't change. The key derives from the newest master key: after a rotation
 * they count no more, which costs whoever holds one a wait, never an entry.
 */

const macBytes = 32

const macOf = (secrets: Pick<Secrets, 'derive'>, purpose: string, parts: readonly string[]): Buffer =>
  createHmac('sha256', secrets.derive(`signed-text/${purpose}`, macBytes))
    .update(JSON.stringify(parts))
    .digest()

/** The signature of `parts`, for `purpose` alone. base64url. */
export const signatureOf = (
  secrets: Pick<Secrets, 'derive'>,
  purpose: string,
  parts: readonly string[],
): string => macOf(secrets, purpose, parts).toString('base64url')

/** Whether a signature is that of `parts`. Takes the same time whatever differs. */
export const isSignatureOf = (
  secrets: Pick<Secrets, 'derive'>,
  purpose: string,
  parts: readonly string[],
  signature: string,
): boolean => {
  const given = Buffer.from(signature, 'base64url')
  return given.length === macBytes && timingSafeEqual(given, macOf(secrets, purpose, parts))
}
