import * as z from 'zod/mini'

/** What steps have in common that ask for a code which was sent to the person. */

export const codeSubmits = [
  z.strictObject({ action: z.literal('respond'), code: z.string().check(z.maxLength(64)) }),
  z.strictObject({ action: z.literal('resend') }),
] as const

/** What became of a message so far. */
export const codeDelivery = z.enum(['sending', 'sent', 'retrying'])
export type CodeDelivery = z.infer<typeof codeDelivery>

/** The fields of their screens beside the masked address. Times are epoch milliseconds. */
export const codeScreenFields = {
  digits: z.int(),
  tries_left: z.int(),
  resends_left: z.int(),
  resend_at: z.int(),
  expires_at: z.int(),
  delivery: codeDelivery,
}

/** What their screens have in common. */
export type CodeScreen = {
  [Field in keyof typeof codeScreenFields]: z.infer<(typeof codeScreenFields)[Field]>
}

export const codeErrors = [
  'wrong_code',
  'malformed_code',
  'code_expired',
  'resend_too_soon',
  'no_resends_left',
] as const

export const codeOutcomes = { passing: ['verified'], others: ['failed_unverified'] } as const
