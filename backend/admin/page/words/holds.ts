import type { CallBackNumber, CallBackOutcome } from '#contract/hold'

/** The call that releases a hold. */

/** How the person was reached. There is no word for a number that came with the attempt. */
export const callBackNumberWords: Record<CallBackNumber, string> = {
  on_file: 'We called the number on file',
  card: 'They called the number on their card, or our support number',
  in_person: 'In person, with a document',
}

export const callBackOutcomeWords: Record<CallBackOutcome, string> = {
  own_decision: 'It is their own decision; nobody told them what to answer',
  contact_ended: 'Somebody was guiding them; they know, and that contact is over',
}
