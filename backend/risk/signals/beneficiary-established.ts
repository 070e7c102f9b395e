import { dayMs } from '#contract/durations'
import { counted } from '../counted.ts'
import type { FactName, Facts } from '../facts/all-facts.ts'
import { quiet, raised, type Signal, unknown } from './signal.ts'

/** A rented account is used for weeks: two months without a word against it are more than most live. */
const leastDays = 60
/** Others whose first payment is a month old. Each would have had time to say that they were cheated. */
const fewPayers = 2
const manyPayers = 4

/** What says whether a payee is established. */
export const establishedBy: readonly FactName[] = [
  'payee.first_seen_in_org',
  'payee.long_standing_payers',
  'payee.confirmed',
  'now',
]

/** Whether others have paid for long, and nobody has confirmed a scam. */
export const isEstablished = (facts: Facts): boolean => {
  const firstPaidAt = facts['payee.first_seen_in_org']
  return (
    firstPaidAt !== null &&
    facts.now - firstPaidAt >= leastDays * dayMs &&
    (facts['payee.long_standing_payers'] ?? 0) >= fewPayers &&
    facts['payee.confirmed'] !== true
  )
}

/**
 * A utility, a tax office, the dentist of the whole street: new to this person, and to nobody else. It takes back what
 * BENEFICIARY_NEW raised, and nothing beside it: an amount that is much for this person stays much. Beside any signal of a
 * scam it takes back nothing.
 */
export const beneficiaryEstablished: Signal = {
  code: 'BENEFICIARY_ESTABLISHED',
  family: 'payment',
  defaultWeight: 22,
  relieves: 'BENEFICIARY_NEW',
  source: 'memory',
  reads: ['payee', 'payee.known', ...establishedBy],
  unit: `takes points back: other people who first paid at least 30 days ago, to a payee of at least ${leastDays} days, ${fewPayers} for half of what BENEFICIARY_NEW raised and ${manyPayers} for all`,
  unknownMeans: 'the event names no payee',
  appliesTo: ['money_out'],
  evaluate: (facts) => {
    if (facts.payee === null) return unknown('payee')
    if (facts['payee.known'] || !isEstablished(facts)) return quiet
    const payers = facts['payee.long_standing_payers'] ?? 0
    const days = Math.floor((facts.now - (facts['payee.first_seen_in_org'] ?? facts.now)) / dayMs)
    return raised(
      Math.min(1, payers / manyPayers),
      `This payee was first paid ${counted(days, 'day')} ago, and ${payers} other people began to pay them over a month ago.`,
    )
  },
}
