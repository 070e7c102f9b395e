import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { NormalisedEvent } from '#contract/normalised-event'
import { tierOrder } from '#contract/outcome'
import type { Rule } from '#contract/rule'
import { assess, assessFacts } from '../../backend/risk/assess.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { factsOf, facts as factsSchema, factsUnder } from '../../backend/risk/facts/all-facts.ts'
import { unknownPayee } from '../../backend/risk/payee-reputation.ts'
import { isMapped, policySchema } from '../../backend/risk/policy.ts'
import { profileDocument } from '../../backend/risk/profile.ts'
import { scoreOf } from '../../backend/risk/score.ts'
import { allSignals } from '../../backend/risk/signals/all-signals.ts'
import { ana, dayMs, event, judge, learn, nobody, now, payment, recordAttempt } from './events.ts'
import {
  anEvent,
  aPayeeReputation,
  aProfile,
  aTelemetry,
  flag,
  someHoldConstraints,
} from './random-events.ts'
import { aRule, judgeWith } from './rule-policies.ts'

const silent = event().telemetry
const rank = (tier: (typeof tierOrder)[number]): number => tierOrder.indexOf(tier)

describe('whatever is asked', () => {
  test('the points of the reasons sum to the score, which is whole and lies between 0 and 100', () => {
    fc.assert(
      fc.property(
        anEvent,
        aProfile,
        someHoldConstraints,
        aPayeeReputation,
        (asked, profile, constraints, payee_reputation) => {
          const input = {
            event: asked,
            event_id: 'evt',
            profile,
            payee_reputation,
            policy: defaultPolicy,
            now,
            constraints,
          }
          const { score, reasons } = assess(input)
          expect(reasons.reduce((total, { points }) => total + points, 0)).toBe(score)
          expect(reasons.every(({ points }) => Number.isInteger(points))).toBe(true)
          expect(score).toBeGreaterThanOrEqual(0)
          expect(score).toBeLessThanOrEqual(100)
        },
      ),
    )
  })

  test('the same input gives the same assessment, and nothing that was handed in changes', () => {
    fc.assert(
      fc.property(anEvent, aProfile, (asked, profile) => {
        const before = structuredClone({ asked, profile })
        expect(judge(asked, profile)).toEqual(judge(structuredClone(asked), structuredClone(profile)))
        expect({ asked, profile }).toEqual(before)
      }),
    )
  })

  test('leaving an observation away never raises the score', () => {
    const blanks: ((asked: NormalisedEvent) => NormalisedEvent)[] = [
      (asked) => ({ ...asked, user: { ...asked.user, created_at: null } }),
      (asked) => ({ ...asked, user: { ...asked.user, email_changed_at: null } }),
      (asked) => ({ ...asked, network: { ...asked.network, public: null, anonymizer: null } }),
      (asked) => ({ ...asked, location: { ...asked.location, country: null, city: null } }),
      (asked) => ({ ...asked, location: { ...asked.location, lat: null } }),
      (asked) => ({ ...asked, location: { ...asked.location, lon: null } }),
      (asked) => ({ ...asked, context: event({ context: { observed_at: 0 } }).context }),
      (asked) => ({ ...asked, telemetry: { ...asked.telemetry, payee_pasted: null } }),
      (asked) => ({ ...asked, telemetry: { ...asked.telemetry, dwell_ms: null } }),
      (asked) => ({ ...asked, telemetry: { ...asked.telemetry, time_zone: null } }),
      (asked) => ({ ...asked, keys: { ...asked.keys, device: null } }),
    ]
    fc.assert(
      fc.property(anEvent, aProfile, fc.constantFrom(...blanks), (asked, profile, blank) => {
        expect(judge(blank(asked), profile).score).toBeLessThanOrEqual(judge(asked, profile).score)
      }),
    )
  })

  test('the browser’s word never lowers a score, and raises it by no more than its cap', () => {
    fc.assert(
      fc.property(anEvent, aProfile, aTelemetry, (asked, profile, said) => {
        const unsaid = judge({ ...asked, telemetry: silent }, profile).score
        const { score } = judge({ ...asked, telemetry: { ...silent, ...said } }, profile)
        expect(score).toBeGreaterThanOrEqual(unsaid)
        expect(score - unsaid).toBeLessThanOrEqual(defaultPolicy.client_cap)
      }),
    )
  })

  test('an unknown signal adds nothing, and a missing fact is always listed', () => {
    fc.assert(
      fc.property(anEvent, aProfile, aPayeeReputation, (asked, profile, payee_reputation) => {
        const facts = factsOf({
          event: asked,
          event_id: 'evt_now',
          profile,
          payee_reputation,
          policy: defaultPolicy,
          now,
        })
        const { reasons, unknown, family } = judge(asked, profile, payee_reputation)
        for (const signal of allSignals.filter(({ appliesTo }) => appliesTo.includes(family))) {
          const finding = signal.evaluate(facts, defaultPolicy.limits)
          const reason = reasons.find(({ code }) => code === signal.code)
          expect(reason !== undefined, signal.code).toBe(finding.state === 'raised')
          if (finding.state === 'unknown')
            expect(unknown).toEqual(expect.arrayContaining([...finding.missing]))
        }
      }),
    )
  })

  test('facts that were stored and read again lead to the same assessment', () => {
    fc.assert(
      fc.property(anEvent, aProfile, aPayeeReputation, (asked, profile, payee_reputation) => {
        const input = { event: asked, event_id: 'evt_now', profile, policy: defaultPolicy, now }
        const facts = factsOf({ ...input, payee_reputation })
        const stored = factsSchema.parse(JSON.parse(JSON.stringify(facts)))
        const again = factsUnder(stored, asked, defaultPolicy)
        expect(again).toEqual(facts)
        expect(assessFacts({ facts: again, event: asked, policy: defaultPolicy, constraints: [] })).toEqual(
          judge(asked, profile, payee_reputation),
        )
      }),
    )
  })

  test('a raised severity is above 0 and at most 1', () => {
    fc.assert(
      fc.property(anEvent, aProfile, aPayeeReputation, (asked, profile, payee_reputation) => {
        const facts = factsOf({
          event: asked,
          event_id: 'evt_now',
          profile,
          payee_reputation,
          policy: defaultPolicy,
          now,
        })
        for (const signal of allSignals) {
          const finding = signal.evaluate(facts, defaultPolicy.limits)
          if (finding.state !== 'raised') continue
          expect(finding.severity, signal.code).toBeGreaterThan(0)
          expect(finding.severity, signal.code).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  test('a higher severity of any signal, or one signal more, never lowers the sum', () => {
    const someRaised = fc
      .array(fc.tuple(fc.constantFrom(...allSignals), fc.double({ min: 0.01, max: 1, noNaN: true })), {
        maxLength: 12,
      })
      .map((list) =>
        list.map(([{ code, family, source }, severity]) => ({ code, family, source, severity, detail: '' })),
      )
    const unique = someRaised.map((list) =>
      list.filter(({ code }, i) => list.findIndex((other) => other.code === code) === i),
    )
    fc.assert(
      fc.property(unique, fc.nat(11), fc.double({ min: 0, max: 1, noNaN: true }), (raised, at, more) => {
        const { score } = scoreOf(raised, [], defaultPolicy)
        const worse = raised.map((signal, i) =>
          i === at ? { ...signal, severity: Math.min(1, signal.severity + more) } : signal,
        )
        expect(scoreOf(worse, [], defaultPolicy).score).toBeGreaterThanOrEqual(score)
        expect(scoreOf(raised.slice(0, -1), [], defaultPolicy).score).toBeLessThanOrEqual(score)
      }),
    )
  })

  test('being further away in less time, or quicker on the form, never scores less', () => {
    const seen = (at: number) =>
      learn(ana, event({ location: { lat: 0, lon: 0 }, occurred_at: at }), 'evt_seen', now)
    const minute = 60_000
    const spot = fc.record({ degrees: fc.nat(180), minutes: fc.nat(3_000), dwell: fc.nat(5_000) })
    fc.assert(
      fc.property(spot, spot, flag, (a, b, payee_pasted) => {
        const scored = (degrees: number, minutes: number, dwell_ms: number) =>
          judge(
            event({
              location: { lat: 0, lon: degrees },
              telemetry: { dwell_ms, payee_pasted },
              amount: { value: 15_000, currency: 'USD' },
              keys: { payee: 'new' },
            }),
            seen(now - minutes * minute),
          ).score
        const [near, far] = [Math.min(a.degrees, b.degrees), Math.max(a.degrees, b.degrees)]
        const [soon, late] = [Math.min(a.minutes, b.minutes), Math.max(a.minutes, b.minutes)]
        const [quick, slow] = [Math.min(a.dwell, b.dwell), Math.max(a.dwell, b.dwell)]
        expect(scored(far, soon, quick)).toBeGreaterThanOrEqual(scored(near, late, slow))
      }),
    )
  })

  test('raising an objective signal never lowers score or tier', () => {
    const raises: Partial<NormalisedEvent['context']>[] = [
      { call_active: true },
      { remote_access: true },
      { screen_shared: true },
      { payee_name_match: 'no_match' },
    ]
    fc.assert(
      fc.property(anEvent, aProfile, fc.constantFrom(...raises), (asked, profile, raise) => {
        const before = judge(asked, profile)
        const context = { ...asked.context, ...raise, observed_at: now }
        // A stale context must not hide what a fresh one would have shown beside it.
        const after = judge({ ...asked, context }, profile)
        expect(after.score).toBeGreaterThanOrEqual(before.score)
        expect(rank(after.tier)).toBeGreaterThanOrEqual(rank(before.tier))
      }),
    )
  })

  test('weak signals alone never block', () => {
    fc.assert(
      fc.property(anEvent, aProfile, (asked, profile) => {
        const calm = {
          ...asked.context,
          call_active: null,
          remote_access: null,
          screen_shared: null,
          payee_name_match: null,
        }
        const alone = {
          ...asked,
          context: calm,
          amount: null,
          payee: null,
          keys: { ...asked.keys, payee: null },
        }
        // What nobody can tell the meaning of is refused for its name, whatever the hints.
        fc.pre(isMapped(defaultPolicy, alone.action))
        expect(judge(alone, profile).outcome).not.toBe('block_escalate')
      }),
    )
  })

  test('a larger amount never scores less', () => {
    fc.assert(
      fc.property(anEvent, aProfile, fc.nat(100_000_000), (asked, profile, more) => {
        fc.pre(asked.amount !== null)
        const value = (asked.amount?.value ?? 0) + more
        const larger = { ...asked, amount: asked.amount && { ...asked.amount, value } }
        expect(judge(larger, profile).score).toBeGreaterThanOrEqual(judge(asked, profile).score)
      }),
    )
  })
})

describe('what people report of a payee', () => {
  test('never changes an outcome by itself, adds 20 points at most beside what a good name took back, and takes none away', () => {
    fc.assert(
      fc.property(
        anEvent,
        aProfile,
        someHoldConstraints,
        aPayeeReputation,
        (asked, profile, constraints, about) => {
          const input = { event: asked, event_id: 'evt', profile, policy: defaultPolicy, now, constraints }
          const silent = { ...about, confirmed: false, reports: 0 }
          const before = assess({ ...input, payee_reputation: silent })
          const after = assess({ ...input, payee_reputation: { ...silent, reports: about.reports } })
          expect(after.outcome).toBe(before.outcome)
          expect(rank(after.tier)).toBeGreaterThanOrEqual(rank(before.tier))
          expect(after.score - before.score).toBeGreaterThanOrEqual(0)
          const relief = before.reasons.find(({ code }) => code === 'BENEFICIARY_ESTABLISHED')?.points ?? 0
          const lifted = about.reports > 0 ? -relief : 0
          expect(after.score - before.score).toBeLessThanOrEqual(Math.min(10 * about.reports, 20) + lifted)
        },
      ),
    )
  })

  test('is held to that by any policy, whatever it weighs and whichever floor it sets', () => {
    const weight = fc.nat(100)
    fc.assert(
      fc.property(anEvent, aProfile, weight, fc.nat(5), (asked, profile, BENEFICIARY_REPORTED, reports) => {
        const floor = { signal: 'BENEFICIARY_REPORTED', families: ['money_out'], tier: 'critical' } as const
        const policy = policySchema.parse({
          ...defaultPolicy,
          weights: { ...defaultPolicy.weights, BENEFICIARY_REPORTED },
          signal_floors: [floor],
        })
        const input = { event: asked, event_id: 'evt', profile, policy, now, constraints: [] }
        const before = assess({ ...input, payee_reputation: unknownPayee })
        const after = assess({ ...input, payee_reputation: { ...unknownPayee, reports } })
        expect(after.outcome).toBe(before.outcome)
        expect(after.score - before.score).toBeLessThanOrEqual(20)
      }),
    )
  })

  test('moves no rule that reads the score; one that names the signal is the organisation’s own word', () => {
    const reported = { ...unknownPayee, reports: 2 }
    const paid = payment(15_000, 'new')
    const { score } = judge(paid)
    const block = { outcome: 'block_escalate' } as const
    const byScore = aRule({ when: { fact: 'score', op: 'gt', value: score }, then: block })
    const bySignal = aRule({ when: { signal: 'BENEFICIARY_REPORTED' }, then: block })
    const outcome = (rule: Rule) => judgeWith(paid, { rules: [rule], payee_reputation: reported }).outcome
    expect([outcome(byScore), outcome(bySignal)]).toEqual(['allow', 'block_escalate'])
  })

  test('confirmed, moves every payment to at least the high tier', () => {
    fc.assert(
      fc.property(anEvent, aProfile, aPayeeReputation, (asked, profile, about) => {
        const judged = judge(asked, profile, { ...about, confirmed: true })
        fc.pre(judged.family === 'money_out' && asked.keys.payee !== null)
        expect(rank(judged.tier)).toBeGreaterThanOrEqual(rank('high'))
        expect(judged.reasons.map(({ code }) => code)).toContain('BENEFICIARY_REPORTED')
      }),
    )
  })

  test('a new payee of many people, a gym that opens, blocks nobody by that alone', () => {
    fc.assert(
      fc.property(fc.nat(100_000_000), fc.nat(50), (value, other_users_week) => {
        const crowd = { ...unknownPayee, first_paid_at: now - dayMs, other_users_week }
        const paid = payment(value, 'new')
        expect(judge(paid, ana, crowd).outcome).not.toBe('block_escalate')
      }),
    )
  })
})

describe('memory', () => {
  const numbered = fc.uniqueArray(fc.tuple(fc.nat(10_000), anEvent), {
    maxLength: 12,
    selector: ([id]) => id,
  })
  const shuffled = numbered.chain((events) =>
    fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
  )

  /** Within the bounds, which the events drawn here never outgrow: what fell out of memory cannot be told again. */
  test('learning depends neither on the order nor on repeats', () => {
    const learnAll = (events: [number, NormalisedEvent][]) =>
      events.reduce((profile, [id, done]) => learn(profile, done, `evt_${id}`, now), nobody)
    fc.assert(
      fc.property(shuffled, ([events, reordered]) => {
        expect(learnAll([...reordered, ...events])).toEqual(learnAll(events))
      }),
    )
  })

  test('recording attempts depends neither on the order nor on repeats', () => {
    const recordAll = (events: [number, NormalisedEvent][]) =>
      events.reduce((profile, [id, tried]) => recordAttempt(profile, tried, `evt_${id}`, now), nobody)
    const today = shuffled.map(([events, reordered]) =>
      [events, reordered].map((list) =>
        list.map(([id, tried]): [number, NormalisedEvent] => [
          id,
          { ...tried, occurred_at: now - id * 10_000 },
        ]),
      ),
    )
    fc.assert(
      fc.property(today, ([events = [], reordered = []]) => {
        expect(recordAll([...reordered, ...events])).toEqual(recordAll(events))
      }),
    )
  })

  test('stays below 72 kB after thousands of events of the worst kind', () => {
    const long = (i: number) => `${i}`.padStart(43, 'k')
    let profile = nobody
    for (let i = 0; i < 5_000; i += 1) {
      const done = event({
        action: `a${'x'.repeat(60)}`,
        amount: { value: 1_000_000 + i, currency: ['USD', 'EUR', 'GBP', 'JPY', 'BRL'][i % 5] ?? 'USD' },
        occurred_at: now - (5_000 - i) * 3_600_000 * 4,
        location: { country: 'ES', city: `city ${'y'.repeat(90)}${i}`, lat: -33.86, lon: -151.2 },
        keys: { payee: long(i % 90), device: long(i) },
        telemetry: { time_zone: 'Europe/Madrid' },
      })
      profile = learn(profile, done, long(i), now)
      profile = recordAttempt(profile, { ...done, occurred_at: now - i }, long(i), now)
    }
    expect(JSON.stringify(profile).length).toBeLessThan(72_000)
    expect(() => profileDocument.parse(profile)).not.toThrow()
  })
})
