import { severityBetween } from './severity.ts'
import { quiet, raised, type Signal, unknown } from './signal.ts'

/** Nobody reads, fills in and sends a payment faster than this. */
const leastTypingMs = 4_000
const leastPastingMs = 2_000
/** At a quarter of that it is certainly no person. */
const certainFactor = 4

/**
 * A form with a new payee, sent sooner than a person could fill it: by a script, or by a remote operator who pastes what
 * was prepared. A payment to a known payee may be one tap. Whether the payee was pasted is the page's word; unknown counts
 * as pasted, which takes less time.
 */
export const automationSuspected: Signal = {
  code: 'AUTOMATION_SUSPECTED',
  family: 'behaviour',
  defaultWeight: 5,
  source: 'client',
  reads: ['telemetry.dwell_ms', 'telemetry.payee_pasted', 'payee', 'payee.known'],
  unit: 'milliseconds on the form, against 4,000 for typing a payee and 2,000 for pasting one',
  unknownMeans: 'the page does not use the telemetry script, or did not measure the form',
  appliesTo: ['money_out'],
  evaluate: (facts) => {
    const { 'telemetry.dwell_ms': dwell, 'telemetry.payee_pasted': pasted } = facts
    if (dwell === null) return unknown('telemetry.dwell_ms')
    if (facts.payee === null || facts['payee.known']) return quiet
    const severity = severityBetween(
      (pasted === false ? leastTypingMs : leastPastingMs) / dwell,
      1,
      certainFactor,
    )
    return severity === 0
      ? quiet
      : raised(severity, `The form with a payee not known was filled and sent within ${dwell} ms.`)
  },
}
