import type { NormalisedEvent } from '#contract/normalised-event'
import type { Contact } from '#contract/steps/step-contract'
import { mailboxFor } from './mailbox.ts'

type StoredKeys = Pick<NormalisedEvent['keys'], 'mailbox'>

const contacts: readonly {
  contact: Contact
  addressFor: (event: NormalisedEvent, now: number) => string | null
  /** The digest of that address; stored events keep it, and reports read no address. */
  keyOf: (keys: StoredKeys) => string | null
}[] = [{ contact: 'mailbox', addressFor: mailboxFor, keyOf: ({ mailbox }) => mailbox }]

/** The ways in which the person may confirm: those with something on file that this action doesn't change. */
export const contactsOf = (event: NormalisedEvent, now: number): Contact[] =>
  contacts.filter(({ addressFor }) => addressFor(event, now) !== null).map(({ contact }) => contact)

/** The same of a stored event, by its keys. */
export const storedContacts = (keys: StoredKeys): Contact[] =>
  contacts.filter(({ keyOf }) => keyOf(keys) !== null).map(({ contact }) => contact)
