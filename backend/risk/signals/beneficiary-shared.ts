import { dayMs } from '#contract/durations'
import { crowdBy, crowdSeen, isCrowdSeen } from './crowd.ts'
import { quiet, raised, type Signal, unknown } from './signal.ts'

const daysOfNewness = 7
const usersUntilShared = 3
const usersWhenCertain = 6

/**
 * A mule account begins with many payers at once. So does a gym that opens. Therefore the weight alone asks one question
 * and, under the family's cap, never blocks anybody.
 */
export const beneficiaryShared: Signal = {
  code: 'BENEFICIARY_SHARED',
  family: 'payment',
  defaultWeight: 12,
  source: 'memory',
  reads: ['payee', 'payee.known', 'payee.other_users_week', ...crowdBy],
  unit: `other people within ${daysOfNewness} days to a payee that nobody paid before, where ${crowdSeen}: from ${usersUntilShared} on half, from ${usersWhenCertain} on in full`,
  unknownMeans: 'the event names no payee',
  appliesTo: ['money_out'],
  evaluate: (facts) => {
    if (facts.payee === null) return unknown('payee')
    const firstSeen = facts['payee.first_seen_in_org']
    const users = facts['payee.other_users_week'] ?? 0
    const isNew = firstSeen === null || facts.now - firstSeen < daysOfNewness * dayMs
    if (facts['payee.known'] || !isNew || users < usersUntilShared) return quiet
    if (!isCrowdSeen(facts, users)) return quiet
    return raised(
      Math.min(1, users / usersWhenCertain),
      `${users} other people have tried to pay this payee, whom nobody had paid before this week.`,
    )
  },
}
