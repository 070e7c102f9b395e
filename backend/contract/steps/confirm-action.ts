import * as z from 'zod/mini'
import type { StepContract } from './step-contract.ts'

export const confirmAnswer = z.enum(['confirmed', 'denied', 'not_sure'])
export type ConfirmAnswer = z.infer<typeof confirmAnswer>

/** Whether the action, the payee and the place are exactly what the person wants. */
export const confirmAction = {
  type: 'confirm_action',
  submits: [z.strictObject({ action: z.literal('confirm'), answer: confirmAnswer })],
  screen: z.strictObject({ screen: z.literal('confirm_action') }),
  errors: [],
  outcomes: { passing: ['confirmed'], others: ['denied', 'abandoned'] },
  contact: null,
  asks_of_guidance: false,
} as const satisfies StepContract
