import { worded } from '../counted.ts'
import { reportCountsHours, reporterAccountDays, wordOfReports } from '../payee-reports.ts'
import { everyFamily, quiet, raised, type Signal, unknown, unverified } from './signal.ts'

/**
 * Objective signals: what the site's app or the phone network observed while the person acted. They are the facts that
 * an answer can contradict.
 */

type Observation = 'context.call_active' | 'context.remote_access' | 'context.screen_shared'

const observed = (
  code: Signal['code'],
  fact: Observation,
  sentences: { detail: string; unknownMeans: string },
): Signal => ({
  code,
  family: 'scam',
  source: 'site',
  reads: [fact],
  unit: 'yes or no, at most two minutes old',
  unknownMeans: sentences.unknownMeans,
  appliesTo: everyFamily,
  evaluate: (facts) => {
    if (facts[fact] === null) return unknown(fact)
    return facts[fact] ? raised(1, sentences.detail) : quiet
  },
})

const payeeNameMismatch: Signal = {
  code: 'PAYEE_NAME_MISMATCH',
  family: 'scam',
  source: 'site',
  reads: ['context.payee_name_match'],
  unit: 'match, close or no match',
  unknownMeans:
    'nobody compared the typed name with the account holder, or the bank of the payee does not answer',
  appliesTo: ['money_out'],
  evaluate: ({ 'context.payee_name_match': match }) => {
    if (match === null) return unknown('context.payee_name_match')
    if (match === 'no_match')
      return raised(1, 'The name typed for the payee is not the name of the account holder.')
    // A nickname or a maiden name is close; so is a name chosen to look like the right one.
    return match === 'close'
      ? raised(0.4, 'The name typed for the payee only resembles the account holder’s.')
      : quiet
  },
}

/**
 * What others said of this payee. A person's report is unverified: few points, for three days, from accounts that were not
 * made for it, and no outcome changes by it. The organisation's own word weighs in full and holds the tier high.
 */
const beneficiaryReported: Signal = {
  code: 'BENEFICIARY_REPORTED',
  family: 'scam',
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

export const scamSignals: readonly Signal[] = [
  beneficiaryReported,
  observed('CALL_ACTIVE', 'context.call_active', {
    detail: 'The person was on a phone call while acting.',
    unknownMeans:
      'the site could not see whether a call was going on; many can’t, and most calls are innocent',
  }),
  observed('REMOTE_ACCESS_ACTIVE', 'context.remote_access', {
    detail: 'A remote-access session was active on the device.',
    unknownMeans: 'the site’s app does not look for remote-access tools, or a browser can’t',
  }),
  observed('SCREEN_SHARED', 'context.screen_shared', {
    detail: 'The screen was being shared while the person acted.',
    unknownMeans: 'the site’s app does not look for screen sharing, or a browser can’t',
  }),
  payeeNameMismatch,
]
