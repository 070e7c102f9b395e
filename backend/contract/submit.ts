import * as z from 'zod/mini'
import { reportMaxLength } from './session-view.ts'
import { stepSubmits } from './step.ts'

/**
 * What a person may submit, as one closed union: `POST /checkpoint/{action}` with a form or JSON. Every submit carries the
 * session key and the step token of the screen it answers. Beside what the steps take there is what every screen takes.
 */
const report = z.strictObject({
  action: z.literal('report'),
  details: z._default(z.string().check(z.maxLength(reportMaxLength)), ''),
})
const cancel = z.strictObject({ action: z.literal('cancel') })

export const submits = [...stepSubmits, report, cancel]
export const submit = z.discriminatedUnion('action', [report, cancel, ...stepSubmits])

/** What the machine is asked to do, after parsing. */
export type Submit = z.infer<typeof submit>
export type SubmitAction = Submit['action']
