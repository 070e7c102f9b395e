import type { SignalCode } from '#contract/outcome'
import type { FactName, Facts } from './facts/all-facts.ts'
import type { Policy } from './policy.ts'
import type { RaisedSignal } from './score.ts'
import { allSignals } from './signals/all-signals.ts'

/** What every signal that judges this kind of action found; whichever is in neither list was quiet. */
export type Findings = {
  raised: RaisedSignal[]
  unknown: SignalCode[]
  /** Facts that an unknown signal missed, as often as one did. */
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
        severity: finding.severity,
        detail: finding.detail,
        unverified: finding.unverified,
      })
  }
  return findings
}
