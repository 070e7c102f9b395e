import { dayMs } from '#contract/durations'
import { levelsOf } from '../amount-levels.ts'
import { worded } from '../counted.ts'
import { crowdBy, crowdSeen, isCrowdSeen } from './crowd.ts'
import { quiet, raised, type Signal, unknown } from './signal.ts'

const youngDays = 30
/** The first other payer is half of it; three are all. */
const payersWhenCertain = 3
/** The most that it is worth for a small payment. */
const ofSmallPayment = 0.4

/**
 * Several people have sent money to an account that nobody paid a month ago: this is how a mule account begins, and a gym.
 * So it asks and never blocks: it is in the payment family, whose cap a new payee and a high amount fill. It weighs little
 * for a small payment: nobody collects twenties from a street. In an engine's first weeks every utility looks like this.
 */
export const mulePattern: Signal = {
  code: 'MULE_PATTERN',
  family: 'payment',
  defaultWeight: 24,
  source: 'memory',
  reads: ['payee', 'payee.known', 'payee.other_payers', 'amount.judged', 'amount.currency', ...crowdBy],
  unit: `other people who paid a payee first paid within ${youngDays} days, where ${crowdSeen}: the first is half, ${payersWhenCertain} are all; below the small level of the currency at most ${ofSmallPayment}`,
  unknownMeans: 'the event names no payee',
  appliesTo: ['money_out'],
  evaluate: (facts, limits) => {
    if (facts.payee === null) return unknown('payee')
    const { 'payee.first_seen_in_org': firstPaidAt, 'payee.other_payers': payers } = facts
    const isYoung = firstPaidAt !== null && facts.now - firstPaidAt < youngDays * dayMs
    if (facts['payee.known'] || !isYoung || payers === null || payers === 0) return quiet
    if (!isCrowdSeen(facts, payers)) return quiet
    const { 'amount.judged': judged, 'amount.currency': currency } = facts
    const isSmall = judged !== null && currency !== null && judged < levelsOf(currency, limits).small
    return raised(
      Math.min(isSmall ? ofSmallPayment : 1, (payers + 1) / (payersWhenCertain + 1)),
      `${worded(payers, 'One other person has', `${payers} other people have`)} paid this payee, whom nobody had paid before this month.`,
    )
  },
}
