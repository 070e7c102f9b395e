import { dayMs } from '#contract/durations'
import { counted } from '../counted.ts'
import { establishedBy, isEstablished } from './beneficiary-established.ts'
import { quiet, raised, type Signal, unknown } from './signal.ts'

/** A second payment may be a correction; a third within the day hardly is. */
const ofSecond = 0.4

/**
 * Several payments within a day to an account that this person had never paid before. Who is robbed on the phone pays again
 * at once, and so does a thief who has got in: 252,626 cases of 2023 had 417,583 payments (UK Finance, Annual Fraud Report
 * 2024). It counts payments and not money: TRANSACTION_AMOUNT_HIGH has their sum.
 */
export const beneficiaryRepeated: Signal = {
  code: 'BENEFICIARY_REPEATED',
  family: 'payment',
  defaultWeight: 20,
  source: 'memory',
  reads: ['payee', 'payee.opened_at', 'payee.day_count', 'now', ...establishedBy],
  unit: `payments within 24 hours to a payee first paid within them: the second ${ofSecond}, from the third on in full`,
  unknownMeans: 'the event names no payee',
  appliesTo: ['money_out'],
  evaluate: (facts) => {
    if (facts.payee === null) return unknown('payee')
    const { 'payee.opened_at': opened, 'payee.day_count': earlier } = facts
    if (opened === null || earlier === null || earlier === 0) return quiet
    if (facts.now - opened >= dayMs || isEstablished(facts)) return quiet
    return raised(
      earlier === 1 ? ofSecond : 1,
      `This person first paid this payee within the last 24 hours: ${counted(earlier, 'payment')} before this one.`,
    )
  },
}
