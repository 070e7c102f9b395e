import canonicalize from 'canonicalize'
import { type BoundField, boundField, type ExpectedAction } from '#contract/decision'
import type { CanonicalPayee, NormalisedEvent } from '#contract/normalised-event'
import { canonicalisePayee, canonicaliseTarget } from './canonical.ts'

/**
 * Raised when a field joins or leaves the text, or its spelling changes: an old digest then never equals a new one.
 * Version 2: accounts keep their case, except IBANs.
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
 * The text that a decision token is bound to: the action in RFC 8785 (JSON Canonicalization Scheme), absent fields null.
 * Its keyed digest is the token's claim `act`. Requirement (PSD2 RTS, Art. 5): any change of amount or payee invalidates.
 */
function canonicalAction(bound: BoundAction): string {
  const { action, user_id, amount, currency, payee, target } = bound
  const text = canonicalize({ v: actionTextVersion, action, user_id, amount, currency, payee, target })
  if (text === undefined) throw new TypeError('an action always has a canonical form')
  return text
}

/** The action that an event asked about. */
export const boundByEvent = (event: NormalisedEvent): BoundAction => ({
  action: event.action,
  user_id: event.user.id,
  amount: event.amount?.value ?? null,
  currency: event.amount?.currency ?? null,
  payee: event.payee?.canonical ?? null,
  target: canonicaliseTarget(event.target),
})

/** The action that the site is about to carry out. A missing field is null; it never matches anything else. */
export const boundByExpected = (expected: ExpectedAction): BoundAction => ({
  action: expected.action,
  user_id: expected.user_id,
  amount: expected.amount ?? null,
  currency: expected.currency ?? null,
  payee: canonicalisePayee(expected.payee),
  target: canonicaliseTarget(expected.target),
})

/** The canonical text of the action that an event asked about. */
export const actionOfEvent = (event: NormalisedEvent): string => canonicalAction(boundByEvent(event))

/** The canonical text of the action that the site is about to carry out. */
export const actionOfExpected = (expected: ExpectedAction): string =>
  canonicalAction(boundByExpected(expected))

const leaves: Record<BoundField, (bound: BoundAction) => string | number | null> = {
  action: ({ action }) => action,
  user_id: ({ user_id }) => user_id,
  amount: ({ amount }) => amount,
  currency: ({ currency }) => currency,
  'payee.id': ({ payee }) => payee?.id ?? null,
  'payee.name': ({ payee }) => payee?.name ?? null,
  'payee.account': ({ payee }) => payee?.account ?? null,
  'payee.country': ({ payee }) => payee?.country ?? null,
  target: ({ target }) => target,
}

/**
 * Which fields differ between two actions, to tell an integrator where to look. Whether two actions are the same is decided
 * by the digest alone.
 */
export const differingFields = (evaluated: BoundAction, expected: BoundAction): BoundField[] =>
  boundField.options.filter((field) => leaves[field](evaluated) !== leaves[field](expected))
