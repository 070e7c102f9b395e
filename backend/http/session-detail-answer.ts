import { shownAssessment } from '#contract/assessment'
import { isContradiction } from '#contract/outcome'
import { askedEvent, decisionLine, type SessionDetail } from '#contract/session-detail'
import { trailEntry } from '#contract/trail'
import { verifyTrail } from '../audit/verify.ts'
import type { Incident } from '../incident/incident.ts'
import type { Session } from '../session/document.ts'
import { lifeOf } from '../session/life-of.ts'
import { dwellOf, shownAt } from '../session/shown.ts'
import { sessionSummaryOf } from '../session/summary.ts'
import { declaredOf } from './declared.ts'
import { deskIncidentOf } from './incident-answer.ts'

/** One session as its story: pure functions from stored documents to what an analyst may see. */

const askedEventOf = ({ event, request, evaluation: { assessment } }: Session): SessionDetail['event'] => {
  const { user, device, network, location, telemetry } = askedEvent.shape
  return {
    id: request.event_id,
    occurred_at: event.occurred_at,
    action: event.action,
    user: declaredOf(user, event.user),
    amount: event.amount,
    amount_high: assessment.amount_high,
    payee: event.payee && {
      ...event.payee.typed,
      added_at: event.payee.added_at,
      is_new: assessment.payee_new,
    },
    target: event.target,
    device: declaredOf(device, event.device),
    network: declaredOf(network, event.network),
    location: declaredOf(location, event.location),
    telemetry: declaredOf(telemetry, event.telemetry),
    metadata: event.metadata,
  }
}

/** What the site observed while the person answered: an active call weighs by what the payment was. */
const observedBeside = ({ evaluation: { context, assessment } }: Session): string[] => {
  const onCall = context.call_active === true
  const isOtherName = context.payee_name_match === 'no_match'
  const facts: [boolean, string][] = [
    [onCall, 'A call was active.'],
    [isOtherName, 'The payee’s account was in another name.'],
    [(onCall || isOtherName) && assessment.payee_new === true, 'The payee was new for this person.'],
    [onCall && assessment.amount_high === true, 'The amount was high for this person.'],
    [context.remote_access === true, 'Remote access was active.'],
    [context.screen_shared === true, 'The screen was shared.'],
  ]
  return facts.filter(([isSo]) => isSo).map(([, words]) => words)
}

/** Contradictions that no step keeps among its own answers' reasons are those of what was said about guidance. */
const isGuidanceContradicted = ({ checkpoint: { reasons, steps } }: Session): boolean => {
  const kept = steps.flatMap((step) => lifeOf(step).reasons ?? []).filter(isContradiction)
  return reasons.filter(isContradiction).length > kept.length
}

const answersOf = (session: Session): SessionDetail['answers'] => {
  const beside = { observed: observedBeside(session), contradicted: isGuidanceContradicted(session) }
  return session.checkpoint.steps.flatMap((step) => lifeOf(step).answers?.(session, beside) ?? [])
}

const stepsOf = (session: Session): SessionDetail['steps'] =>
  session.checkpoint.steps.map((step) => ({
    type: step.type,
    prepared_at: step.started_at,
    shown_at: shownAt(session, step),
    finished_at: step.finished_at,
    dwell_ms: dwellOf(session, step),
    outcome: step.outcome,
  }))

const decisionOf = ({ decision }: Session): SessionDetail['decision'] =>
  decision && declaredOf(decisionLine, decision)

/** Claims of the token that the trail names; an analyst has no use for them. */
const hiddenMeta: readonly string[] = ['jti']

/** The trail as it is read, with what the independent reader says of the trail as it is stored. */
const trailOf = ({ audit }: Session): SessionDetail['trail'] => ({
  entries: audit.entries.map((entry) => ({
    ...declaredOf(trailEntry, entry),
    meta: Object.fromEntries(Object.entries(entry.meta).filter(([name]) => !hiddenMeta.includes(name))),
  })),
  integrity: verifyTrail(audit.entries, audit.head),
  head: audit.head,
  refusals: audit.refusals,
})

/** Everything that an analyst may know about one session, in the order in which it is told. */
export const sessionDetailOf = (
  session: Session,
  beside: {
    /** Newest first. */
    holds: SessionDetail['holds']
    incident: Incident | null
    labelable: SessionDetail['labelable']
    labels: SessionDetail['labels']
  },
): SessionDetail => {
  const { event, evaluation, checkpoint, ending, consequences } = session
  const { assessment } = evaluation
  return {
    summary: sessionSummaryOf(session),
    event: askedEventOf(session),
    context_at_ingest: event.context,
    context_now: evaluation.context,
    assessment: declaredOf(shownAssessment, assessment),
    observed: evaluation.observed,
    shadow_evaluation: evaluation.shadow,
    score_after: checkpoint.score,
    reasons_after: checkpoint.reasons,
    tier: checkpoint.tier,
    wording_variant: checkpoint.wording_variant,
    question_set: checkpoint.steps.flatMap((step) => lifeOf(step).askedFrom ?? [])[0] ?? null,
    steps: stepsOf(session),
    answers: answersOf(session),
    messages: checkpoint.steps.flatMap((step) => lifeOf(step).messaging?.line ?? []),
    pending: consequences.outbox.map(({ effect, due_at }) => ({
      kind: effect.kind,
      step: effect.kind === 'step_message' ? effect.step : null,
      due_at,
    })),
    status: session.status,
    resolution: ending.resolution,
    resolved_at: ending.at,
    cause: ending.cause,
    deadline_at: checkpoint.deadline_at,
    case_reference: consequences.case_reference,
    report: consequences.report,
    decision: decisionOf(session),
    hold: consequences.hold,
    holds: beside.holds,
    incident: beside.incident === null ? null : deskIncidentOf(beside.incident),
    labelable: beside.labelable,
    labels: beside.labels,
    trail: trailOf(session),
  }
}
