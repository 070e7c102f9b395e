import * as z from 'zod/mini'
import { environment } from './environment.ts'
import { money } from './money.ts'
import { actionFamily, outcome, resolution, sessionStatus, tier } from './outcome.ts'
import { stepType } from './step.ts'

/** What a list shows of a session: stored beside it, and what an analyst's list is told. Times are epoch milliseconds. */

const ms = z.int()

/** One line of the list: no name, no address; the site's own id of the person and what was asked. */
export const sessionSummary = z.strictObject({
  id: z.string(),
  version: z.int(),
  environment,
  created_at: ms,
  updated_at: ms,
  user_id: z.string(),
  action: z.string(),
  family: actionFamily,
  amount: z.nullable(money),
  score: z.int(),
  score_after: z.int(),
  tier,
  ingest_outcome: outcome,
  /** What it would have been if anything were enforced; null when it is. */
  observed_outcome: z.nullable(outcome),
  outcome,
  status: sessionStatus,
  resolution: z.nullable(resolution),
  /** The step that an open session stands at. */
  step: z.nullable(stepType),
  /** The reasons that weighed most, heaviest first. */
  top_reasons: z.array(z.string()),
  contradicted: z.boolean(),
  held: z.boolean(),
  incident_id: z.nullable(z.string()),
  /** What its screens give the person to quote; sessions under one hold share it. */
  case_reference: z.string(),
})
export type SessionSummary = z.infer<typeof sessionSummary>

export const sessionPage = z.strictObject({
  sessions: z.array(sessionSummary),
  next: z.nullable(z.string()),
  /** With filters: how far back this page has looked, whether or not it found anything there. */
  searched_to: z.nullable(ms),
})
export type SessionPage = z.infer<typeof sessionPage>
