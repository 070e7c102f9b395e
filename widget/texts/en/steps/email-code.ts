import { counted } from '../grammar.ts'

export const emailCode = {
  heading: 'Enter the code from your e-mail.',
  sent: (mailbox: string) => `We sent it to ${mailbox}.`,
  sending: (mailbox: string) => `It is on its way to ${mailbox}.`,
  compare: 'If the message is about something else, stop.',
  label: (digits: number) => `Code of ${digits} digits`,
  submit: 'Confirm the code',
  triesLeft: counted({ one: () => 'This is the last try', other: (tries) => `${tries} tries left` }),
  works: counted({
    one: (minutes) => `works for ${minutes} minute`,
    other: (minutes) => `works for ${minutes} minutes`,
  }),
  resend: 'Send a new code',
  resendIn: (seconds: number) => `Send a new code in ${seconds}`,
  errors: {
    wrong_code: 'That code does not match. Check the newest message.',
    malformed_code: 'That is not a whole code. Type all its digits, and nothing else.',
    code_expired: 'That code is too old. Send a new one.',
    resend_too_soon: 'Please wait a little before sending a new code.',
    no_resends_left: 'No more codes can be sent. Use the newest message.',
  },
}
