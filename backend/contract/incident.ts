import * as z from 'zod/mini'
import { actionFamily } from './outcome.ts'
import { statedReason } from './text.ts'

/** Incidents as the site's backend sees them, what it may conclude, and who else is concerned. */

/**
 * - `confirmed_scam`: the payee is a scam's; every later attempt to pay them meets at least the high tier.
 * - `false_alarm`: it was not; reports about this payee that stand unconfirmed count nothing any more.
 * - `unclear`: closed without either. What other incidents came to stays.
 */
export const incidentVerdict = z.enum(['confirmed_scam', 'false_alarm', 'unclear'])
export type IncidentVerdict = z.infer<typeof incidentVerdict>

/** Why, in words. */
export const verdictReason = statedReason(500)

export const verdictRequest = z.strictObject({ verdict: incidentVerdict, reason: verdictReason })
export type VerdictRequest = z.infer<typeof verdictRequest>

export const incidentAnswer = z.strictObject({
  id: z.string(),
  session_id: z.string(),
  case_reference: z.string(),
  cause: z.string(),
  user_id: z.string(),
  action: z.string(),
  family: actionFamily,
  score: z.int(),
  hold_id: z.nullable(z.string()),
  status: z.enum(['open', 'closed']),
  /** The verdict that stands. */
  verdict: z.nullable(incidentVerdict),
  /** All of them, oldest first. */
  verdicts: z.array(
    z.strictObject({
      verdict: incidentVerdict,
      reason: z.string(),
      by: z.string(),
      how: z.enum(['analyst', 'api']),
      at: z.string(),
    }),
  ),
  created_at: z.string(),
  updated_at: z.string(),
})
export type IncidentAnswer = z.infer<typeof incidentAnswer>

/** One payment to the incident's payee that was let through. */
export const exposureLine = z.strictObject({
  session_id: z.string(),
  event_id: z.string(),
  user_id: z.string(),
  /** Whether the person is the one of the incident. */
  same_person: z.boolean(),
  amount: z.nullable(z.strictObject({ value: z.int(), currency: z.string() })),
  allowed_at: z.string(),
  /** When the decision was spent; null when nobody has carried it out yet, or ever. */
  used_at: z.nullable(z.string()),
})
