import { hourMs } from '#contract/durations'
import type { NormalisedEvent } from '#contract/normalised-event'

/** An address that was changed this recently may be the attacker's: it can't confirm alone. */
const freshAddressHours = 72

/**
 * Where a code may go, or null. The address on file before this action; if it was changed within 72 hours, the one
 * before it; never an address from the browser or one that this action sets.
 */
export const mailboxFor = (event: NormalisedEvent, now: number): string | null => {
  const { email, email_changed_at: changedAt, previous_email: previous } = event.user
  const isFresh = changedAt !== null && now - changedAt < freshAddressHours * hourMs
  return isFresh ? previous : email
}

/** `ana@example.com` → `a•••@example.com`: enough to recognise one's own, too little to learn one. */
export const maskMailbox = (address: string): string => {
  const at = address.lastIndexOf('@')
  return `${address.slice(0, 1)}•••${address.slice(at)}`
}
