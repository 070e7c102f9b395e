import type { NormalisedEvent } from '#contract/normalised-event'
import { AppError } from '../errors.ts'
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

/** Nobody can say what it does, and letting it through would be a guess: a wrong name must not be a way past us. */
export const unknownAction = (policy: Policy, action: string): AppError => {
  const names = whatIsKnown(policy, action)
  return new AppError(
    'action_unknown',
    `The policy doesn't know the action ${action}. ${names} Correct the name (GET /actions lists all), or map your own: POST /policies with {"note": "…", "changes": {"actions": {"${action}": {"family": "…", "sensitivity": "…", "wording": "generic", "required": [], "floor": "low"}}}} and publish it, or npm run ase -- action map --name ${action} --family ….`,
    { errors: [{ path: 'action', message: `is no action of the policy. ${names}` }] },
  )
}

const namesShown = 20
const some = (names: readonly string[]): string =>
  names.length > namesShown
    ? `${names.slice(0, namesShown).join(', ')} and ${names.length - namesShown} more`
    : names.join(', ') || 'none yet'
