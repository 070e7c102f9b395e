import * as z from 'zod/mini'
import { environment } from '#contract/environment'
import { normalisedEvent } from '#contract/normalised-event'
import { sessionStatus } from '#contract/outcome'
import { auditEntry, auditHead } from '../audit/entry.ts'
import { storedFields } from '../store/define-collection.ts'
import { sessionCheckpoint } from './document/checkpoint.ts'
import { sessionConsequences } from './document/consequences.ts'
import { decisionState } from './document/decision.ts'
import { sessionEnding } from './document/ending.ts'
import { sessionEvaluation } from './document/evaluation.ts'
import { sessionKeys } from './document/keys.ts'
import { reportedResult } from './document/reported-result.ts'
import { sessionRequest } from './document/request.ts'

/**
 * One session, in groups by who owns them: the event, why it was evaluated as it was, the checkpoint's state, the decision,
 * the trail and what has yet to be carried out. It is one document, so that a step, its audit entry and its consequences
 * are one write.
 *
 * Times are epoch milliseconds. Nothing in it opens the session: the URL's key is here only as a digest.
 */
export const sessionDocument = z.strictObject({
  ...storedFields,
  environment,
  status: sessionStatus,
  /** What was about the person is gone: it reads as nothing. */
  erased: z.boolean(),
  created_at: z.int(),
  updated_at: z.int(),

  keys: sessionKeys,
  request: sessionRequest,
  event: normalisedEvent,
  evaluation: sessionEvaluation,
  checkpoint: sessionCheckpoint,
  ending: sessionEnding,
  consequences: sessionConsequences,
  decision: z.nullable(decisionState),
  /** Each word once, the newest last. */
  results: z.array(reportedResult),
  audit: z.strictObject({ entries: z.array(auditEntry), head: z.nullable(auditHead), refusals: z.int() }),
})
export type Session = z.infer<typeof sessionDocument>

export type { SessionStep } from './document/checkpoint.ts'
export type { Effect } from './document/consequences.ts'
export type { DecisionState } from './document/decision.ts'
export type { ReputationLevel, SessionContext } from './document/evaluation.ts'
export type { ReportedResult } from './document/reported-result.ts'
