import * as z from 'zod/mini'
import { storedFields } from '../store/define-collection.ts'

/**
 * What we remember of one user: one document of bounded size, so that a decision costs the same after ten events and
 * after a million. Subjects are keyed digests; no name, address or account number lies here.
 *
 * Everything learned is a minimum, a maximum or the first few of an ordered set. Learning the same event again, or two
 * events in the other order, therefore gives the same profile: nothing is counted up.
 */

export const maxAttempts = 64
export const maxLearnedIds = 32
export const maxDevices = 16
export const maxPayees = 64
export const maxPlaces = 16
export const maxCurrencies = 4
export const maxAmounts = 32
/** Payments remembered of one payee, the latest ones. */
export const maxPaymentsEach = 8
/** Payments remembered of how a payee began: the first, and the latest ones. */
export const maxOpening = 8

const ms = z.int()

/** One attempt, and what became of it as far as is known. It keeps the action, because only a policy knows its family. */
const attempt = z.strictObject({
  id: z.string(),
  at: ms,
  action: z.string(),
  value: z.nullable(z.int()),
  currency: z.nullable(z.string()),
  payee: z.nullable(z.string()),
  /** Whether it went out: a spent decision or a reported result did, anything else that ended did not. */
  state: z.enum(['open', 'sent', 'over']),
  /** The end of its time if it is open, whether or not anybody writes that down. */
  open_until: ms,
  /** The open attempt that this one repeats: tries of one payment, of which one goes out. */
  repeats: z.nullable(z.string()),
})
export type Attempt = z.infer<typeof attempt>

const seen = { first_at: ms, last_at: ms }
const device = z.strictObject({ key: z.string(), ...seen })
export type DeviceMemory = z.infer<typeof device>
const place = z.strictObject({ country: z.string(), city: z.nullable(z.string()), ...seen })

/** Coarse coordinates: a tenth of a degree. */
const position = z.strictObject({ lat: z.number(), lon: z.number(), at: ms })
export type Position = z.infer<typeof position>

/** `hour`: of the day by the person's own clock; null when the browser named no zone. */
const learnedEvent = z.strictObject({ id: z.string(), at: ms, hour: z.nullable(z.int()) })

const payee = z.strictObject({
  key: z.string(),
  ...seen,
  /**
   * Times of the latest payments, ascending: of their arrival, or as the history says. Two of the same millisecond count as
   * one.
   */
  paid_at: z.array(ms),
  /** The largest single payment per currency. */
  largest: z.array(z.strictObject({ currency: z.string(), value: z.int() })),
  /**
   * The first payment and the latest ones, ascending, until the payee is older than `youngPayeeDays`; then none. Time, currency
   * and minor units: two of the same millisecond and amount count as one.
   */
  opening: z.array(z.tuple([ms, z.string(), z.int()])),
  /** Whether the site's history told of it, and not its events alone. */
  by_history: z.boolean(),
})
export type PayeeMemory = z.infer<typeof payee>

/**
 * What is usual in one currency: the latest amounts, their median, and their median absolute deviation. One large payment
 * would move a mean and a variance; it takes half of the amounts to move the median. Both figures are computed when
 * learning; what three of four don't exceed is read from the amounts when evaluating.
 */
const amountSketch = z.strictObject({
  currency: z.string(),
  recent: z.array(z.strictObject({ at: ms, value: z.int() })),
  median: z.number(),
  deviation: z.number(),
})
export type AmountSketch = z.infer<typeof amountSketch>

export const profileDocument = z.strictObject({
  ...storedFields,
  /** The last time that this user did anything; for retention. */
  seen_at: ms,
  attempts: z.array(attempt),
  /** Events learned lately: so a repeat with another default `occurred_at` is not learned twice. */
  learned: z.array(learnedEvent),
  /** At most `maxDevices` that the site named, and behind them as many that a browser did. */
  devices: z.array(device),
  payees: z.array(payee),
  places: z.array(place),
  /** Where the latest learned event with coordinates came from. */
  last_position: z.nullable(position),
  amounts: z.array(amountSketch),
  /** For each hour of the day (UTC) the last time that something was done in it; 0 is never. */
  hours: z.array(ms).check(z.length(24)),
})
export type Profile = z.infer<typeof profileDocument>
