import { levelsOf } from '../amount-levels.ts'
import { establishedBy, isEstablished } from './beneficiary-established.ts'
import { quiet, raised, type Signal, unknown } from './signal.ts'

/** Of a small payment: a landlady on an island is paid like that as well. */
const ofSmallPayment = 0.5

/**
 * An account in a country that this person never acts from. Hardly one transfer in ten crosses a border, and 43 % of the
 * stolen value does (EBA and ECB, Report on payment fraud 2024): the odds are seven times as high. It counts until the payee has
 * been paid for 90 days, since the second instalment crosses the border like the first, and not where others have long paid.
 */
export const beneficiaryAbroad: Signal = {
  code: 'BENEFICIARY_ABROAD',
  family: 'payment',
  defaultWeight: 18,
  source: 'site',
  reads: [
    'payee',
    'payee.known',
    'payee.opened_at',
    'payee.country',
    'payee.country_known',
    'amount.judged',
    'amount.currency',
    ...establishedBy,
  ],
  unit: 'to a payee not known, or first paid within 90 days, whom nobody else has long paid: in full from the small level of the currency on, half below it',
  unknownMeans: 'the event does not say in which country the payee’s account is, or where the person is',
  appliesTo: ['money_out'],
  evaluate: (facts, limits) => {
    const { 'payee.country': country, 'payee.country_known': isKnown } = facts
    if (facts.payee === null) return unknown('payee')
    if (facts['payee.known'] && facts['payee.opened_at'] === null) return quiet
    if (isEstablished(facts)) return quiet
    if (isKnown === null) return unknown('payee.country')
    if (isKnown) return quiet
    const { 'amount.judged': judged, 'amount.currency': currency } = facts
    const isSmall = judged === null || currency === null || judged < levelsOf(currency, limits).small
    return raised(
      isSmall ? ofSmallPayment : 1,
      `The payee’s account is in ${country}, from where this person has not acted.`,
    )
  },
}
