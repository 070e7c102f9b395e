import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { labelFamily, labelProvenance, subjectType } from '#contract/label'
import type { Reason } from '#contract/outcome'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import type { ActiveLabel } from '../../backend/risk/labels/active-labels.ts'
import { policySchema } from '../../backend/risk/policy.ts'
import { type RaisedSignal, scoreOf } from '../../backend/risk/score.ts'
import { allSignals } from '../../backend/risk/signals/all-signals.ts'
import { now } from './events.ts'

/** Whatever signals are raised, whatever labels count, and whatever a policy lets labels do. */

const someRaised: fc.Arbitrary<RaisedSignal[]> = fc
  .array(fc.tuple(fc.constantFrom(...allSignals), fc.double({ min: 0.01, max: 1, noNaN: true })), {
    maxLength: 12,
  })
  .map((list) =>
    list
      .map(([{ code, family, source }, severity]) => ({ code, family, source, severity, detail: '' }))
      .filter(({ code }, i, all) => all.findIndex((other) => other.code === code) === i),
  )

const aLabel = (...names: ActiveLabel['label'][]): fc.Arbitrary<ActiveLabel> =>
  fc.record({
    subject: fc.constantFrom(...subjectType.options),
    label: fc.constantFrom(...names),
    family: fc.constantFrom(...labelFamily.options),
    provenance: fc.constantFrom(...labelProvenance.options),
    expires_at: fc.constant(now + 1),
  })
const someLabels = fc.array(aLabel('known_legit', 'suspected_risky', 'known_risky'), { maxLength: 6 })
const someLegit = fc.array(aLabel('known_legit'), { maxLength: 6 })

const aPolicy = fc
  .record({
    known_risky: fc.nat(100),
    suspected_risky: fc.nat(100),
    risky_cap: fc.nat(100),
    known_legit: fc.nat(100),
    legit_cap: fc.nat(100),
    weak_legit_cap: fc.nat(100),
  })
  .map((points) => {
    const suspected_risky = Math.min(points.suspected_risky, points.known_risky)
    const labels = { ...defaultPolicy.labels, ...points, suspected_risky }
    return policySchema.parse({ ...defaultPolicy, labels })
  })

const sum = (reasons: readonly Reason[]): number => reasons.reduce((total, { points }) => total + points, 0)
const inFamily = (reasons: readonly Reason[], family: string): Reason[] =>
  reasons.filter((reason) => reason.family === family)

describe('labels', () => {
  test('leave a whole score between 0 and 100 that the reasons sum to, with a reason each', () => {
    fc.assert(
      fc.property(someRaised, someLabels, aPolicy, (raised, labels, policy) => {
        const { score, reasons } = scoreOf(raised, [], policy, labels)
        expect(sum(reasons)).toBe(score)
        expect(reasons.every(({ points }) => Number.isInteger(points))).toBe(true)
        expect(score).toBeGreaterThanOrEqual(0)
        expect(score).toBeLessThanOrEqual(100)
        const named = reasons.filter(({ code }) => /_LABELLED$|^DEVICE_KNOWN_/.test(code))
        expect(named).toHaveLength(labels.length)
      }),
    )
  })

  test('that clear lower no more than their bounds, no family below nothing, and the scam family never', () => {
    fc.assert(
      fc.property(someRaised, someLegit, aPolicy, (raised, labels, policy) => {
        const before = scoreOf(raised, [], policy)
        const after = scoreOf(raised, [], policy, labels)
        expect(after.score).toBeLessThanOrEqual(before.score)
        expect(before.score - after.score).toBeLessThanOrEqual(policy.labels.legit_cap)
        expect(sum(inFamily(after.reasons, 'scam'))).toBe(sum(inFamily(before.reasons, 'scam')))
        for (const family of labelFamily.options)
          expect(sum(inFamily(after.reasons, family)), family).toBeGreaterThanOrEqual(0)
        const weak = labels.filter(({ provenance }) => policy.labels.weak_provenances.includes(provenance))
        const byWord = before.score - scoreOf(raised, [], policy, weak).score
        expect(byWord).toBeLessThanOrEqual(policy.labels.weak_legit_cap)
      }),
    )
  })

  test('that clear leave at least what the other families alone would score', () => {
    fc.assert(
      fc.property(someRaised, someLegit, aPolicy, (raised, labels, policy) => {
        const cleared = new Set<string>(labels.map(({ family }) => family))
        const others = raised.filter(({ family }) => !cleared.has(family) || family === 'scam')
        const least = scoreOf(others, [], policy).score
        // What one family's browser hints no longer use up of that cap, another's may.
        const spare = policy.client_cap
        expect(scoreOf(raised, [], policy, labels).score).toBeGreaterThanOrEqual(least - spare)
      }),
    )
  })

  test('that warn never lower a score, and add no more than their cap', () => {
    const warning = aLabel('known_risky', 'suspected_risky')
    fc.assert(
      fc.property(someRaised, someLabels, warning, aPolicy, (raised, labels, one, policy) => {
        const before = scoreOf(raised, [], policy, labels).score
        const after = scoreOf(raised, [], policy, [...labels, one]).score
        expect(after).toBeGreaterThanOrEqual(before)
        expect(after - before).toBeLessThanOrEqual(policy.labels.risky_cap)
      }),
    )
  })

  test('that warn never block alone, with any weak signals, whatever they are worth', () => {
    const hints = someRaised.map((raised) =>
      raised.filter(({ family }) => family !== 'payment' && family !== 'scam'),
    )
    const warning = aLabel('known_risky', 'suspected_risky')
    fc.assert(
      fc.property(hints, someLegit, warning, aPolicy, (raised, legit, one, policy) => {
        const { score } = scoreOf(raised, [], policy, [...legit, one])
        expect(score).toBeLessThan(policy.thresholds.critical)
      }),
    )
  })

  test('that are more severe never score less', () => {
    fc.assert(
      fc.property(someRaised, someLabels, fc.nat(5), aPolicy, (raised, labels, at, policy) => {
        const worse = labels.map((label, i) =>
          i === at && label.label !== 'known_legit' ? { ...label, label: 'known_risky' as const } : label,
        )
        const before = scoreOf(raised, [], policy, labels).score
        expect(scoreOf(raised, [], policy, worse).score).toBeGreaterThanOrEqual(before)
      }),
    )
  })
})
