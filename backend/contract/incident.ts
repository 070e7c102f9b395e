import * as z from 'zod/mini'
import { environment } from './environment.ts'
import { holdSummary } from './hold.ts'
import { actionFamily } from './outcome.ts'
import { sessionSummary } from './session-summary.ts'
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

export const breakCause = z.enum([
  'answered_yes',
  'answered_not_sure',
  'contradicted',
  'held',
  'blocked',
  'stop_sharing',
  'abandoned',
  'contact_missing',
])

export const incidentCause = z.enum([...breakCause.options, 'code_failed', 'reported'])

export const incidentSummary = z.strictObject({
  id: z.string(),
  environment,
  session_id: z.string(),
  case_reference: z.string(),
  cause: incidentCause,
  user_id: z.string(),
  action: z.string(),
  family: actionFamily,
  score: z.int(),
  hold_id: z.nullable(z.string()),
  status: z.enum(['open', 'closed']),
  /** The verdict that stands. */
  verdict: z.nullable(incidentVerdict),
  created_at: z.int(),
  updated_at: z.int(),
})
export type IncidentSummary = z.infer<typeof incidentSummary>

export const incidentPage = z.strictObject({
  incidents: z.array(incidentSummary),
  next: z.nullable(z.string()),
})
export type IncidentPage = z.infer<typeof incidentPage>

/** One payment to the same payee that was let through. */
const exposedSession = z.strictObject({
  session_id: z.string(),
  environment,
  user_id: z.string(),
  same_person: z.boolean(),
  amount: z.nullable(z.strictObject({ value: z.int(), currency: z.string() })),
  allowed_at: z.int(),
  used_at: z.nullable(z.int()),
})
export type ExposedSession = z.infer<typeof exposedSession>

export const judgedIncident = z.strictObject({ incident: incidentSummary })

export const incidentDetail = z.strictObject({
  incident: incidentSummary,
  session: z.nullable(sessionSummary),
  report: z.nullable(z.strictObject({ details: z.string(), at: z.int() })),
  hold: z.nullable(holdSummary),
  /** Every verdict, oldest first; an analyst is named by their address. */
  verdicts: z.array(
    z.strictObject({ verdict: incidentVerdict, reason: z.string(), by: z.string(), at: z.int() }),
  ),
  /** What is remembered of the payee by now; null when the session names none, or is gone. */
  payee: z.nullable(
    z.strictObject({
      confirmed: z.boolean(),
      /** Unconfirmed reports of the last 30 days, those of them that count now, and those that were dismissed. */
      reports: z.int(),
      counted: z.int(),
      dismissed: z.int(),
    }),
  ),
  exposure: z.strictObject({ lines: z.array(exposedSession), more: z.boolean() }),
})
export type IncidentDetail = z.infer<typeof incidentDetail>
