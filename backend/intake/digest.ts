import canonicalize from 'canonicalize'
import type { ExpectedAction } from '#contract/decision'
import type { CanonicalPayee, NormalisedEvent } from '#contract/normalised-event'
import { canonicalisePayee, canonicaliseTarget } from './canonical.ts'

/**
 * Raised when a field joins or leaves the text, or is spelled by another rule, so that an old digest can never match a new
 * one by accident. 2: accounts keep their case, unless they are IBANs.
 */
const actionTextVersion = 2

export type BoundAction = {
  action: string
  user_id: string
  /** Minor units. */
  amount: number | null
  currency: string | null
  payee: CanonicalPayee | null
  target: string | null
}

/**
 * The text that a decision token is bound to: RFC 8785 (JSON Canonicalization Scheme) of the action, absent = null.
 * Its keyed digest is the token's `act`. Requirement (PSD2 RTS, Art. 5): any change of amount or payee invalidates.
 */
export function canonicalAction(bound: BoundAction): string {
  const { action, user_id, amount, currency, payee, target } = bound
  const text = canonicalize({ v: actionTextVersion, action, user_id, amount, currency, payee, target })
  if (text === undefined) throw new TypeError('an action always has a canonical form')
  return text
}

/** The canonical text of the action that an event asked about. */
export function actionOfEvent(event: NormalisedEvent): string {
  return canonicalAction({
    action: event.action,
    user_id: event.user.id,
    amount: event.amount?.value ?? null,
    currency: event.amount?.currency ?? null,
    payee: event.payee?.canonical ?? null,
    target: canonicaliseTarget(event.target),
  })
}

/** The canonical text of the action that the site is about to carry out. Missing means null, never *any*. */
export function actionOfExpected(expected: ExpectedAction): string {
  return canonicalAction({
    action: expected.action,
    user_id: expected.user_id,
    amount: expected.amount ?? null,
    currency: expected.currency ?? null,
    payee: canonicalisePayee(expected.payee),
    target: canonicaliseTarget(expected.target),
  })
}
