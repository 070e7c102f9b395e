import type { ActionFacts } from '../texts.ts'
import type { Wording } from '../wording.ts'

/** English for what depends on the kind of action. The requirements of `screens.ts` hold; each sentence fits its own kind. */

const toPayee = ({ payee, ending }: ActionFacts) =>
  `${payee ? ` to ${payee}` : ''}${ending ? `${payee ? ',' : ' to an'} account ending ${ending}` : ''}`
const send = (facts: ActionFacts) => `Send ${facts.amount ?? 'money'}${toPayee(facts)}`
const about = (start: string) => (facts: ActionFacts) => (facts.target ? `${start}: ${facts.target}` : start)

export const actionLine: Record<Wording, (facts: ActionFacts) => string> = {
  transfer: send,
  large_transfer: send,
  add_payee: ({ payee, ending }) =>
    `Add ${payee ?? 'somebody'} to the people you pay${ending ? `, account ending ${ending}` : ''}`,
  bulk_order: ({ amount }) => (amount ? `Place an order for ${amount}` : 'Place a large order'),
  raise_limit: ({ amount }) => (amount ? `Raise your limit to ${amount}` : 'Raise your limit'),
  loan: ({ amount }) => (amount ? `Borrow ${amount}` : 'Take out a loan'),
  change_email: ({ target }) =>
    target ? `Change your e-mail address to ${target}` : 'Change your e-mail address',
  change_password: about('Change your password'),
  admin_action: about('Make a change as administrator'),
  export_data: about('Export data'),
  close_account: about('Close your account'),
  login: about('Sign in to your account'),
  password_reset: about('Reset your password'),
  generic: (facts) =>
    facts.amount
      ? `Go ahead with ${facts.amount}${toPayee(facts)}`
      : about(`Go ahead with ${facts.name.replaceAll('_', ' ')}`)(facts),
}

const neverMoney = (company: string) => `${company} will never phone you and tell you to move money.`
const neverAccess = (company: string) => `${company} will never phone you and tell you to change this.`

export const neverCalls: Record<Wording, (company: string) => string> = {
  transfer: neverMoney,
  large_transfer: neverMoney,
  add_payee: (company) => `${company} will never phone you and tell you to add a payee.`,
  bulk_order: (company) => `${company} will never phone you and tell you to place an order.`,
  raise_limit: (company) => `${company} will never phone you and tell you to raise a limit.`,
  loan: (company) => `${company} will never phone you and tell you to borrow money.`,
  change_email: neverAccess,
  change_password: neverAccess,
  admin_action: neverAccess,
  export_data: (company) => `${company} will never phone you and ask for a copy of your data.`,
  close_account: (company) => `${company} will never phone you and tell you to close your account.`,
  login: (company) => `${company} will never phone you and ask you to sign in.`,
  password_reset: (company) => `${company} will never phone you and ask you to reset your password.`,
  generic: (company) => `${company} will never phone you and tell you to do this.`,
}

const targetNames: Partial<Record<Wording, string>> = {
  change_email: 'New address',
  export_data: 'What',
  close_account: 'Which',
}

/** What `target` is called before it on a line. An export, for example, is not called a change. */
export const targetName = (wording: Wording): string => targetNames[wording] ?? 'Change'

export const stop: Record<Wording, string> = {
  transfer: 'Stop this payment',
  large_transfer: 'Stop this payment',
  add_payee: 'Stop adding this payee',
  bulk_order: 'Stop this order',
  raise_limit: 'Keep my limit as it is',
  loan: 'Stop this loan',
  change_email: 'Stop this change',
  change_password: 'Stop this change',
  admin_action: 'Stop this change',
  export_data: 'Stop this export',
  close_account: 'Keep my account open',
  login: 'Stop this sign-in',
  password_reset: 'Stop this change',
  generic: 'Stop this',
}

/** True for every end except `allowed`. It is the first thing that a frightened person wants to know. */
export const nothingHappened: Record<Wording, string> = {
  transfer: 'Nothing has been sent.',
  large_transfer: 'Nothing has been sent.',
  add_payee: 'Nobody has been added.',
  bulk_order: 'Nothing has been ordered.',
  raise_limit: 'Your limit has not been raised.',
  loan: 'Nothing has been borrowed.',
  change_email: 'Nothing has been changed.',
  change_password: 'Nothing has been changed.',
  admin_action: 'Nothing has been changed.',
  export_data: 'Nothing has been exported.',
  close_account: 'Your account is still open.',
  login: 'Nobody has been signed in.',
  password_reset: 'Nothing has been changed.',
  generic: 'Nothing has been done.',
}

/**
 * What a person can do again when a hold has ended. Nothing is carried out by itself then: no sentence may sound as if
 * waiting carried it out.
 */
export const startAgain: Record<Wording, string> = {
  transfer: 'You can start this payment again',
  large_transfer: 'You can start this payment again',
  add_payee: 'You can start adding this payee again',
  bulk_order: 'You can start this order again',
  raise_limit: 'You can ask for a new limit again',
  loan: 'You can ask for this loan again',
  change_email: 'You can start this change again',
  change_password: 'You can start this change again',
  admin_action: 'You can start this change again',
  export_data: 'You can start this export again',
  close_account: 'You can ask to close your account again',
  login: 'You can sign in again',
  password_reset: 'You can reset your password again',
  generic: 'You can start this again',
}
