import * as z from 'zod/mini'

/** In minor units of an ISO 4217 currency. */
export const money = z.strictObject({ value: z.int(), currency: z.string() })
