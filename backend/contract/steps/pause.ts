import * as z from 'zod/mini'
import type { StepContract } from './step-contract.ts'

/** A wait that the server enforces. */
export const pause = {
  type: 'pause',
  submits: [z.strictObject({ action: z.literal('continue') })],
  screen: z.strictObject({ screen: z.literal('pause'), continue_at: z.int() }),
  errors: ['pause_not_over'],
  outcomes: { passing: ['waited'], others: [] },
  contact: null,
  asks_of_guidance: false,
} as const satisfies StepContract
