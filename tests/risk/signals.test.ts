import { describe, expect, test } from 'vitest'
import type { NormalisedEvent } from '#contract/normalised-event'
import { type SignalCode, signalCode } from '#contract/outcome'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { factsOf } from '../../backend/risk/facts/all-facts.ts'
import { type PayeeReputation, unknownPayee } from '../../backend/risk/payee-reputation.ts'
import type { Profile } from '../../backend/risk/profile.ts'
import { allSignals } from '../../backend/risk/signals/all-signals.ts'
import { ana, dayMs, event, hourMs, learn, nobody, now, payment, recordAttempt } from './events.ts'

const find = (
  code: SignalCode,
  asked: NormalisedEvent,
  profile: Profile = ana,
  payee_reputation: PayeeReputation = unknownPayee,
) => {
  const input = { event: asked, event_id: 'evt_now', profile, payee_reputation, policy: defaultPolicy, now }
  const facts = factsOf(input)
  const finding = allSignals.find((signal) => signal.code === code)?.evaluate(facts, defaultPolicy.limits)
  if (finding?.state === 'raised') return Math.round(finding.severity * 100) / 100
  return finding?.state === 'unknown' ? finding.missing.join() : 'quiet'
}

const busy = (attempts: number, minutesAgo: number): Profile =>
  Array.from({ length: attempts }, (_, i) => i).reduce(
    (profile, i) =>
      recordAttempt(
        profile,
        event({ action: 'login', occurred_at: now - minutesAgo * 60_000 }),
        `evt_${i}`,
        now,
      ),
    ana,
  )

const paidYesterday = learn(ana, payment(100, 'new', { occurred_at: now - dayMs }), 'evt_1', now)
/** Ana's browser was here before, and named itself. */
const browsing = learn(ana, event({ device: { id: null }, keys: { device: 'chrome' } }), 'evt_browser', now)
const sent = (value: number, payee: string): Profile =>
  recordAttempt(ana, payment(value, payee, { occurred_at: now - hourMs }), 'evt_1', now)

const addedAgo = (days: number): NormalisedEvent => {
  const asked = payment(2_000, 'new')
  return { ...asked, payee: asked.payee && { ...asked.payee, added_at: now - days * dayMs } }
}

const inLisbon = { lat: 38.72, lon: -9.14 }
const inMadrid = { lat: 40.42, lon: -3.7 }
const inNewYork = { lat: 40.71, lon: -74.01 }
/** Ana, last seen in Madrid some hours ago. New York is 5,768 km away, Lisbon 502. */
const inMadridAgo = (hours: number): Profile =>
  learn(
    ana,
    event({ action: 'login', location: inMadrid, occurred_at: now - hours * hourMs }),
    'evt_madrid',
    now,
  )

const zone = (time_zone: string) => ({ telemetry: { time_zone } })
/** Ten days of log-ins at ten in the morning in Sevilla, from a browser that names its zone. */
const withZone = (days: number): Profile =>
  Array.from({ length: days }, (_, i) => i).reduce(
    (profile, i) =>
      learn(
        profile,
        event({ action: 'login', occurred_at: now - (i + 1) * dayMs, ...zone('Europe/Madrid') }),
        `evt_z${i}`,
        now,
      ),
    nobody,
  )
const atHour = (hour: number, changes: Parameters<typeof event>[0] = {}) =>
  event({ occurred_at: now + (hour - 10) * hourMs - dayMs, ...changes })

/** Payments of the last hours to payees that are not known; Ana's largest usual amount is 253.74. */
const sentEach = (...values: number[]): Profile =>
  values.reduce(
    (profile, value, i) =>
      recordAttempt(
        profile,
        payment(value, `new_${i}`, { occurred_at: now - (i + 1) * hourMs }),
        `evt_s${i}`,
        now,
      ),
    ana,
  )
/** Out of what the site would let through, both in cents. */
const ofLimit = (value: number, amount_limit: number, payee = 'new') =>
  payment(value, payee, { amount_limit })
const onForm = (dwell_ms: number | null, payee_pasted: boolean | null = null, payee = 'new') =>
  payment(15_000, payee, { telemetry: { dwell_ms, payee_pasted } })

const crowd = (other_users_week: number, daysAgo: number | null = 1): PayeeReputation => ({
  ...unknownPayee,
  first_paid_at: daysAgo === null ? null : now - daysAgo * dayMs,
  other_users_week,
})
/** Paid for so many days, by so many others who began over a month ago if it is long enough. */
const paidBy = (payers: number, days = 90): PayeeReputation => ({
  ...unknownPayee,
  first_paid_at: now - days * dayMs,
  days_seen: days,
  other_payers: payers,
  long_standing_payers: days < 30 ? 0 : payers,
})
const inCountry = (country: string, value: number, payee = 'new') => {
  const asked = payment(value, payee)
  const { payee: named } = asked
  return { ...asked, payee: named && { ...named, canonical: { ...named.canonical, country } } }
}
const lithuanian = (value: number, payee?: string) => inCountry('LT', value, payee)
/** A payee of so many days who got these amounts, one every seven days. */
const warmed = (days: number, ...values: number[]): Profile =>
  values.reduce(
    (profile, value, i) =>
      learn(
        profile,
        payment(value, 'lover', { occurred_at: now - (days - 7 * i) * dayMs }),
        `evt_w${i}`,
        now,
      ),
    ana,
  )
/** What the lover got today, an hour apart. */
const paidToday = (...values: number[]): Profile =>
  values.reduce((profile, value, i) => {
    const at = now - (i + 1) * hourMs
    return learn(profile, payment(value, 'lover', { occurred_at: at }), `evt_d${i}`, at)
  }, ana)
/** A phone that Ana's account was signed in from, so many hours ago. */
const signedInFrom = (hoursAgo: number): Profile => {
  const at = now - hoursAgo * hourMs
  return learn(ana, event({ action: 'login', occurred_at: at, ...otherPhone }), 'evt_in', at)
}
const otherPhone = { device: { id: 'other' }, keys: { device: 'other' } }
const reported = (reports: number): PayeeReputation => ({ ...unknownPayee, reports })

/** What is asked → severity, `quiet`, or the missing facts of an unknown. */
const rows: [SignalCode, string, NormalisedEvent, number | string, Profile?, PayeeReputation?][] = [
  ['ACTION_SENSITIVE', 'an ordinary transfer', payment(1, 'new'), 0.08],
  ['ACTION_SENSITIVE', 'a change of e-mail', event({ action: 'change_email' }), 1],
  ['ACTION_SENSITIVE', 'an action nobody mapped', event({ action: 'water_plants' }), 0.3],

  ['BENEFICIARY_NEW', 'no payee', payment(1, null), 'payee'],
  ['BENEFICIARY_NEW', 'a payee paid for a year', payment(1, 'landlord'), 'quiet'],
  ['BENEFICIARY_NEW', 'a payee never paid, and a small amount', payment(10_000, 'new'), 0.45],
  ['BENEFICIARY_NEW', 'the small level', payment(20_000, 'new'), 0.73],
  ['BENEFICIARY_NEW', 'twice the small level', payment(40_000, 'new'), 1],
  ['BENEFICIARY_NEW', 'no amount at all', event({ action: 'add_payee', keys: { payee: 'new' } }), 1],
  [
    'BENEFICIARY_NEW',
    'a payee that got one euro yesterday: a trial payment softens nothing',
    payment(40_000, 'new'),
    1,
    paidYesterday,
  ],
  ['BENEFICIARY_NEW', 'any payee of somebody new', payment(40_000, 'landlord'), 1, nobody],
  ['BENEFICIARY_NEW', 'a payee added 29 days ago', addedAgo(29), 0.33],
  ['BENEFICIARY_NEW', 'a payee added 30 days ago', addedAgo(30), 0.23],

  ['BENEFICIARY_ESTABLISHED', 'no payee', payment(1, null), 'payee'],
  ['BENEFICIARY_ESTABLISHED', 'a payee nobody ever paid', payment(1, 'new'), 'quiet'],
  ['BENEFICIARY_ESTABLISHED', 'one other payer', payment(1, 'new'), 'quiet', ana, paidBy(1)],
  ['BENEFICIARY_ESTABLISHED', 'two', payment(1, 'new'), 0.5, ana, paidBy(2)],
  ['BENEFICIARY_ESTABLISHED', 'four', payment(1, 'new'), 1, ana, paidBy(4)],
  ['BENEFICIARY_ESTABLISHED', 'thirty', payment(1, 'new'), 1, ana, paidBy(30)],
  ['BENEFICIARY_ESTABLISHED', 'thirty within two months', payment(1, 'new'), 'quiet', ana, paidBy(30, 59)],
  [
    'BENEFICIARY_ESTABLISHED',
    'thirty, and a confirmed scam',
    payment(1, 'new'),
    'quiet',
    ana,
    { ...paidBy(30), confirmed: true },
  ],
  ['BENEFICIARY_ESTABLISHED', 'one’s own landlord', payment(1, 'landlord'), 'quiet', ana, paidBy(30)],

  ['BENEFICIARY_ABROAD', 'no payee', payment(1, null), 'payee'],
  ['BENEFICIARY_ABROAD', 'a payee without a country', payment(20_000, 'new'), 'payee.country'],
  ['BENEFICIARY_ABROAD', 'an account at home', inCountry('ES', 20_000), 'quiet'],
  ['BENEFICIARY_ABROAD', 'an account in another country', lithuanian(20_000), 1],
  ['BENEFICIARY_ABROAD', 'a small payment there', inCountry('LT', 19_999), 0.5],
  [
    'BENEFICIARY_ABROAD',
    'the next instalment there',
    lithuanian(30_000, 'lover'),
    1,
    warmed(10, 19_000, 19_000),
  ],
  ['BENEFICIARY_ABROAD', 'a family that is paid for months', lithuanian(30_000, 'landlord'), 'quiet'],
  [
    'BENEFICIARY_ABROAD',
    'a shop there that others have long paid',
    lithuanian(30_000),
    'quiet',
    ana,
    paidBy(2),
  ],
  ['BENEFICIARY_ABROAD', 'a known payee there', inCountry('LT', 20_000, 'landlord'), 'quiet'],

  ['MULE_PATTERN', 'no payee', payment(1, null), 'payee'],
  ['MULE_PATTERN', 'a payee nobody ever paid', payment(50_000, 'new'), 'quiet'],
  ['MULE_PATTERN', 'one other payer of this month', payment(50_000, 'new'), 0.5, ana, paidBy(1, 5)],
  ['MULE_PATTERN', 'two', payment(50_000, 'new'), 0.75, ana, paidBy(2, 5)],
  [
    'MULE_PATTERN',
    'four, to somebody of whom nothing is known',
    payment(50_000, 'new'),
    'quiet',
    nobody,
    paidBy(4, 5),
  ],
  ['MULE_PATTERN', 'six within a day, to the same', payment(50_000, 'new'), 1, nobody, paidBy(6, 1)],
  ['MULE_PATTERN', 'four', payment(50_000, 'new'), 1, ana, paidBy(4, 5)],
  ['MULE_PATTERN', 'eight', payment(50_000, 'new'), 1, ana, paidBy(8, 0)],
  ['MULE_PATTERN', 'eight, and a small payment', payment(19_999, 'new'), 0.4, ana, paidBy(8, 5)],
  ['MULE_PATTERN', 'a payee of last month', payment(50_000, 'new'), 'quiet', ana, paidBy(8, 30)],
  ['MULE_PATTERN', 'one’s own landlord', payment(50_000, 'landlord'), 'quiet', ana, paidBy(8, 5)],

  ['BENEFICIARY_SHARED', 'no payee', payment(1, null), 'payee'],
  ['BENEFICIARY_SHARED', 'a payee nobody ever paid', payment(1, 'new'), 'quiet', ana, crowd(0, null)],
  [
    'BENEFICIARY_SHARED',
    'a crowd that tries, and none of it paid yet',
    payment(1, 'new'),
    1,
    ana,
    crowd(8, null),
  ],
  ['BENEFICIARY_SHARED', 'two others this week', payment(1, 'new'), 'quiet', ana, crowd(2)],
  ['BENEFICIARY_SHARED', 'three others this week', payment(1, 'new'), 0.5, ana, crowd(3)],
  [
    'BENEFICIARY_SHARED',
    'three, to somebody of whom nothing is known',
    payment(1, 'new'),
    'quiet',
    nobody,
    crowd(3),
  ],
  ['BENEFICIARY_SHARED', 'six others this week', payment(1, 'new'), 1, ana, crowd(6)],
  ['BENEFICIARY_SHARED', 'a crowd this week', payment(1, 'new'), 1, ana, crowd(11)],
  ['BENEFICIARY_SHARED', 'a crowd at a payee of last week', payment(1, 'new'), 'quiet', ana, crowd(11, 7)],
  ['BENEFICIARY_SHARED', 'a crowd at one’s own landlord', payment(1, 'landlord'), 'quiet', ana, crowd(11)],

  ['BENEFICIARY_REPORTED', 'no payee', payment(1, null), 'payee', ana, reported(2)],
  ['BENEFICIARY_REPORTED', 'a payee nobody reported', payment(1, 'new'), 'quiet'],
  ['BENEFICIARY_REPORTED', 'one report', payment(1, 'new'), 0.25, ana, reported(1)],
  ['BENEFICIARY_REPORTED', 'two reports', payment(1, 'new'), 0.5, ana, reported(2)],
  ['BENEFICIARY_REPORTED', 'any more', payment(1, 'new'), 0.5, ana, reported(40)],
  ['BENEFICIARY_REPORTED', 'a report on a known payee', payment(1, 'landlord'), 0.25, ana, reported(1)],
  ['BENEFICIARY_REPORTED', 'a confirmation', payment(1, 'new'), 1, ana, { ...unknownPayee, confirmed: true }],

  ['TRANSACTION_AMOUNT_HIGH', 'no amount', event({ keys: { payee: 'new' } }), 'amount'],
  ['TRANSACTION_AMOUNT_HIGH', 'a usual amount', payment(15_000, 'new'), 'quiet'],
  ['TRANSACTION_AMOUNT_HIGH', 'the largest amount that is still usual', payment(42_500, 'new'), 'quiet'],
  ['TRANSACTION_AMOUNT_HIGH', 'a little more', payment(45_000, 'new'), 0.02],
  ['TRANSACTION_AMOUNT_HIGH', 'six times the usual', payment(90_000, 'new'), 0.28],
  ['TRANSACTION_AMOUNT_HIGH', 'ten thousand', payment(1_000_000, 'new'), 1],
  [
    'TRANSACTION_AMOUNT_HIGH',
    'a little more than ever to a known payee',
    payment(27_000, 'landlord'),
    'quiet',
  ],
  ['TRANSACTION_AMOUNT_HIGH', 'ten thousand to a known payee', payment(1_000_000, 'landlord'), 0.65],
  ['TRANSACTION_AMOUNT_HIGH', 'little, without history', payment(19_999, 'new'), 'quiet', nobody],
  [
    'TRANSACTION_AMOUNT_HIGH',
    'half as much again as the small level, without history',
    payment(30_000, 'new'),
    0.13,
    nobody,
  ],
  ['TRANSACTION_AMOUNT_HIGH', 'much, without history', payment(500_000, 'new'), 1, nobody],
  [
    'TRANSACTION_AMOUNT_HIGH',
    'half of ten thousand after the other half: halving never helps',
    payment(500_000, 'another'),
    1,
    sent(500_000, 'new'),
  ],
  [
    'TRANSACTION_AMOUNT_HIGH',
    'twenty to a friend after a large payment to somebody new',
    payment(2_000, 'another'),
    'quiet',
    sent(998_000, 'new'),
  ],
  [
    'TRANSACTION_AMOUNT_HIGH',
    'a usual amount after a large one to a known payee',
    payment(15_000, 'new'),
    'quiet',
    sent(998_000, 'landlord'),
  ],
  [
    'TRANSACTION_AMOUNT_HIGH',
    'the rent after a large payment elsewhere',
    payment(15_000, 'landlord'),
    'quiet',
    sent(998_000, 'new'),
  ],
  [
    'TRANSACTION_AMOUNT_HIGH',
    'twenty thousand yen, which are little',
    { ...payment(0, 'new'), amount: { value: 20_000, currency: 'JPY' } },
    'quiet',
  ],

  [
    'TRANSACTION_AMOUNT_HIGH',
    'the third instalment to a payee who is known by now',
    payment(40_000, 'lover'),
    0.46,
    warmed(12, 19_000, 30_000),
  ],
  [
    'TRANSACTION_AMOUNT_HIGH',
    'the same to a payee whom others have long paid',
    payment(40_000, 'lover'),
    'quiet',
    warmed(12, 19_000, 30_000),
    paidBy(30),
  ],
  [
    'TRANSACTION_AMOUNT_HIGH',
    'a second large payment of the day, in a shop that others have long paid',
    payment(500_000, 'another'),
    1,
    sent(500_000, 'new'),
    paidBy(30),
  ],

  ['BENEFICIARY_REPEATED', 'no payee', payment(1, null), 'payee'],
  ['BENEFICIARY_REPEATED', 'a payee never paid', payment(50_000, 'lover'), 'quiet'],
  ['BENEFICIARY_REPEATED', 'the second today', payment(50_000, 'lover'), 0.4, paidToday(50_000)],
  ['BENEFICIARY_REPEATED', 'the third', payment(50_000, 'lover'), 1, paidToday(50_000, 40_000)],
  ['BENEFICIARY_REPEATED', 'a payee first paid yesterday', payment(100, 'new'), 'quiet', paidYesterday],
  ['BENEFICIARY_REPEATED', 'one’s landlord', payment(100, 'landlord'), 'quiet'],
  [
    'BENEFICIARY_REPEATED',
    'a shop that others have long paid',
    payment(50_000, 'lover'),
    'quiet',
    paidToday(50_000, 40_000),
    paidBy(2),
  ],

  ['AMOUNT_ESCALATES', 'no amount', event({ keys: { payee: 'new' } }), 'amount'],
  ['AMOUNT_ESCALATES', 'a payee never paid', payment(700_000, 'new'), 'quiet'],
  ['AMOUNT_ESCALATES', 'a payee of a year', payment(700_000, 'landlord'), 'quiet'],
  ['AMOUNT_ESCALATES', 'a rent to a new landlord', payment(90_000, 'lover'), 'quiet', warmed(30, 90_000)],
  [
    'AMOUNT_ESCALATES',
    '190 warmed up, and 7,290 ten days later',
    payment(729_000, 'lover'),
    1,
    warmed(10, 19_000, 19_000),
  ],
  [
    'AMOUNT_ESCALATES',
    'a third instalment, each a little more',
    payment(34_000, 'lover'),
    1,
    warmed(12, 19_000, 25_000),
  ],
  [
    'AMOUNT_ESCALATES',
    'a second one, while the payee is not known yet',
    payment(34_000, 'lover'),
    0.6,
    warmed(6, 19_000),
  ],
  [
    'AMOUNT_ESCALATES',
    'equal ones, so many that they are no rent',
    payment(19_000, 'lover'),
    0.66,
    warmed(29, 19_000, 19_000, 19_000, 19_000, 19_000),
  ],
  [
    'AMOUNT_ESCALATES',
    'a payee of two months: half as young, and a quarter because nothing came within a month',
    payment(729_000, 'lover'),
    0.13,
    warmed(60, 19_000, 19_000),
  ],
  [
    'AMOUNT_ESCALATES',
    'a payee of two months who was paid last week: half as young',
    payment(729_000, 'lover'),
    0.5,
    learn(warmed(60, 19_000), payment(19_000, 'lover', { occurred_at: now - 7 * dayMs }), 'evt_w9', now),
  ],
  [
    'AMOUNT_ESCALATES',
    'a payee whom others have long paid',
    payment(729_000, 'lover'),
    'quiet',
    warmed(10, 19_000, 19_000),
    paidBy(30),
  ],

  ['AMOUNT_LARGE', 'no amount', event({ keys: { payee: 'new' } }), 'amount'],
  ['AMOUNT_LARGE', 'the small level', payment(20_000, 'new'), 'quiet'],
  ['AMOUNT_LARGE', 'the large one', payment(500_000, 'new'), 0.36],
  ['AMOUNT_LARGE', 'a hundred large ones, to one’s landlord', payment(50_000_000, 'landlord'), 0.88],
  ['AMOUNT_LARGE', 'ten thousand of them', payment(5_000_000_000, 'landlord'), 1],

  ['AMOUNT_NEAR_LIMIT', 'no amount', event({ keys: { payee: 'new' } }), 'amount'],
  ['AMOUNT_NEAR_LIMIT', 'a site that says no limit', payment(100_000, 'new'), 'amount.limit'],
  ['AMOUNT_NEAR_LIMIT', 'a cent less than nine tenths of it', ofLimit(89_999, 100_000), 'quiet'],
  ['AMOUNT_NEAR_LIMIT', 'nine tenths of it', ofLimit(90_000, 100_000), 0.5],
  ['AMOUNT_NEAR_LIMIT', 'nineteen twentieths of it', ofLimit(95_000, 100_000), 0.75],
  ['AMOUNT_NEAR_LIMIT', 'all of it', ofLimit(100_000, 100_000), 1],
  ['AMOUNT_NEAR_LIMIT', 'more than there is', ofLimit(1_000_000, 100_000), 1],
  ['AMOUNT_NEAR_LIMIT', 'a limit that is used up', ofLimit(1, 0), 1],
  ['AMOUNT_NEAR_LIMIT', 'nothing of nothing', ofLimit(0, 0), 'quiet'],
  ['AMOUNT_NEAR_LIMIT', 'what a known payee always gets', ofLimit(18_000, 18_000, 'landlord'), 'quiet'],
  ['AMOUNT_NEAR_LIMIT', 'far more than that', ofLimit(30_000, 30_000, 'landlord'), 1],

  ['AMOUNT_SPLIT', 'no amount', event({ keys: { payee: 'new' } }), 'amount'],
  ['AMOUNT_SPLIT', 'one payment', payment(15_000, 'new'), 'quiet'],
  [
    'AMOUNT_SPLIT',
    'two payments, which may be one and its repeat',
    payment(15_000, 'new'),
    'quiet',
    sentEach(15_000),
  ],
  [
    'AMOUNT_SPLIT',
    'three payments to three new payees',
    payment(21_000, 'new'),
    0.5,
    sentEach(21_000, 21_000),
  ],
  [
    'AMOUNT_SPLIT',
    'four parts to the same new payee',
    payment(21_000, 'new_0'),
    0.75,
    recordAttempt(sentEach(21_000, 21_000), payment(21_000, 'new_0'), 'evt_again', now),
  ],
  [
    'AMOUNT_SPLIT',
    'five parts of 253.74, the largest that is usual',
    payment(25_374, 'new'),
    1,
    sentEach(25_374, 25_374, 25_374, 25_374),
  ],
  [
    'AMOUNT_SPLIT',
    'two trials, then the rest: a larger last part never looks better',
    payment(1_000_000, 'new'),
    0.5,
    sentEach(100, 100),
  ],
  [
    'AMOUNT_SPLIT',
    'a payment below the small level, with four small ones not quite five of them',
    payment(19_999, 'new'),
    'quiet',
    sentEach(19_999, 19_999, 19_999, 19_999),
  ],
  [
    'AMOUNT_SPLIT',
    'the same, and a fifth small one',
    payment(19_999, 'new'),
    1,
    sentEach(19_999, 19_999, 19_999, 19_999, 19_999),
  ],
  [
    'AMOUNT_SPLIT',
    'an earlier part that was high by itself, and judged so then',
    payment(15_000, 'new'),
    'quiet',
    sentEach(15_000, 25_375),
  ],
  [
    'AMOUNT_SPLIT',
    'the rent after two of them',
    payment(15_000, 'landlord'),
    'quiet',
    sentEach(15_000, 15_000),
  ],
  [
    'AMOUNT_SPLIT',
    'parts of yesterday',
    payment(15_000, 'new'),
    'quiet',
    recordAttempt(
      recordAttempt(ana, payment(15_000, 'a', { occurred_at: now - dayMs }), 'evt_1', now),
      payment(15_000, 'b', { occurred_at: now - hourMs }),
      'evt_2',
      now,
    ),
  ],
  ['AMOUNT_SPLIT', 'payments of nothing', payment(30_000, 'new'), 'quiet', sentEach(0, 0)],

  ['CALL_ACTIVE', 'no observation', event({ context: { call_active: null } }), 'context.call_active'],
  ['CALL_ACTIVE', 'no call', event(), 'quiet'],
  ['CALL_ACTIVE', 'a call', event({ context: { call_active: true } }), 1],
  [
    'CALL_ACTIVE',
    'a call seen 120 s ago',
    event({ context: { call_active: true, observed_at: now - 120_000 } }),
    1,
  ],
  [
    'CALL_ACTIVE',
    'a call seen 121 s ago',
    event({ context: { call_active: true, observed_at: now - 121_000 } }),
    'context.call_active',
  ],
  [
    'CALL_ACTIVE',
    'a call without a time, seen at receipt',
    event({ context: { call_active: true, observed_at: null } }),
    1,
  ],
  ['REMOTE_ACCESS_ACTIVE', 'remote access', event({ context: { remote_access: true } }), 1],
  [
    'REMOTE_ACCESS_ACTIVE',
    'an old observation',
    event({ context: { remote_access: true, observed_at: 0 } }),
    'context.remote_access',
  ],
  ['SCREEN_SHARED', 'a shared screen', event({ context: { screen_shared: true } }), 1],
  [
    'SCREEN_SHARED',
    'an old observation',
    event({ context: { screen_shared: true, observed_at: 0 } }),
    'context.screen_shared',
  ],
  [
    'PAYEE_NAME_MISMATCH',
    'a bank that does not answer',
    event({ context: { payee_name_match: 'unknown' } }),
    'context.payee_name_match',
  ],
  ['PAYEE_NAME_MISMATCH', 'the right name', event({ context: { payee_name_match: 'match' } }), 'quiet'],
  ['PAYEE_NAME_MISMATCH', 'nearly the right name', event({ context: { payee_name_match: 'close' } }), 0.2],
  ['PAYEE_NAME_MISMATCH', 'another name', event({ context: { payee_name_match: 'no_match' } }), 1],

  ['DEVICE_NEW', 'no device', event({ keys: { device: null } }), 'device.id'],
  ['DEVICE_NEW', 'the usual phone', event(), 'quiet'],
  ['DEVICE_NEW', 'another phone', event({ keys: { device: 'other' } }), 1],
  ['DEVICE_NEW', 'the first device ever: nothing to compare with', event(), 'profile.devices', nobody],
  ['DEVICE_NEW', 'a phone that signed in an hour ago', event(otherPhone), 1, signedInFrom(1)],
  ['DEVICE_NEW', 'a phone of yesterday', event(otherPhone), 'quiet', signedInFrom(24)],
  [
    'DEVICE_NEW',
    'a known phone that only the browser names',
    event({ device: { id: null }, keys: { device: 'phone' } }),
    1,
    browsing,
  ],
  [
    'DEVICE_NEW',
    'a browser that was here before, and that the site doesn’t name',
    event({ device: { id: null }, keys: { device: 'chrome' } }),
    'device.id',
    browsing,
  ],
  [
    'DEVICE_NEW',
    'a browser’s id that the site names, and never did',
    event({ device: { id: 'chrome' }, keys: { device: 'chrome' } }),
    1,
    browsing,
  ],
  [
    'DEVICE_NEW',
    'the first browser ever of somebody whose phone is known',
    event({ device: { id: null }, keys: { device: 'chrome' } }),
    'profile.devices',
  ],
  ['CREDENTIALS_CHANGED_RECENTLY', 'nobody said', event(), 'user.email_changed_at'],
  [
    'CREDENTIALS_CHANGED_RECENTLY',
    'an address changed just now',
    event({ user: { email_changed_at: now } }),
    1,
  ],
  [
    'CREDENTIALS_CHANGED_RECENTLY',
    'an address changed 36 h ago',
    event({ user: { email_changed_at: now - 36 * hourMs } }),
    0.75,
  ],
  [
    'CREDENTIALS_CHANGED_RECENTLY',
    'an address changed 72 h ago',
    event({ user: { email_changed_at: now - 72 * hourMs } }),
    'quiet',
  ],
  [
    'CREDENTIALS_CHANGED_RECENTLY',
    'a clock ahead of ours',
    event({ user: { email_changed_at: now + hourMs } }),
    1,
  ],

  ['NETWORK_WIFI_PUBLIC', 'nobody said', event({ network: { public: null } }), 'network.public'],
  ['NETWORK_WIFI_PUBLIC', 'a private network', event(), 'quiet'],
  ['NETWORK_WIFI_PUBLIC', 'a café', event({ network: { public: true, type: 'Wi-Fi' } }), 1],
  [
    'NETWORK_WIFI_PUBLIC',
    'a mobile network',
    event({ network: { public: true, type: 'cellular' } }),
    'quiet',
  ],
  ['NETWORK_ANONYMIZER', 'nobody said', event({ network: { anonymizer: null } }), 'network.anonymizer'],
  ['NETWORK_ANONYMIZER', 'a plain address', event(), 'quiet'],
  ['NETWORK_ANONYMIZER', 'a proxy', event({ network: { anonymizer: true } }), 1],
  ['GEOLOCATION_UNUSUAL', 'no country', event({ location: { country: null } }), 'place.country'],
  ['GEOLOCATION_UNUSUAL', 'the first place ever', event(), 'profile.places', nobody],
  ['GEOLOCATION_UNUSUAL', 'home, in capitals', event({ location: { city: 'SEVILLA' } }), 'quiet'],
  ['GEOLOCATION_UNUSUAL', 'the home country, no city', event({ location: { city: null } }), 'quiet'],
  ['GEOLOCATION_UNUSUAL', 'another city', event({ location: { city: 'Madrid' } }), 0.6],
  ['GEOLOCATION_UNUSUAL', 'another country', event({ location: { country: 'BR' } }), 1],

  ['IMPOSSIBLE_TRAVEL', 'a city, no coordinates', event({ location: { city: 'Madrid' } }), 'place.lat'],
  ['IMPOSSIBLE_TRAVEL', 'half a pair', event({ location: { lat: 40 } }), 'place.lon'],
  ['IMPOSSIBLE_TRAVEL', 'the first coordinates ever', event({ location: inMadrid }), 'profile.last_position'],
  ['IMPOSSIBLE_TRAVEL', 'the same place', event({ location: inMadrid }), 'quiet', inMadridAgo(0)],
  [
    'IMPOSSIBLE_TRAVEL',
    'two hundred kilometres at once: addresses are placed wrong',
    event({ location: { lat: 42.1, lon: -3.7 } }),
    'quiet',
    inMadridAgo(0),
  ],
  [
    'IMPOSSIBLE_TRAVEL',
    'more than two hundred at once',
    event({ location: { lat: 42.3, lon: -3.7 } }),
    1,
    inMadridAgo(0),
  ],
  ['IMPOSSIBLE_TRAVEL', 'Lisbon, by aeroplane', event({ location: inLisbon }), 'quiet', inMadridAgo(1)],
  ['IMPOSSIBLE_TRAVEL', 'Lisbon within half an hour', event({ location: inLisbon }), 0.36, inMadridAgo(0.5)],
  ['IMPOSSIBLE_TRAVEL', 'New York, by aeroplane', event({ location: inNewYork }), 'quiet', inMadridAgo(7)],
  ['IMPOSSIBLE_TRAVEL', 'New York within four hours', event({ location: inNewYork }), 0.54, inMadridAgo(4)],
  ['IMPOSSIBLE_TRAVEL', 'New York within the hour', event({ location: inNewYork }), 1, inMadridAgo(1)],
  [
    'IMPOSSIBLE_TRAVEL',
    'New York an hour before Madrid, reported afterwards',
    event({ location: inNewYork, occurred_at: now - hourMs }),
    1,
    inMadridAgo(0),
  ],
  [
    'IMPOSSIBLE_TRAVEL',
    'over the date line, where degrees lie',
    event({ location: { lat: 0, lon: -179.5 } }),
    'quiet',
    learn(ana, event({ location: { lat: 0, lon: 179.5 } }), 'evt_line', now),
  ],

  ['ACCOUNT_YOUNG', 'nobody said', event({ user: { created_at: null } }), 'user.created_at'],
  ['ACCOUNT_YOUNG', 'an old account', event(), 'quiet'],
  ['ACCOUNT_YOUNG', 'six days', event({ user: { created_at: now - 6 * dayMs } }), 1],
  ['ACCOUNT_YOUNG', 'a week', event({ user: { created_at: now - 7 * dayMs } }), 0.5],
  ['ACCOUNT_YOUNG', 'a month', event({ user: { created_at: now - 30 * dayMs } }), 'quiet'],
  ['VELOCITY_HIGH', 'four attempts within the hour', event(), 'quiet', busy(4, 10)],
  ['VELOCITY_HIGH', 'five attempts within the hour', event(), 0.5, busy(5, 10)],
  ['VELOCITY_HIGH', 'fifteen attempts within the hour', event(), 1, busy(15, 10)],
  ['VELOCITY_HIGH', 'nineteen attempts this morning', event(), 'quiet', busy(19, 300)],
  ['VELOCITY_HIGH', 'as many attempts as we remember, this morning', event(), 1, busy(200, 300)],
  ['PASTED_PAYEE', 'nobody said', payment(1, 'new'), 'telemetry.payee_pasted'],
  ['PASTED_PAYEE', 'typed', payment(1, 'new', { telemetry: { payee_pasted: false } }), 'quiet'],
  ['PASTED_PAYEE', 'pasted', payment(1, 'new', { telemetry: { payee_pasted: true } }), 1],
  ['PASTED_PAYEE', 'pasted, but known', payment(1, 'friend', { telemetry: { payee_pasted: true } }), 'quiet'],

  ['TIME_UNUSUAL', 'somebody new', event(), 'profile.hours', nobody],
  ['TIME_UNUSUAL', 'nine actions are no habit', event(), 'profile.hours', withZone(9)],
  [
    'TIME_UNUSUAL',
    'habits of two years ago',
    event({ occurred_at: now }),
    'profile.hours',
    { ...ana, learned: ana.learned.map((entry) => ({ ...entry, at: entry.at - 730 * dayMs })) },
  ],
  ['TIME_UNUSUAL', 'the usual hour', atHour(10), 'quiet'],
  ['TIME_UNUSUAL', 'two hours later', atHour(12), 'quiet'],
  ['TIME_UNUSUAL', 'three hours later', atHour(13), 0.25],
  ['TIME_UNUSUAL', 'five hours earlier', atHour(5), 0.75],
  ['TIME_UNUSUAL', 'six hours earlier', atHour(4), 1],
  ['TIME_UNUSUAL', 'the middle of the night', atHour(22), 1],
  [
    'TIME_UNUSUAL',
    'ten o’clock in the browser’s own zone too',
    event(zone('Europe/Madrid')),
    'quiet',
    withZone(10),
  ],
  [
    'TIME_UNUSUAL',
    'a usual hour in a browser five zones away',
    event(zone('Asia/Tashkent')),
    0.5,
    withZone(10),
  ],
  [
    'TIME_UNUSUAL',
    'a zone chosen to make the night look like the morning',
    atHour(22, zone('Pacific/Auckland')),
    1,
    withZone(10),
  ],
  ['TIME_UNUSUAL', 'a zone that does not exist', event(zone('Moon/Tycho')), 'quiet', withZone(10)],
  ['TIME_UNUSUAL', 'a zone, with no local hours to compare with', event(zone('Asia/Tokyo')), 'quiet'],

  ['AUTOMATION_SUSPECTED', 'nobody measured', onForm(null), 'telemetry.dwell_ms'],
  ['AUTOMATION_SUSPECTED', 'a person who types', onForm(41_000, false), 'quiet'],
  ['AUTOMATION_SUSPECTED', 'a quick one', onForm(4_001, false), 'quiet'],
  ['AUTOMATION_SUSPECTED', 'typed within four seconds', onForm(4_000, false), 0.3],
  ['AUTOMATION_SUSPECTED', 'typed within two', onForm(2_000, false), 0.65],
  ['AUTOMATION_SUSPECTED', 'typed within one', onForm(1_000, false), 1],
  ['AUTOMATION_SUSPECTED', 'pasted within three seconds', onForm(3_000, true), 'quiet'],
  ['AUTOMATION_SUSPECTED', 'pasted within one', onForm(1_000, true), 0.65],
  ['AUTOMATION_SUSPECTED', 'within one, nobody knows how', onForm(1_000), 0.65],
  ['AUTOMATION_SUSPECTED', 'no time at all', onForm(0, true), 1],
  ['AUTOMATION_SUSPECTED', 'one tap to a known payee', onForm(100, true, 'friend'), 'quiet'],
  [
    'AUTOMATION_SUSPECTED',
    'a form without a payee',
    payment(15_000, null, { telemetry: { dwell_ms: 100 } }),
    'quiet',
  ],
]

describe('a signal', () => {
  test.each(rows)('%s meets %s', (code, _story, asked, expected, profile, reputation) => {
    expect(find(code, asked, profile, reputation)).toBe(expected)
  })

  test('exists once for every code that a policy weighs', () => {
    expect(allSignals.map(({ code }) => code).sort()).toEqual([...signalCode.options].sort())
  })

  test('rests on the browser’s word exactly when it reads what only a browser tells', () => {
    const told: readonly string[] = [
      'telemetry.payee_pasted',
      'telemetry.dwell_ms',
      'telemetry.time_zone',
      'time.local_hour',
    ]
    for (const { code, source, reads } of allSignals)
      expect(source === 'client', code).toBe(reads.some((fact) => told.includes(fact)))
  })

  test('looks at nothing but the facts that it declares', () => {
    const everything = payment(1_000_000, 'new', {
      user: { created_at: now, email_changed_at: now },
      keys: { device: 'other' },
      location: { city: 'Madrid' },
      network: { public: true, anonymizer: true },
      context: { call_active: true, remote_access: true, screen_shared: true, payee_name_match: 'close' },
      telemetry: { payee_pasted: true, dwell_ms: 100, time_zone: 'Asia/Tokyo' },
    })
    const somewhere = { ...everything, location: { ...everything.location, ...inNewYork } }
    const pasts = [
      ana,
      nobody,
      busy(9, 5),
      sent(5_000, 'new'),
      sentEach(100, 100),
      inMadridAgo(1),
      withZone(10),
    ]
    for (const [asked, profile] of pasts.flatMap((past) => [
      [everything, past] as const,
      [somewhere, past] as const,
      [ofLimit(100_000, 100_000, 'friend'), past] as const,
    ])) {
      const input = { event: asked, event_id: 'evt_now', profile, policy: defaultPolicy, now }
      const facts = factsOf({ ...input, payee_reputation: crowd(6) })
      for (const signal of allSignals) {
        const read = new Set<string | symbol>()
        const watched = new Proxy(facts, {
          get: (target, name, self) => {
            read.add(name)
            return Reflect.get(target, name, self)
          },
        })
        signal.evaluate(watched, defaultPolicy.limits)
        expect(signal.reads, signal.code).toEqual(expect.arrayContaining([...read]))
      }
    }
  })
})
