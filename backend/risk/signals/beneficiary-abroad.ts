import { levelsOf } from '../amount-levels.ts'
import { quiet, raised, type Signal, unknown } from './signal.ts'

/**
 * An account in a country that this person never acts from. Hardly one transfer in ten crosses a border, and 43 % of the
 * stolen value does (EBA and ECB, Report on payment fraud 2024). Only beside a payee not known, and not of small payments:
 * a landlady on an island is paid like that as well.
 */
export const beneficiaryAbroad: Signal = {
  code: 'BENEFICIARY_ABROAD',
  family: 'payment',
  defaultWeight: 10,
  source: 'site',
  reads: ['payee', 'payee.known', 'payee.country', 'payee.country_known', 'amount.judged', 'amount.currency'],
  unit: 'yes or no, from the small level of the currency on',
  unknownMeans: 'the event does not say in which country the payee’s account is, or where the person is',
  appliesTo: ['money_out'],
  evaluate: (facts, limits) => {
    const { 'payee.country': country, 'payee.country_known': isKnown } = facts
    if (facts.payee === null) return unknown('payee')
    if (facts['payee.known']) return quiet
    if (isKnown === null) return unknown('payee.country')
    const { 'amount.judged': judged, 'amount.currency': currency } = facts
    const isSmall = judged === null || currency === null || judged < levelsOf(currency, limits).small
    return isKnown || isSmall
      ? quiet
      : raised(1, `The payee’s account is in ${country}, from where this person has not acted.`)
  },
}
