import * as z from 'zod/mini'
import { channel } from '#contract/channel'
import { environment } from '#contract/environment'
import { incidentCause, incidentDisposition, incidentStatus } from '#contract/incident'
import { actionFamily } from '#contract/outcome'
import { storedFields } from '../store/define-collection.ts'

/** What a person concluded, and why: an analyst's account, or the key that the site called with. */
const givenDisposition = z.strictObject({
  disposition: incidentDisposition,
  reason: z.string(),
  by: z.string(),
  how: channel,
  at: z.int(),
})
export type GivenDisposition = z.infer<typeof givenDisposition>

/** What the security team works on: opened by a broken contact, a contradiction, a blocked or a held attempt. */
export const incidentDocument = z.strictObject({
  /** `_id`: derived from the session's id, so that writing it twice is harmless. */
  ...storedFields,
  environment,
  session_id: z.string(),
  /** What the person was told to quote; it finds this incident and proves nothing. */
  case_reference: z.string(),
  cause: incidentCause,
  user_id: z.string(),
  /** Keyed digest of the person, whose key seals what is said of them here; null where it was not written down. */
  user_key: z.nullable(z.string()),
  /** What was about the person is gone. */
  erased: z.boolean(),
  action: z.string(),
  family: actionFamily,
  score: z.int(),
  hold_id: z.nullable(z.string()),
  status: incidentStatus,
  /** Every disposition, oldest first; the last one stands. */
  dispositions: z.array(givenDisposition),
  created_at: z.int(),
  updated_at: z.int(),
})
export type Incident = z.infer<typeof incidentDocument>

/** What a person told us about what happened, in their own words. */
export const scamReportDocument = z.strictObject({
  ...storedFields,
  environment,
  session_id: z.string(),
  incident_id: z.string(),
  case_reference: z.string(),
  user_id: z.string(),
  /** As in an incident. */
  user_key: z.nullable(z.string()),
  erased: z.boolean(),
  details: z.string(),
  created_at: z.int(),
})
export type ScamReport = z.infer<typeof scamReportDocument>
