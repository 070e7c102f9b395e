import { worded } from '../counted.ts'
import { reportCountsHours, reporterAccountDays, wordOfReports } from '../payee-reports.ts'
import { quiet, raised, type Signal, unknown, unverified } from './signal.ts'

/**
 * What others said of this payee. A person's report is unverified: a few points for three days, only from accounts that are
 * old enough, and no change of the outcome by itself. The organisation's own word has full weight and sets the high tier.
 */
export const beneficiaryReported: Signal = {
  code: 'BENEFICIARY_REPORTED',
  family: 'scam',
  defaultWeight: 40,
  source: 'memory',
  reads: ['payee', 'payee.reports', 'payee.confirmed'],
  unit: `distinct reporters of the last ${reportCountsHours} hours with accounts of at least ${reporterAccountDays} days, at most ${wordOfReports(1).at_most} points for one and ${wordOfReports(2).at_most} for more; in full once confirmed`,
  unknownMeans: 'the event names no payee',
  appliesTo: ['money_out'],
  evaluate: (facts) => {
    const { payee, 'payee.reports': reports, 'payee.confirmed': confirmed } = facts
    if (payee === null || reports === null || confirmed === null) return unknown('payee')
    if (confirmed) return raised(1, 'This payee was confirmed as a scam’s.')
    if (reports === 0) return quiet
    const { severity, at_most: atMost } = wordOfReports(reports)
    const people = worded(reports, 'One person has', `${reports} people have`)
    return unverified(
      severity,
      atMost,
      `${people} reported this payee within ${reportCountsHours} hours; nobody has confirmed it.`,
    )
  },
}
