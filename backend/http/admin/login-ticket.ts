import { secondMs } from '#contract/durations'
import type { Deps } from '../../deps.ts'
import { isSignatureOf, signatureOf } from './signed-text.ts'

/**
 * A place in time: with it, a try at an account that many guess at is judged, but not before a moment. Waiting costs us
 * nothing, because the browser does it, so nobody can fill up the room that others would wait in. A ticket says nothing of
 * whether there is such an account, and is good for one try.
 */

const purpose = 'login-ticket/v1'
const idBytes = 12
/** How long after its moment a ticket may be used. */
export const ticketLifetimeSeconds = 600

export type Ticket = { id: string; not_before: number }

export const issueTicket = (
  { secrets, random }: Pick<Deps, 'secrets' | 'random'>,
  email: string,
  notBefore: number,
): string => {
  const id = random(idBytes).toString('base64url')
  return `${id}.${notBefore}.${signatureOf(secrets, purpose, [email, id, String(notBefore)])}`
}

const shape = /^([A-Za-z0-9_-]{16})\.([0-9]{1,15})\.([A-Za-z0-9_-]{43})$/

/** A ticket of ours for this address that is not too old; null for anything else. */
export const readTicket = (
  { secrets }: Pick<Deps, 'secrets'>,
  email: string,
  text: string,
  now: number,
): Ticket | null => {
  const [, id, moment, signature] = shape.exec(text) ?? []
  if (id === undefined || moment === undefined || signature === undefined) return null
  if (!isSignatureOf(secrets, purpose, [email, id, moment], signature)) return null
  const notBefore = Number(moment)
  return now < notBefore + ticketLifetimeSeconds * secondMs ? { id, not_before: notBefore } : null
}
