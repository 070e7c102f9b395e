import type { Wording } from '../wording.ts'
import { counted } from './grammar.ts'

/**
 * English mail. Requirements: neither code nor payee in the subject; the warning before the code; no links, no images; the
 * payee only as "the name you typed", because a caller may have dictated it.
 */

type MailFacts = { amount: string | null; payee: string | null; ending: string | null }

const subjectThing: Record<Wording, (amount: string | null) => string> = {
  transfer: (amount) => `your ${amount ? `${amount} ` : ''}transfer`,
  large_transfer: (amount) => `your ${amount ? `${amount} ` : ''}transfer`,
  add_payee: () => 'your new payee',
  bulk_order: (amount) => `your ${amount ? `${amount} ` : ''}order`,
  raise_limit: () => 'your new limit',
  loan: (amount) => `your ${amount ? `${amount} ` : ''}loan`,
  change_email: () => 'your change of e-mail address',
  change_password: () => 'your change of password',
  admin_action: () => 'your change as administrator',
  export_data: () => 'your data export',
  close_account: () => 'closing your account',
  login: () => 'your sign-in',
  password_reset: () => 'your password reset',
  generic: (amount) => `your ${amount ? `${amount} ` : ''}request`,
}

const named = ({ payee, ending }: MailFacts) =>
  `${payee ? ` to the name you typed: "${payee}"` : ''}${ending ? ` (account ending ${ending})` : ''}`
const sent = (facts: MailFacts) => `to send ${facts.amount ?? 'money'}${named(facts)}`

const asked: Record<Wording, (facts: MailFacts) => string> = {
  transfer: sent,
  large_transfer: sent,
  add_payee: ({ payee, ending }) =>
    `to add a payee${payee ? `, with the name you typed: "${payee}"` : ''}${ending ? ` (account ending ${ending})` : ''}`,
  bulk_order: ({ amount }) => `to place an order${amount ? ` for ${amount}` : ''}`,
  raise_limit: ({ amount }) => `to raise your limit${amount ? ` to ${amount}` : ''}`,
  loan: ({ amount }) => (amount ? `to borrow ${amount}` : 'to take out a loan'),
  change_email: () => 'to change your e-mail address',
  change_password: () => 'to change your password',
  admin_action: () => 'to make a change as administrator',
  export_data: () => 'to export data',
  close_account: () => 'to close your account',
  login: () => 'to sign in to your account',
  password_reset: () => 'to reset your password',
  generic: (facts) => (facts.amount ? `to go ahead with ${facts.amount}${named(facts)}` : 'to go ahead'),
}

export const mail = {
  code: {
    subject: (company: string, thing: string) => `${company}: ${thing}`,
    subjectThing,
    asked: (what: string) => `You asked ${what}.`,
    askedWhat: asked,
    warning: (company: string) =>
      `If someone is asking you for this code, they are not from ${company}. Nobody at ${company} will ever ask for it.`,
    code: 'Your code:',
    lifetime: counted({
      one: (minutes) => `It works for ${minutes} minute.`,
      other: (minutes) => `It works for ${minutes} minutes.`,
    }),
    notYou: (phone: string | null, company: string) =>
      phone
        ? `Didn’t ask for this? Call ${phone}.`
        : `Didn’t ask for this? Call ${company} on a number you already have.`,
  },
  alert: {
    subject: (company: string, reference: string) => `${company}: incident ${reference} opened`,
    opened: 'A checkpoint stopped an action and opened an incident.',
    rows: { incident: 'Incident', reference: 'Case reference', action: 'Action', user: 'User' },
    next: 'The incident is in the analysts’ page, with what was asked, shown and answered.',
  },
  enforcement: {
    subject: (company: string) => `${company}: less is enforced from now on`,
    changed:
      'Somebody changed which decisions are carried out. Actions that were asked about or stopped before may now be let through.',
    rows: { environment: 'Environment', what: 'What now counts', by: 'Changed by', at: 'When' },
    next: 'If you did not expect this, look at Enforcement in the analysts’ page. It shows what is let through, and takes it back.',
  },
}
