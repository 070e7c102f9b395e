import * as z from 'zod/mini'
import { codeErrors, codeOutcomes, codeScreenFields, codeSubmits } from './code.ts'
import type { StepContract } from './step-contract.ts'

/** Mailbox confirmation: a code to the address on file. */
export const emailCode = {
  type: 'email_code',
  submits: codeSubmits,
  screen: z.strictObject({
    screen: z.literal('email_code'),
    /** Masked: `a•••@example.com`. */
    mailbox: z.string(),
    ...codeScreenFields,
  }),
  errors: codeErrors,
  outcomes: codeOutcomes,
  contact: 'mailbox',
  asks_of_guidance: false,
} as const satisfies StepContract
