import type { NormalisedEvent } from '#contract/normalised-event'
import type { Contact } from '#contract/steps/step-contract'
import { mailboxFor } from './mailbox.ts'

const contacts: readonly {
  contact: Contact
  addressFor: (event: NormalisedEvent, now: number) => string | null
}[] = [{ contact: 'mailbox', addressFor: mailboxFor }]

/** The ways in which the person may confirm: those with something on file that this action doesn't change. */
export const contactsOf = (event: NormalisedEvent, now: number): Contact[] =>
  contacts.filter(({ addressFor }) => addressFor(event, now) !== null).map(({ contact }) => contact)
