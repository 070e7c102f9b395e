import { levelsOf } from '../amount-levels.ts'
import type { Facts } from '../facts/all-facts.ts'
import type { Limits } from '../policy.ts'
import { hasHistory } from './amount-highness.ts'
import { shareBetween } from './severity.ts'
import { everyFamily, quiet, raised, type Signal } from './signal.ts'

/** So far below the small level a payment is as slight as any. */
const slightFactor = 20

/**
 * As long as nobody knows what is usual for this person, a small payment's sensitivity fades below the small level: most lie
 * there, and would all be equal.
 */
const byAmount = (facts: Facts, limits: Limits): number => {
  const { 'action.family': family, 'amount.judged': judged, 'amount.currency': currency } = facts
  if (family !== 'money_out' || judged === null || currency === null) return 1
  if (hasHistory(facts['amount.usual'], limits)) return 1
  const { small } = levelsOf(currency, limits)
  return shareBetween(judged, small / slightFactor, small)
}

/** The action by itself, before anything is known about the person. The policy sets its severity. */
export const actionSensitive: Signal = {
  code: 'ACTION_SENSITIVE',
  family: 'policy',
  defaultWeight: 62,
  source: 'policy',
  reads: [
    'action.name',
    'action.mapped',
    'action.family',
    'action.sensitivity',
    'action.base',
    'amount.judged',
    'amount.currency',
    'amount.usual',
  ],
  unit: 'share of the weight, by family and sensitivity; where usual amounts are not known, a payment’s fades from the small level of the currency to a twentieth of it',
  unknownMeans: 'cannot be unknown',
  appliesTo: everyFamily,
  evaluate: (facts, limits) => {
    const base = facts['action.base'] * byAmount(facts, limits)
    if (base === 0) return quiet
    const { 'action.name': name, 'action.family': family, 'action.sensitivity': sensitivity } = facts
    return raised(
      base,
      facts['action.mapped']
        ? `To the policy, ${name} (${family}) is an action of ${sensitivity} sensitivity.`
        : `The policy doesn't know ${name}; it is scored as ${family} of ${sensitivity} sensitivity.`,
    )
  },
}
