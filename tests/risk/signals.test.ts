import { describe, expect, test } from 'vitest'
import type { NormalisedEvent } from '#contract/normalised-event'
import { type SignalCode, signalCode } from '#contract/outcome'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { factsOf } from '../../backend/risk/facts.ts'
import { learn, type Profile, recordAttempt } from '../../backend/risk/profile.ts'
import { allSignals } from '../../backend/risk/signals/all-signals.ts'
import { ana, dayMs, event, hourMs, nobody, now, payment } from './events.ts'

const find = (code: SignalCode, asked: NormalisedEvent, profile: Profile = ana) => {
  const facts = factsOf({ event: asked, event_id: 'evt_now', profile, policy: defaultPolicy, now })
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
const sent = (value: number, payee: string): Profile =>
  recordAttempt(ana, payment(value, payee, { occurred_at: now - hourMs }), 'evt_1', now)

const addedAgo = (days: number): NormalisedEvent => {
  const asked = payment(2_000, 'new')
  return { ...asked, payee: asked.payee && { ...asked.payee, added_at: now - days * dayMs } }
}

/** What is asked → severity, `quiet`, or the missing facts of an unknown. */
const rows: [SignalCode, string, NormalisedEvent, number | string, Profile?][] = [
  ['ACTION_SENSITIVE', 'an ordinary transfer', payment(1, 'new'), 0.08],
  ['ACTION_SENSITIVE', 'a change of e-mail', event({ action: 'change_email' }), 1],
  ['ACTION_SENSITIVE', 'an action nobody mapped', event({ action: 'water_plants' }), 0.3],

  ['BENEFICIARY_NEW', 'no payee', payment(1, null), 'payee'],
  ['BENEFICIARY_NEW', 'a payee paid for a year', payment(1, 'landlord'), 'quiet'],
  ['BENEFICIARY_NEW', 'a payee never paid', payment(1, 'new'), 1],
  [
    'BENEFICIARY_NEW',
    'a payee that got one euro yesterday: a trial payment softens nothing',
    payment(1, 'new'),
    1,
    paidYesterday,
  ],
  ['BENEFICIARY_NEW', 'any payee of somebody new', payment(1, 'landlord'), 1, nobody],
  ['BENEFICIARY_NEW', 'a payee added 29 days ago', addedAgo(29), 1],
  ['BENEFICIARY_NEW', 'a payee added 30 days ago', addedAgo(30), 0.7],

  ['TRANSACTION_AMOUNT_HIGH', 'no amount', event({ keys: { payee: 'new' } }), 'amount'],
  ['TRANSACTION_AMOUNT_HIGH', 'a usual amount', payment(15_000, 'new'), 'quiet'],
  ['TRANSACTION_AMOUNT_HIGH', 'the largest amount that is still usual', payment(25_374, 'new'), 'quiet'],
  ['TRANSACTION_AMOUNT_HIGH', 'the smallest unusual amount', payment(25_375, 'new'), 0.3],
  ['TRANSACTION_AMOUNT_HIGH', 'six times the usual', payment(90_000, 'new'), 0.63],
  ['TRANSACTION_AMOUNT_HIGH', 'ten thousand', payment(1_000_000, 'new'), 1],
  [
    'TRANSACTION_AMOUNT_HIGH',
    'a little more than ever to a known payee',
    payment(27_000, 'landlord'),
    'quiet',
  ],
  ['TRANSACTION_AMOUNT_HIGH', 'ten thousand to a known payee', payment(1_000_000, 'landlord'), 1],
  ['TRANSACTION_AMOUNT_HIGH', 'little, without history', payment(19_999, 'new'), 'quiet', nobody],
  [
    'TRANSACTION_AMOUNT_HIGH',
    'the smallest high amount, without history',
    payment(20_000, 'new'),
    0.3,
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
    'a small rest after a large part to another new payee',
    payment(2_000, 'another'),
    1,
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
  ['PAYEE_NAME_MISMATCH', 'nearly the right name', event({ context: { payee_name_match: 'close' } }), 0.4],
  ['PAYEE_NAME_MISMATCH', 'another name', event({ context: { payee_name_match: 'no_match' } }), 1],

  ['DEVICE_NEW', 'no device', event({ keys: { device: null } }), 'device.id'],
  ['DEVICE_NEW', 'the usual phone', event(), 'quiet'],
  ['DEVICE_NEW', 'another phone', event({ keys: { device: 'other' } }), 1],
  ['DEVICE_NEW', 'the first device ever, compared with nothing', event(), 0.25, nobody],
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
  ['GEOLOCATION_UNUSUAL', 'no country', event({ place: { country: null } }), 'place.country'],
  ['GEOLOCATION_UNUSUAL', 'the first place ever', event(), 'profile.places', nobody],
  ['GEOLOCATION_UNUSUAL', 'home, in capitals', event({ place: { city: 'SEVILLA' } }), 'quiet'],
  ['GEOLOCATION_UNUSUAL', 'the home country, no city', event({ place: { city: null } }), 'quiet'],
  ['GEOLOCATION_UNUSUAL', 'another city', event({ place: { city: 'Madrid' } }), 0.6],
  ['GEOLOCATION_UNUSUAL', 'another country', event({ place: { country: 'BR' } }), 1],

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
]

describe('a signal', () => {
  test.each(rows)('%s meets %s', (code, _story, asked, expected, profile) => {
    expect(find(code, asked, profile)).toBe(expected)
  })

  test('exists once for every code that a policy weighs', () => {
    expect(allSignals.map(({ code }) => code).sort()).toEqual([...signalCode.options].sort())
  })

  test('looks at nothing but the facts that it declares', () => {
    const everything = payment(1_000_000, 'new', {
      user: { created_at: now, email_changed_at: now },
      keys: { device: 'other' },
      place: { city: 'Madrid' },
      network: { public: true, anonymizer: true },
      context: { call_active: true, remote_access: true, screen_shared: true, payee_name_match: 'close' },
      telemetry: { payee_pasted: true },
    })
    for (const profile of [ana, nobody, busy(9, 5), sent(5_000, 'new')]) {
      const facts = factsOf({ event: everything, event_id: 'evt_now', profile, policy: defaultPolicy, now })
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
