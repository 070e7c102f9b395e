import { dayMs } from '#contract/durations'
import type { FactName, Facts } from '../facts/all-facts.ts'

/** What is remembered of a person has to reach back so far to say that a payee is new. */
const leastDays = 30
/** So many people in so few days are a crowd, whatever the past. */
const burstPeople = 6
const burstDays = 2

/** When a crowd counts, in the words of a table. */
export const crowdSeen = `what is remembered of the person is older, and ${leastDays} days old, or ${burstPeople} came in ${burstDays} days`

/** What says whether a crowd at a payee means anything. */
export const crowdBy: readonly FactName[] = ['payee.first_seen_in_org', 'profile.first_paid_at', 'now']

/**
 * Whether it says anything that a payee is new here. In an engine's first weeks every utility is. So what is remembered of this
 * person has to reach back a month, and to before the payee's first payment, or the crowd has come within two days.
 */
export const isCrowdSeen = (facts: Facts, people: number): boolean => {
  const { 'payee.first_seen_in_org': firstPaidAt, 'profile.first_paid_at': since } = facts
  const reachesBack = since !== null && facts.now - since >= leastDays * dayMs
  if (reachesBack && (firstPaidAt === null || since < firstPaidAt)) return true
  return people >= burstPeople && (firstPaidAt === null || facts.now - firstPaidAt < burstDays * dayMs)
}
