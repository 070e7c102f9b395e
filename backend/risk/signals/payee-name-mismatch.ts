import { quiet, raised, type Signal, unknown } from './signal.ts'

export const payeeNameMismatch: Signal = {
  code: 'PAYEE_NAME_MISMATCH',
  family: 'scam',
  defaultWeight: 16,
  source: 'site',
  reads: ['context.payee_name_match'],
  unit: 'match, close or no match',
  unknownMeans:
    'nobody compared the typed name with the account holder, or the bank of the payee does not answer',
  appliesTo: ['money_out'],
  evaluate: ({ 'context.payee_name_match': match }) => {
    if (match === null) return unknown('context.payee_name_match')
    if (match === 'no_match')
      return raised(1, 'The name typed for the payee is not the name of the account holder.')
    // A nickname or a maiden name is close: as common among honest first payments as among stolen ones.
    return match === 'close'
      ? raised(0.2, 'The name typed for the payee only resembles the account holder’s.')
      : quiet
  },
}
