import type * as z from 'zod/mini'
import { emailCode as contract } from '#contract/steps/email-code'
import { codeMail } from '../../../widget/texts/mail-texts.ts'
import { actionOf } from '../action-view.ts'
import { mailboxCodeLimit, mailboxSendLimit, userCodeLimit } from '../counter.ts'
import type { Session } from '../document.ts'
import { mailboxFor, maskMailbox } from '../mailbox.ts'
import { type CodeChannel, codeLife, codeLifetimeSeconds, codeScreenOf, codeState } from '../one-time-code.ts'
import { lifeOfType, type StepDefinition } from '../step-definition.ts'
import { storedStep } from '../stored-step.ts'

const stored = storedStep(contract, codeState)
type EmailCode = z.infer<typeof stored>

/** Mailbox confirmation: a code to the address on file. The message names the action and warns not to read it out. */
export const emailCode: StepDefinition<typeof stored> = {
  stored,
  life: lifeOfType<EmailCode>('email_code', (own) => ({
    ...codeLife(own, mailbox),
    view: (session, now) => {
      const address = addressIn(session)
      return {
        screen: 'email_code',
        mailbox: address === null ? '' : maskMailbox(address),
        ...codeScreenOf(own, now),
      }
    },
  })),
}

const addressIn = (session: Session): string | null => mailboxFor(session.event, session.created_at)

const mailbox: CodeChannel = {
  addressIn,
  boundTo: (session) => session.request.action_digest,
  guessLimits: ({ event: { keys } }) => [
    { _id: `code-user/${keys.user}`, limit: userCodeLimit },
    ...(keys.mailbox === null ? [] : [{ _id: `code-mailbox/${keys.mailbox}`, limit: mailboxCodeLimit }]),
  ],
  messageLimit: ({ event: { keys } }) =>
    keys.mailbox === null ? null : { _id: `send-mailbox/${keys.mailbox}`, limit: mailboxSendLimit },
  message: (to, code, session, { company, supportPhone, language }) => ({
    channel: 'mail',
    to,
    ...codeMail({
      company,
      action: actionOf(session),
      code,
      lifetimeSeconds: codeLifetimeSeconds,
      supportPhone,
      language,
    }),
  }),
}
