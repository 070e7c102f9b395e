import { quiet, raised, type Signal, unknown } from './signal.ts'

/** The browser's word, and innocent on most days. Whoever pastes a known payee knows them. */
export const pastedPayee: Signal = {
  code: 'PASTED_PAYEE',
  family: 'behaviour',
  defaultWeight: 4,
  source: 'client',
  reads: ['telemetry.payee_pasted', 'payee.known'],
  unit: 'yes or no',
  unknownMeans: 'the page does not use the telemetry script, or has no payee field',
  appliesTo: ['money_out'],
  evaluate: ({ 'telemetry.payee_pasted': pasted, 'payee.known': known }) => {
    if (pasted === null) return unknown('telemetry.payee_pasted')
    return pasted && !known ? raised(1, 'The payee’s details were pasted, not typed.') : quiet
  },
}
