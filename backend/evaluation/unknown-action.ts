import type { NormalisedEvent } from '#contract/normalised-event'
import { nearestActions } from '../risk/nearest-actions.ts'
import { isMapped, type Policy } from '../risk/policy.ts'

/** Actions whose name the policy doesn't know, and what their sender is told. */

/** Whether nothing says what the event does: no row of the policy, nor an amount or a payee, by which it would be a payment. */
export const namesNothing = (
  policy: Policy,
  { action, amount, payee }: Pick<NormalisedEvent, 'action' | 'amount' | 'payee'>,
): boolean => amount === null && payee === null && !isMapped(policy, action)

/** The names that may have been meant, as a sentence. */
export const whatIsKnown = (policy: Policy, action: string): string => {
  const known = Object.keys(policy.actions)
  const nearest = nearestActions(action, known)
  return nearest.length > 0 ? `The nearest: ${nearest.join(', ')}.` : `It knows ${some(known)}.`
}

const namesShown = 20
const some = (names: readonly string[]): string =>
  names.length > namesShown
    ? `${names.slice(0, namesShown).join(', ')} and ${names.length - namesShown} more`
    : names.join(', ') || 'none yet'
