import * as z from 'zod/mini'
import { ruleError, ruleMatch } from '#contract/assessment'
import { type BacktestHead, backtestHead } from '#contract/backtest'
import { effectivenessBy } from '#contract/effectiveness'
import { nameMatch } from '#contract/event'
import { callBackNumber, callBackOutcome, releaseHow, releaseReason } from '#contract/hold'
import { incidentVerdict } from '#contract/incident'
import {
  labelFamily,
  labelName,
  labelProvenance,
  labelReason,
  labelState,
  labelUndoReason,
  subjectType,
} from '#contract/label'
import { actionFamily, outcome, reason, resolution, stepType, tier } from '#contract/outcome'
import { previewResult } from '#contract/policy'
import { questionId } from '#contract/question'
import { type SessionLine, sessionLine } from '#contract/session-line'
import { confirmAnswer, intentAnswer } from '#contract/step'

/**
 * What analysts' answers may hold, field by field and nothing else: an answer that carries more does not leave. So a
 * digest, a key or a claim of a token that is added to a document tomorrow stays where it is. Times are epoch
 * milliseconds. Server and page parse by the same schemas.
 */

const ms = z.int()

export const environment = z.enum(['live', 'test'])
export type Environment = z.infer<typeof environment>

export const statusFilter = z.enum(['open', 'resolved'])

const breakCause = z.enum([
  'answered_yes',
  'answered_not_sure',
  'contradicted',
  'held',
  'blocked',
  'stop_sharing',
  'abandoned',
  'contact_missing',
])
const incidentCause = z.enum([...breakCause.options, 'code_failed', 'reported'])

export const me = z.strictObject({
  email: z.string(),
  role: z.enum(['analyst', 'owner']),
  organisation: z.strictObject({
    id: z.string(),
    name: z.string(),
    /** What names somebody to tell of incidents; null when somebody is named. */
    name_contact: z.nullable(z.string()),
  }),
  /** What to show when the address says nothing: live, or test while nothing live has happened yet. */
  begin_with: environment,
  /** When the login ends if nothing more is done, and when it ends in any case. */
  idle_ends_at: ms,
  expires_at: ms,
})
export type Me = z.infer<typeof me>

/** Many wrong passwords were sent to this address: come back with the ticket, not before so many seconds. */
export const loginWait = z.strictObject({ ticket: z.string(), wait_seconds: z.int() })
export const loginAnswer = z.union([me, loginWait])

const amount = z.nullable(z.strictObject({ value: z.int(), currency: z.string() }))

export type { SessionLine }
export { sessionLine }

export const sessionPage = z.strictObject({
  sessions: z.array(sessionLine),
  next: z.nullable(z.string()),
  /** With filters: how far back this page has looked, whether or not it found anything there. */
  searched_to: z.nullable(ms),
})
export type SessionPage = z.infer<typeof sessionPage>

const payee = z.nullable(
  z.strictObject({
    id: z.nullable(z.string()),
    name: z.nullable(z.string()),
    account: z.nullable(z.string()),
    country: z.nullable(z.string()),
    added_at: z.nullable(ms),
    is_new: z.nullable(z.boolean()),
  }),
)

/** The event as the site sent it; facts that were missing are null. */
export const askedEvent = z.strictObject({
  id: z.string(),
  occurred_at: ms,
  action: z.string(),
  user: z.strictObject({
    id: z.string(),
    email: z.nullable(z.string()),
    email_changed_at: z.nullable(ms),
    phone: z.nullable(z.string()),
    created_at: z.nullable(ms),
    locale: z.nullable(z.string()),
  }),
  amount,
  amount_high: z.nullable(z.boolean()),
  payee,
  target: z.nullable(z.string()),
  device: z.strictObject({ id: z.nullable(z.string()), user_agent: z.nullable(z.string()) }),
  network: z.strictObject({
    ip: z.nullable(z.string()),
    type: z.nullable(z.string()),
    public: z.nullable(z.boolean()),
    anonymizer: z.nullable(z.boolean()),
  }),
  place: z.strictObject({ country: z.nullable(z.string()), city: z.nullable(z.string()) }),
  telemetry: z.strictObject({
    language: z.nullable(z.string()),
    time_zone: z.nullable(z.string()),
    connection: z.nullable(z.string()),
    payee_pasted: z.nullable(z.boolean()),
    dwell_ms: z.nullable(z.int()),
  }),
  metadata: z.nullable(z.string()),
})
export type AskedEvent = z.infer<typeof askedEvent>

const situation = z.strictObject({
  call_active: z.nullable(z.boolean()),
  remote_access: z.nullable(z.boolean()),
  screen_shared: z.nullable(z.boolean()),
})

const stepLine = z.strictObject({
  type: stepType,
  /** When it was ready; null for a step that nobody got to. */
  prepared_at: z.nullable(ms),
  /** Since when it is known to have been on a screen; null without a sign of it. */
  shown_at: z.nullable(ms),
  finished_at: z.nullable(ms),
  /** From when it was shown, or prepared if the submit is the only sign, to the submit that ended it. */
  dwell_ms: z.nullable(z.int()),
  outcome: z.nullable(z.string()),
})

/** One answer; beside it what the site observed, and whether the answer can't stand with that. */
const answerLine = z.discriminatedUnion('step', [
  z.strictObject({
    step: z.literal('intent'),
    answer: intentAnswer,
    at: ms,
    observed: z.array(z.string()),
    contradicted: z.boolean(),
  }),
  z.strictObject({
    step: z.literal('confirm_action'),
    answer: confirmAnswer,
    at: ms,
    observed: z.array(z.string()),
    contradicted: z.boolean(),
  }),
  z.strictObject({
    step: z.literal('questions'),
    question: questionId,
    /** The sentence as it was shown, and the answer as it was worded. */
    asked: z.string(),
    said: z.string(),
    at: ms,
    /** From the transition that showed it to this answer. */
    dwell_ms: z.int(),
    /** What the answer added to the score, contradictions among it. */
    reasons: z.array(reason),
    contradicted: z.boolean(),
  }),
])

/** Sends and tries of the mailbox code. There is no field for the code. */
const codeLine = z.strictObject({
  sends: z.int(),
  tries: z.int(),
  sent_at: ms,
  expires_at: ms,
  delivery: z.enum(['sending', 'sent', 'retrying']),
})

/** What became of the decision token; its claims stay inside. */
const decisionLine = z.strictObject({
  outcome,
  issued_at: ms,
  expires_at: ms,
  used_at: z.nullable(ms),
  verdict: z.nullable(z.enum(['valid', 'held'])),
  revoked_at: z.nullable(ms),
})

export const holdLine = z.strictObject({
  id: z.string(),
  session_id: z.string(),
  /** That of the session which opened it. */
  case_reference: z.string(),
  family: actionFamily,
  reason: z.string(),
  opened_at: ms,
  /** With `needs_release`: the earliest end. */
  ends_at: ms,
  needs_release: z.boolean(),
  released: z.nullable(
    z.strictObject({
      at: ms,
      /** An analyst's address, the id of a key, or the session that passed a reverification. */
      by: z.string(),
      how: releaseHow,
      reason: z.string(),
      call_back: z.nullable(
        z.strictObject({
          at: ms,
          by: z.string(),
          /** Who spoke, as the site named them. */
          claimed_agent: z.nullable(z.string()),
          number_used: callBackNumber,
          outcome: callBackOutcome,
        }),
      ),
    }),
  ),
})
export type HoldLine = z.infer<typeof holdLine>

/** What an analyst sends to release a hold. Who made the call is whoever is logged in. */
export const releaseForm = z.strictObject({
  /** Any session of the person whose hold it is. */
  session_id: z.string().check(z.minLength(1), z.maxLength(64)),
  hold_id: z.string().check(z.minLength(1), z.maxLength(64)),
  reason: releaseReason,
  call_back: z.strictObject({ at: ms, number_used: callBackNumber, outcome: callBackOutcome }),
})
export type ReleaseForm = z.infer<typeof releaseForm>

export const releasedHold = z.strictObject({ hold: holdLine })

export const labelLine = z.strictObject({
  id: z.string(),
  subject: subjectType,
  /** The session that it is about, which may be an earlier one of the same person. */
  session_id: z.nullable(z.string()),
  label: labelName,
  family: labelFamily,
  provenance: labelProvenance,
  reason: z.string(),
  /** An analyst's address, or the id of a key. */
  author: z.string(),
  created_at: ms,
  expires_at: ms,
  state: labelState,
  undone: z.nullable(z.strictObject({ at: ms, by: z.string(), reason: z.string() })),
})
export type LabelLine = z.infer<typeof labelLine>

const sessionId = z.string().check(z.minLength(1), z.maxLength(64))

/** What an analyst sends to label a subject of a session. Who says so is whoever is logged in. */
export const labelForm = z.strictObject({
  session_id: sessionId,
  subject: subjectType,
  label: labelName,
  /** Null: the one that is usual for the subject. */
  family: z.nullable(labelFamily),
  provenance: labelProvenance,
  reason: labelReason,
  /** Null: what is usual for the provenance. */
  expires_at: z.nullable(ms),
})
export type LabelForm = z.infer<typeof labelForm>

/** What an analyst sends to take one back. */
export const labelUndoForm = z.strictObject({
  session_id: sessionId,
  label_id: z.string().check(z.minLength(1), z.maxLength(80)),
  reason: labelUndoReason,
})
export type LabelUndoForm = z.infer<typeof labelUndoForm>

export const writtenLabel = z.strictObject({ label: labelLine })

const chainVerdict = z.union([
  z.strictObject({ ok: z.literal(true), length: z.int() }),
  z.strictObject({ ok: z.literal(false), fault: z.string(), seq: z.int() }),
])
const chainHead = z.strictObject({ seq: z.int(), hash: z.string() })

const trailEntry = z.strictObject({
  seq: z.int(),
  at: ms,
  actor: z.string(),
  actor_type: z.enum(['site', 'person', 'system', 'analyst', 'operator']),
  action: z.string(),
  meta: z.record(z.string(), z.union([z.string(), z.int(), z.boolean(), z.null(), z.array(z.string())])),
})

/** A stretch of the organisation's own trail, newest first. */
export const trailStory = z.strictObject({
  entries: z.array(trailEntry),
  verdict: chainVerdict,
  head: z.nullable(chainHead),
  /** Ask again with `to` at this number; null at the beginning of the chain. */
  next: z.nullable(z.int()),
})
export type TrailStory = z.infer<typeof trailStory>

const trail = z.strictObject({
  entries: z.array(trailEntry),
  verdict: chainVerdict,
  /** Keep it elsewhere to notice a trail that is cut off later. */
  head: z.nullable(chainHead),
  refusals: z.int(),
})

export const incidentLine = z.strictObject({
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
  created_at: ms,
  updated_at: ms,
})
export type IncidentLine = z.infer<typeof incidentLine>

export const sessionStory = z.strictObject({
  line: sessionLine,
  event: askedEvent,
  context_at_ingest: z.extend(situation, {
    payee_name_match: z.nullable(nameMatch),
    observed_at: z.nullable(ms),
  }),
  context_now: z.extend(situation, { payee_name_match: z.nullable(nameMatch) }),
  assessment: z.strictObject({
    score: z.int(),
    outcome,
    tier,
    steps: z.array(stepType),
    reasons: z.array(reason),
    unknown: z.array(z.string()),
    rule_matches: z.array(ruleMatch),
    rule_errors: z.array(ruleError),
    policy_version: z.string(),
    wording: z.string(),
  }),
  /** What the version that rode along would have decided. */
  preview: z.nullable(previewResult),
  score_after: z.int(),
  reasons_after: z.array(reason),
  tier: tier,
  wording_variant: z.int(),
  /** The version of the set that the specific questions were asked from; null without any. */
  question_set: z.nullable(z.string()),
  steps: z.array(stepLine),
  answers: z.array(answerLine),
  code: z.nullable(codeLine),
  /** Consequences that have not been carried out yet, by kind. */
  pending: z.array(z.strictObject({ kind: z.string(), due_at: ms })),
  status: statusFilter,
  resolution: z.nullable(resolution),
  resolved_at: z.nullable(ms),
  cause: z.nullable(breakCause),
  deadline_at: ms,
  case_reference: z.string(),
  report: z.nullable(z.strictObject({ details: z.string(), at: ms })),
  decision: z.nullable(decisionLine),
  hold: z.nullable(
    z.strictObject({ id: z.string(), ends_at: ms, reason: z.string(), needs_release: z.boolean() }),
  ),
  /** Every hold that the person's guard remembers, newest first. */
  holds: z.array(holdLine),
  incident: z.nullable(incidentLine),
  /** What the event names that may be labelled. */
  labelable: z.array(subjectType),
  /** Every label of its subjects that is remembered, newest first. */
  labels: z.array(labelLine),
  trail,
})
export type SessionStory = z.infer<typeof sessionStory>

export const incidentPage = z.strictObject({
  incidents: z.array(incidentLine),
  next: z.nullable(z.string()),
})
export type IncidentPage = z.infer<typeof incidentPage>

/** One payment to the same payee that was let through. */
const exposedLine = z.strictObject({
  session_id: z.string(),
  environment,
  user_id: z.string(),
  same_person: z.boolean(),
  amount,
  allowed_at: ms,
  used_at: z.nullable(ms),
})

export const judgedIncident = z.strictObject({ incident: incidentLine })

export const incidentStory = z.strictObject({
  incident: incidentLine,
  session: z.nullable(sessionLine),
  report: z.nullable(z.strictObject({ details: z.string(), at: ms })),
  hold: z.nullable(holdLine),
  /** Every verdict, oldest first; an analyst is named by their address. */
  verdicts: z.array(z.strictObject({ verdict: incidentVerdict, reason: z.string(), by: z.string(), at: ms })),
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
  exposure: z.strictObject({ lines: z.array(exposedLine), more: z.boolean() }),
})
export type ExposedLine = z.infer<typeof exposedLine>
export type IncidentStory = z.infer<typeof incidentStory>

export const reportLine = z.strictObject({
  id: z.string(),
  environment,
  session_id: z.string(),
  incident_id: z.string(),
  case_reference: z.string(),
  user_id: z.string(),
  details: z.string(),
  created_at: ms,
})

export const reportPage = z.strictObject({ reports: z.array(reportLine), next: z.nullable(z.string()) })
export type ReportPage = z.infer<typeof reportPage>

/** Everything that carries a case reference. */
export const caseAnswer = z.strictObject({
  incidents: z.array(incidentLine),
  sessions: z.array(sessionLine),
})

/** What an id or a case reference typed into the search leads to. */
export const found = z.strictObject({
  results: z.array(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('session'), session: sessionLine }),
      z.strictObject({ kind: z.literal('incident'), incident: incidentLine }),
    ]),
  ),
})

export const environmentQuery = z.strictObject({ environment })

/** How many days a report looks back, as an address writes it. */
export const reportDays = z.enum(['7', '30', '90'])
export type ReportDays = z.infer<typeof reportDays>

export const effectivenessQuery = z.strictObject({ environment, by: effectivenessBy, days: reportDays })

export type { BacktestHead as BacktestLine }

export const backtestList = z.strictObject({ backtests: z.array(backtestHead) })
