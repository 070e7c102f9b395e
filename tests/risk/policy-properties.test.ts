import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { labelFamily, labelProvenance, subjectType } from '#contract/label'
import { type Tier, tierOrder } from '#contract/outcome'
import { checkPolicy } from '../../backend/policy/check.ts'
import { type AssessInput, assess } from '../../backend/risk/assess.ts'
import { factsOf } from '../../backend/risk/facts/all-facts.ts'
import type { ActiveLabel } from '../../backend/risk/labels/active-labels.ts'
import type { Policy } from '../../backend/risk/policy.ts'
import { type RaisedSignal, scoreOf } from '../../backend/risk/score.ts'
import { allSignals } from '../../backend/risk/signals/all-signals.ts'
import { now } from './events.ts'
import { anEvent, aPayeeReputation, aProfile, someHoldConstraints } from './random-events.ts'
import { aPolicy } from './random-policies.ts'

/** What holds of every decision, whatever an organisation publishes and whoever is judged by it. */

const someLabels: fc.Arbitrary<ActiveLabel[]> = fc.array(
  fc.record({
    subject: fc.constantFrom(...subjectType.options),
    label: fc.constantFrom('known_legit', 'suspected_risky', 'known_risky'),
    family: fc.constantFrom(...labelFamily.options),
    provenance: fc.constantFrom(...labelProvenance.options),
    expires_at: fc.constant(now + 1),
  }),
  { maxLength: 3 },
)

const anInput: fc.Arbitrary<Omit<AssessInput, 'policy'>> = fc.record({
  event: anEvent,
  event_id: fc.constant('evt_now'),
  profile: aProfile,
  constraints: someHoldConstraints,
  payee_reputation: aPayeeReputation,
  labels: someLabels,
  now: fc.constant(now),
})
const ruled = aPolicy({ rules: true })
const unruled = aPolicy({ rules: false })

const severity = { allow: 0, delay_verify: 1, block_escalate: 2 }
const rank = (tier: Tier): number => tierOrder.indexOf(tier)

describe('under any policy that may be published', () => {
  test('such policies are drawn, and each of them passes the check', () => {
    fc.assert(
      fc.property(ruled, (policy) => {
        const checked = checkPolicy(policy)
        expect(checked.ok ? [] : checked.problems).toEqual([])
      }),
    )
  })

  test('the points of the reasons sum to the score, which is whole and lies between 0 and 100', () => {
    fc.assert(
      fc.property(anInput, ruled, (about, policy) => {
        const { score, reasons } = assess({ ...about, policy })
        expect(reasons.reduce((total, { points }) => total + points, 0)).toBe(score)
        expect(reasons.every(({ points }) => Number.isInteger(points))).toBe(true)
        expect(score).toBeGreaterThanOrEqual(0)
        expect(score).toBeLessThanOrEqual(100)
      }),
    )
  })

  test('the same input gives the same assessment, and nothing that was handed in changes', () => {
    fc.assert(
      fc.property(anInput, ruled, (about, policy) => {
        const before = structuredClone({ about, policy })
        const made = assess({ ...about, policy })
        expect(assess(structuredClone({ ...about, policy }))).toEqual(made)
        expect({ about, policy }).toEqual(before)
      }),
    )
  })

  test('the order in which rules, reports, labels and memories are handed in changes no decision', () => {
    fc.assert(
      fc.property(anInput, ruled, (about, policy) => {
        const made = assess({ ...about, policy })
        const other = assess({
          ...about,
          labels: about.labels?.toReversed() ?? [],
          constraints: about.constraints.toReversed(),
          policy: {
            ...policy,
            rules: policy.rules.toReversed(),
            signal_floors: policy.signal_floors.toReversed(),
          },
        })
        const decided = ({ score, tier, outcome, steps, rule_matches }: typeof made) => ({
          score,
          tier,
          outcome,
          steps,
          rule_matches,
        })
        expect(decided(other)).toEqual(decided(made))
      }),
    )
  })

  test('outcome, tier and steps fit each other, and steps are those of the tier or more', () => {
    fc.assert(
      fc.property(anInput, ruled, (about, policy) => {
        const { tier, outcome, steps } = assess({ ...about, policy })
        expect(outcome === 'allow').toBe(tier === 'none')
        expect(outcome === 'block_escalate').toBe(tier === 'critical')
        expect(steps.length > 0).toBe(outcome === 'delay_verify')
        if (outcome === 'delay_verify') expect(steps).toEqual(expect.arrayContaining(policy.steps[tier]))
        expect(new Set(steps).size).toBe(steps.length)
      }),
    )
  })

  test('an unknown signal adds nothing, and what it would have read is listed', () => {
    fc.assert(
      fc.property(anInput, unruled, (about, policy) => {
        const facts = factsOf({ ...about, policy })
        const { reasons, unknown, family } = assess({ ...about, policy })
        for (const signal of allSignals.filter(({ appliesTo }) => appliesTo.includes(family))) {
          const finding = signal.evaluate(facts, policy.limits)
          expect(
            reasons.some(({ code }) => code === signal.code),
            signal.code,
          ).toBe(finding.state === 'raised')
          if (finding.state === 'unknown')
            expect(unknown).toEqual(expect.arrayContaining([...finding.missing]))
        }
      }),
    )
  })

  test('a fact of the moment that comes true never lowers score, tier or outcome', () => {
    const raises = fc.constantFrom(
      { call_active: true },
      { remote_access: true },
      { screen_shared: true },
      { payee_name_match: 'no_match' as const },
    )
    fc.assert(
      fc.property(anInput, unruled, raises, (about, policy, raise) => {
        const told = { ...about.event, context: { ...about.event.context, observed_at: now } }
        const before = assess({ ...about, event: told, policy })
        const after = assess({ ...about, event: { ...told, context: { ...told.context, ...raise } }, policy })
        expect(after.score).toBeGreaterThanOrEqual(before.score)
        expect(rank(after.tier)).toBeGreaterThanOrEqual(rank(before.tier))
        expect(severity[after.outcome]).toBeGreaterThanOrEqual(severity[before.outcome])
      }),
    )
  })

  test('a larger amount never lowers score, tier or outcome', () => {
    fc.assert(
      fc.property(anInput, unruled, fc.nat(100_000_000), (about, policy, more) => {
        const { amount } = about.event
        fc.pre(amount !== null)
        const before = assess({ ...about, policy })
        const larger = { ...about.event, amount: amount && { ...amount, value: amount.value + more } }
        const after = assess({ ...about, event: larger, policy })
        expect(after.score).toBeGreaterThanOrEqual(before.score)
        expect(rank(after.tier)).toBeGreaterThanOrEqual(rank(before.tier))
        expect(severity[after.outcome]).toBeGreaterThanOrEqual(severity[before.outcome])
      }),
    )
  })

  test('a fact that was told and is not any more never raises the score', () => {
    fc.assert(
      fc.property(anInput, unruled, (about, policy) => {
        const { user, network, location, context, telemetry } = about.event
        const silent = {
          ...about.event,
          user: { ...user, created_at: null, email_changed_at: null },
          network: { ...network, public: null, anonymizer: null },
          location: { ...location, country: null, city: null, lat: null, lon: null },
          context: {
            ...context,
            call_active: null,
            remote_access: null,
            screen_shared: null,
            payee_name_match: null,
          },
          telemetry: { ...telemetry, payee_pasted: null, dwell_ms: null, time_zone: null },
        }
        const before = assess({ ...about, policy })
        expect(assess({ ...about, event: silent, policy }).score).toBeLessThanOrEqual(before.score)
      }),
    )
  })

  test('weights, caps and labels: a more severe signal never lowers the sum, nor does one more of them', () => {
    const raised = (policy: Policy) =>
      fc.tuple(
        fc.constant(policy),
        fc
          .subarray([...allSignals])
          .chain((signals) =>
            fc.tuple(
              ...signals.map(({ code, family, source }) =>
                fc
                  .double({ min: 0.01, max: 1, noNaN: true })
                  .map((severe): RaisedSignal => ({ code, family, source, severity: severe, detail: '' })),
              ),
            ),
          ),
      )
    fc.assert(
      fc.property(
        unruled.chain(raised),
        someLabels,
        fc.nat(21),
        fc.double({ min: 0, max: 1, noNaN: true }),
        ([policy, found], labels, at, more) => {
          const { score } = scoreOf(found, [], policy, labels)
          const worse = found.map((signal, i) =>
            i === at ? { ...signal, severity: Math.min(1, signal.severity + more) } : signal,
          )
          expect(scoreOf(worse, [], policy, labels).score).toBeGreaterThanOrEqual(score)
          const fewer = found.filter((_, i) => i !== at)
          expect(scoreOf(fewer, [], policy, labels).score).toBeLessThanOrEqual(score)
        },
      ),
    )
  })
})
