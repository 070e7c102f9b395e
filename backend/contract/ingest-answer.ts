import * as z from 'zod/mini'
import { ingestWarning, ruleMatch } from './assessment.ts'
import { observedDecision } from './enforcement.ts'
import { holdNotice } from './hold.ts'
import { outcome, reason } from './outcome.ts'
import { shadowEvaluation } from './policy.ts'

/** What `POST /events/ingest` answers. Score and reasons never change afterwards. */
export const ingestAnswer = z.strictObject({
  event_id: z.string(),
  outcome,
  score: z.int(),
  reasons: z.array(reason),
  unknown: z.array(z.string()),
  rule_matches: z.array(ruleMatch),
  policy_version: z.string(),
  /** What the version in preview would have decided. It changes nothing; don't act on it. */
  shadow_evaluation: z.optional(shadowEvaluation),
  session: z.strictObject({ id: z.string(), url: z.string(), expires_at: z.string() }),
  token: z.optional(z.string()),
  /**
   * Nothing is enforced for this person and action: `outcome` is `allow`, and this is what it would have been. Don't act
   * on it.
   */
  observed: z.optional(observedDecision),
  /** What to mend in the events that you send; left out when there is nothing. */
  warnings: z.optional(z.array(ingestWarning)),
  hold: z.optional(holdNotice),
  incident_id: z.optional(z.string()),
  test: z.optional(z.boolean()),
})
export type IngestAnswer = z.infer<typeof ingestAnswer>
