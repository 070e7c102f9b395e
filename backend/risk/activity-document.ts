import * as z from 'zod/mini'
import { storedFields } from '../store/define-collection.ts'

const ms = z.int()

/** What went out within one hour or one day. `sums`: by currency, minor units, in at most `maxCurrenciesEach` of them. */
const bucket = z.strictObject({
  from: ms,
  payments: z.int(),
  sums: z.array(z.strictObject({ currency: z.string(), value: z.number() })),
})
export type Bucket = z.infer<typeof bucket>

/**
 * Payments that went out to a payee, from a device or from a network, whoever made them: counted by hour and by day, so that
 * it stays small however many they are. Written only while a rule reads it. The subject is a keyed digest in the id.
 */
export const activityDocument = z.strictObject({
  ...storedFields,
  hours: z.array(bucket),
  days: z.array(bucket),
  /** Events counted last: what is told twice counts once. */
  counted: z.array(z.string()),
})
export type Activity = z.infer<typeof activityDocument>

export const maxCountedIds = 64
export const maxCurrenciesEach = 4
