/**
 * A throw-away step, as its author would write it: a code to the phone, by way of a gateway that takes mail. Each file under
 * the path that it gets, and the line that it adds to each list.
 */

export const files: Record<string, string> = {
  'backend/contract/steps/sms-code.ts': `import * as z from 'zod/mini'
import { codeErrors, codeOutcomes, codeScreenFields, codeSubmits } from './code.ts'
import type { StepContract } from './step-contract.ts'

export const smsCode = {
  type: 'sms_code',
  submits: codeSubmits,
  screen: z.strictObject({ screen: z.literal('sms_code'), phone: z.string(), ...codeScreenFields }),
  errors: codeErrors,
  outcomes: codeOutcomes,
  contact: null,
  asks_of_guidance: false,
} as const satisfies StepContract
`,
  'backend/session/steps/sms-code.ts': `import type * as z from 'zod/mini'
import { smsCode as contract } from '#contract/steps/sms-code'
import { mailboxSendLimit, userCodeLimit } from '../counter.ts'
import { type CodeChannel, codeLife, codeScreenOf, codeState } from '../one-time-code.ts'
import { lifeOfType, type StepDefinition } from '../step-definition.ts'
import { storedStep } from '../stored-step.ts'

const stored = storedStep(contract, codeState)
type SmsCode = z.infer<typeof stored>

export const smsCode: StepDefinition<typeof stored> = {
  stored,
  life: lifeOfType<SmsCode>('sms_code', (own) => ({
    ...codeLife(own, phone),
    view: (session, now) => ({
      screen: 'sms_code',
      phone: (session.event.user.phone ?? '').slice(-3),
      ...codeScreenOf(own, now),
    }),
  })),
}

const phone: CodeChannel = {
  addressIn: ({ event }) => event.user.phone,
  boundTo: (session) => session.request.action_digest + '/sms_code',
  guessLimits: ({ event }) => [{ _id: 'code-user/' + event.keys.user, limit: userCodeLimit }],
  messageLimit: ({ event }) => ({ _id: 'send-mailbox/' + event.keys.mailbox, limit: mailboxSendLimit }),
  message: (to, code, _session, { company }) => ({
    channel: 'mail',
    to: to.replace('+', '') + '@sms.example',
    subject: company,
    text: code,
    html: code,
  }),
}
`,
  'widget/screens/sms-code.ts': `import { html } from 'lit/html.js'
import { codeForm, resendCountdown, resendForm } from './code-form.ts'
import { defineScreen } from './define-screen.ts'
import { errorMessage } from './error-message.ts'
import { heading } from './heading.ts'
import { stopForm } from './stop-form.ts'

export const smsCode = defineScreen('sms_code', (view, texts) => {
  const words = texts.steps.sms_code
  return {
    title: words.heading,
    countdown: resendCountdown(words),
    body: html\`<div class="ask">
      \${heading(words.heading)}<p>\${words.sent(view.screen.phone)}</p>
      \${errorMessage(view, texts)} \${codeForm(view, words)} \${resendForm(view, words)}
    </div>\${stopForm(view, texts)}\`,
  }
})
`,
  'widget/texts/en/steps/sms-code.ts': `import { emailCode } from './email-code.ts'

export const smsCode = {
  ...emailCode,
  heading: 'Enter the code from your phone.',
  sent: (phone: string) => \`We sent it to the number that ends in \${phone}.\`,
}
`,
  'backend/admin/page/words/steps/sms-code.ts': `import type { StepWords } from '../step-words.ts'

export const smsCode: StepWords = { title: 'Phone confirmation', short: 'phone code', message: 'code by text message' }
`,
}

type Edit = { find: string; put: string }
const named = 'email_code: emailCode,'
const row: Edit = { find: named, put: `${named}\n  sms_code: smsCode,` }

/** Each list: where its file is imported from, and its one row. */
export const lists: Record<string, { from: string } & Edit> = {
  'backend/contract/step.ts': {
    from: './steps/sms-code.ts',
    find: 'pause, emailCode]',
    put: 'pause, emailCode, smsCode]',
  },
  'backend/session/steps/all-steps.ts': { from: './sms-code.ts', ...row },
  'widget/screens/screen.ts': { from: './sms-code.ts', ...row },
  'widget/texts/en/screens.ts': { from: './steps/sms-code.ts', ...row },
  'backend/admin/page/words/steps.ts': { from: './steps/sms-code.ts', ...row },
}
