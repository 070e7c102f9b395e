import { createHash } from 'node:crypto'
import type { Deps } from '../../deps.ts'
import type { AdminAccount } from '../../org/admin-account.ts'
import { readNamedCookie, writeCookie } from './login-cookie.ts'
import { isSignatureOf, signatureOf } from './signed-text.ts'

/**
 * A browser from which somebody has logged in to an account before (OWASP, *Slow Down Online Guessing Attacks with Device
 * Cookies*). It opens nothing: it only separates its owner from strangers who guess at the same account, so that they can't
 * keep the owner out. It is bound to the account and its password, and ends with either.
 */

type DeviceDeps = Pick<Deps, 'config' | 'secrets' | 'random'>

const purpose = 'analyst-device/v1'
const idBytes = 16
const lifetimeSeconds = 180 * 86_400

/** One cookie an account, so that two analysts at one machine don't take each other's away. */
const nameFor = (email: string): string =>
  `ase_device_${createHash('sha256').update(email).digest('hex').slice(0, 12)}`

/** A new password has a new salt. */
const boundTo = (account: AdminAccount, id: string): string[] => [
  account.org_id,
  account._id,
  account.password_scrypt.salt,
  id,
]

/** A `Set-Cookie` for whoever has just logged in: a device of its own each time. */
export const issueDeviceCookie = ({ config, secrets, random }: DeviceDeps, account: AdminAccount): string => {
  const id = random(idBytes).toString('base64url')
  const value = `${id}.${signatureOf(secrets, purpose, boundTo(account, id))}`
  return writeCookie(config, { name: nameFor(account.email), value, maxAgeSeconds: lifetimeSeconds })
}

const shape = /^([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/

/** The id of the device that a request comes from, or null for a stranger's. `account`: null when there is none. */
export const deviceOf = (
  { config, secrets }: Pick<Deps, 'config' | 'secrets'>,
  attempt: { email: string; account: AdminAccount | null; cookies: string | undefined },
): string | null => {
  const value = readNamedCookie(config, nameFor(attempt.email), attempt.cookies)
  const [, id, signature] = shape.exec(value ?? '') ?? []
  if (id === undefined || signature === undefined || attempt.account === null) return null
  return isSignatureOf(secrets, purpose, boundTo(attempt.account, id), signature) ? id : null
}
