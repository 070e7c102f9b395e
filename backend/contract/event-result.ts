import * as z from 'zod/mini'

/** What became of an event, as the site reports it, and what that taught. */

/**
 * `retracted` takes an earlier `reported_scam` back. `completed` doesn't: a payment that was a scam's was completed as well,
 * and a job that reports payments as they settle must not clear it.
 */
export const eventResult = z.enum(['completed', 'failed', 'abandoned', 'reported_scam', 'retracted'])
export type EventResult = z.infer<typeof eventResult>

/**
 * What an event teaches about its person: the device, the place, the hour, the payee, the amount. What a scam teaches: that
 * the payee is a scam's (`payee_confirmed`), or that somebody says so (`payee_reported`), a warning on the person's
 * session, and an incident for the desk.
 */
export const taughtThing = z.enum([
  'device',
  'place',
  'hour',
  'payee',
  'amount',
  'payee_confirmed',
  'payee_reported',
  'session_label',
  'incident',
])
export type TaughtThing = z.infer<typeof taughtThing>

/** Why a result taught nothing, or less than it may. */
export const notTaughtReason = z.enum([
  'still_open',
  'not_allowed',
  'held',
  'did_not_happen',
  'reported_as_scam',
  'not_carried_out',
  'key_lacks_scope',
  'report_not_counted',
])
export type NotTaughtReason = z.infer<typeof notTaughtReason>

export const resultAnswer = z.strictObject({
  event_id: z.string(),
  session_id: z.string(),
  /** What is known by this report; a repeat says the same. */
  taught: z.array(taughtThing),
  /** Null when it taught all that such a result can. */
  not_taught: z.nullable(notTaughtReason),
  /** The same in a sentence, with what to do; null beside null. */
  detail: z.nullable(z.string()),
  /**
   * What `retracted` took back. What `reported_scam` did: the payee and device that an event taught for which nothing was
   * enforced, and which would not have been allowed.
   */
  taken_back: z.array(taughtThing),
})
export type ResultAnswer = z.infer<typeof resultAnswer>
