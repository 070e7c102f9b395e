import { targetName } from '../actions.ts'

export const confirmAction = {
  heading: 'Is this exactly what you want?',
  explanation: 'Read each line. If one is wrong, say so.',
  answers: {
    confirmed: 'Yes, exactly this',
    denied: 'No, something is different',
    not_sure: 'I’m not sure',
  },
  rows: { amount: 'Amount', payee: 'To', account: 'Account', target: targetName, location: 'Asked from' },
  accountEnding: (ending: string) => `ending ${ending}`,
  newPayee: 'new for you',
}
