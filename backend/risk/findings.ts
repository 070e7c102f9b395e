import type { SignalCode } from '#contract/outcome'
import type { FactName, Facts } from './facts/all-facts.ts'
import type { Policy } from './policy.ts'
import type { RaisedSignal } from './score.ts'
import { allSignals } from './signals/all-signals.ts'

/** What the signals for this kind of action found. A signal in neither list was quiet. */
export type Findings = {
  raised: RaisedSignal[]
  unknown: SignalCode[]
  /** Facts that unknown signals missed, once for each signal that missed them. */
  missing: FactName[]
}

/** Asks every signal about the facts. Pure. */
export function findingsOf(facts: Facts, policy: Policy): Findings {
  const findings: Findings = { raised: [], unknown: [], missing: [] }
  for (const signal of allSignals) {
    if (!signal.appliesTo.includes(facts['action.family'])) continue
    const finding = signal.evaluate(facts, policy.limits)
    if (finding.state === 'unknown') {
      findings.unknown.push(signal.code)
      findings.missing.push(...finding.missing)
    }
    if (finding.state === 'raised')
      findings.raised.push({
        code: signal.code,
        family: signal.family,
        source: signal.source,
        relieves: signal.relieves,
        severity: finding.severity,
        detail: finding.detail,
        unverified: finding.unverified,
      })
  }
  return findings
}
