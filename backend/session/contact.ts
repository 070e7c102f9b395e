import type { NormalisedEvent } from '#contract/normalised-event'
import { contactsNeeded, type StepType } from '#contract/step'
import type { Contact } from '#contract/steps/step-contract'
import { mailboxFor } from './mailbox.ts'

const addressFor: Record<Contact, (event: NormalisedEvent, now: number) => string | null> = {
  mailbox: mailboxFor,
}

/** Whether one of these steps could not be passed, because there is nothing on file by which the person may confirm. */
export const lacksContact = (steps: readonly StepType[], event: NormalisedEvent, now: number): boolean =>
  contactsNeeded(steps).some((contact) => addressFor[contact](event, now) === null)
