import * as z from 'zod/mini'
import { channel } from './channel.ts'
import { environment } from './environment.ts'
import { holdAnswer } from './hold.ts'
import { money } from './money.ts'
import { actionFamily, breakCause } from './outcome.ts'
import { sessionSummary } from './session-summary.ts'
import { statedReason } from './text.ts'

/** Incidents as the site's backend sees them, what it may conclude, and who else is concerned. */

/**
 * - `confirmed_scam`: the payee is a scam's; every later attempt to pay them meets at least the high tier.
 * - `false_alarm`: it was not; reports about this payee that stand unconfirmed count nothing any more.
 * - `unclear`: closed without either. What other incidents came to stays.
 */
export const incidentDisposition = z.enum(['confirmed_scam', 'false_alarm', 'unclear'])
export type IncidentDisposition = z.infer<typeof incidentDisposition>

/** Why, in words. */
const dispositionReason = statedReason(500)

export const dispositionRequest = z.strictObject({
  disposition: incidentDisposition,
  reason: dispositionReason,
})
export type DispositionRequest = z.infer<typeof dispositionRequest>

/** Why it was opened: why the contact was broken, or what else ended badly. */
export const incidentCause = z.enum([...breakCause.options, 'code_failed', 'reported'])
export type IncidentCause = z.infer<typeof incidentCause>

export const incidentStatus = z.enum(['open', 'closed'])

/** An incident in a list. */
const incidentSummary = z.strictObject({
  id: z.string(),
  session_id: z.string(),
  case_reference: z.string(),
  cause: incidentCause,
  user_id: z.string(),
  action: z.string(),
  family: actionFamily,
  score: z.int(),
  hold_id: z.nullable(z.string()),
  status: incidentStatus,
  /** The disposition that stands. */
  disposition: z.nullable(incidentDisposition),
  created_at: z.string(),
  updated_at: z.string(),
})
export type IncidentSummary = z.infer<typeof incidentSummary>

export const incidentAnswer = z.extend(incidentSummary, {
  /** All of them, oldest first. */
  dispositions: z.array(
    z.strictObject({
      disposition: incidentDisposition,
      reason: z.string(),
      /** The id of a key or of an analyst; analysts are told addresses. */
      by: z.string(),
      how: channel,
      at: z.string(),
    }),
  ),
})
export type IncidentAnswer = z.infer<typeof incidentAnswer>

/** An incident in an analyst's list, which may hold both environments. */
export const deskIncident = z.extend(incidentSummary, { environment })
export type DeskIncident = z.infer<typeof deskIncident>

export const incidentPage = z.strictObject({
  incidents: z.array(deskIncident),
  next: z.nullable(z.string()),
})

/** One payment to the incident's payee that was let through. */
export const exposureLine = z.strictObject({
  session_id: z.string(),
  event_id: z.string(),
  user_id: z.string(),
  /** Whether the person is the one of the incident. */
  same_person: z.boolean(),
  amount: z.nullable(money),
  allowed_at: z.string(),
  /** When the decision was spent; null when nobody has carried it out yet, or ever. */
  used_at: z.nullable(z.string()),
})

/** The payment as analysts see it, in whichever environment. */
const deskExposureLine = z.extend(exposureLine, { environment })
export type DeskExposureLine = z.infer<typeof deskExposureLine>

export const closedIncident = z.strictObject({ incident: deskIncident })

export const incidentDetail = z.strictObject({
  incident: z.extend(incidentAnswer, { environment }),
  session: z.nullable(sessionSummary),
  report: z.nullable(z.strictObject({ details: z.string(), at: z.int() })),
  hold: z.nullable(holdAnswer),
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
  exposure: z.strictObject({ lines: z.array(deskExposureLine), more: z.boolean() }),
})
export type IncidentDetail = z.infer<typeof incidentDetail>
