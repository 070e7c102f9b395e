import { secondMs } from '#contract/durations'
import { type BreakCause, isContradiction, type Resolution } from '#contract/outcome'
import type { StepInterruption } from '#contract/step'
import { bySystem } from '../audit/actors.ts'
import type { HoldTrigger } from '../hold/open.ts'
import type { DecisionState, Effect, Session } from './document.ts'
import { incidentFor } from './incident-for.ts'
import { currentStep, guidanceIn, lifeOf, withCurrentStep } from './life-of.ts'
import { byPerson, finalOutcome, type Move, type MoveContext, moveTo } from './move.ts'
import type { SecondThought } from './step-definition.ts'
import { tokenLifetimeSeconds } from './token.ts'
import { withCheckpoint } from './with-checkpoint.ts'

/** How a session goes on and how it ends: the transitions that no single step owns. */

export const sessionLifetimeSeconds = 900
const idleLifetimeSeconds = 300

/** The last moment at which the next submit counts. */
export const deadlineOf = (session: Session, lastStepAt: number): number => {
  const idle = lastStepAt + idleLifetimeSeconds * secondMs
  const answerable = session.checkpoint.steps.map((step) => lifeOf(step).answerableUntil ?? 0)
  return Math.min(session.created_at + sessionLifetimeSeconds * secondMs, Math.max(idle, ...answerable))
}

/** Starts the step at the session's position; one that can't start ends the session instead. */
export const begin = (session: Session, context: MoveContext): Move => {
  const current = currentStep(session)
  if (current === undefined) return allow(session, context)
  const started = lifeOf(current).start(session, context)
  if (started.kind === 'impossible') {
    const { resolution, cause } = started
    const move = end(session, { resolution, cause, hold: null, outcome: resolution }, context)
    return { ...move, entries: [...started.entries, ...move.entries] }
  }
  const next = withCurrentStep(session, { ...started.step, started_at: context.now })
  // The first step waits until somebody opens the page; every later one is the answer to them.
  const action = session.checkpoint.position === 0 ? 'step.prepared' : 'step.started'
  return moveTo(withCheckpoint(next, { deadline_at: deadlineOf(next, context.now) }), {
    entries: [bySystem(action, { step: current.type }), ...started.entries],
    effects: started.effects,
  })
}

/** Closes the current step, whose outcome is set, and begins the next; after the last one the session is allowed. */
export const finishStep = (session: Session, context: MoveContext): Move => {
  const finished = closed(session, null, context.now)
  return begin(withCheckpoint(finished, { position: finished.checkpoint.position + 1 }), context)
}

export type Ending = {
  resolution: Resolution
  cause: BreakCause | null
  hold: HoldTrigger | null
  /** What ended the current step; null where its own answer did. */
  outcome: StepInterruption | null
}

/** Resolves the session, with a decision that says so. */
export const end = (session: Session, ending: Ending, context: MoveContext): Move => {
  const over = closed(session, ending.outcome, context.now)
  return moveTo(resolve(over, ending.resolution, ending.cause, context), {
    entries: [bySystem('session.resolved', { resolution: ending.resolution, cause: ending.cause })],
    effects: effectsOf(over, ending.resolution),
    hold: ending.hold,
  })
}

const allow = (session: Session, context: MoveContext): Move =>
  moveTo(resolve(session, 'allowed', null, context), {
    entries: [bySystem('session.resolved', { resolution: 'allowed', cause: null })],
    effects: effectsOf(session, 'allowed'),
  })

/** Takes an unspent allow back: the token is revoked and the session ends as `ending` says. */
export const revoke = (session: Session, ending: Omit<Ending, 'outcome'>, now: number): Move => {
  const decision = session.decision === null ? null : { ...session.decision, revoked_at: now }
  const { resolution, cause, hold } = ending
  const revoked: Session = {
    ...session,
    decision,
    ending: { ...session.ending, outcome: finalOutcome(resolution), resolution, cause },
    consequences: { ...session.consequences, incident_id: incidentOf(session, resolution) },
  }
  return moveTo(revoked, {
    entries: [bySystem('decision.revoked', { jti: decision?.jti ?? null, resolution, cause })],
    effects: effectsOf(session, resolution),
    hold,
  })
}

/** Second thoughts after an allow: the answer changes, and with it everything that followed. */
export const changeAnswer = (session: Session, answer: 'cancelled' | SecondThought, now: number): Move => {
  const entry = byPerson(session, 'answer.changed', { answer })
  if (answer === 'cancelled') {
    const cancelled = revoke(session, { resolution: 'cancelled', cause: null, hold: null }, now)
    return { ...cancelled, entries: [entry, ...cancelled.entries] }
  }
  const trigger = answer === 'yes' ? 'answered_yes' : 'answered_not_sure'
  const steps = session.checkpoint.steps.map((step) => lifeOf(step).withGuidance?.(answer, now) ?? step)
  const changed = withCheckpoint(session, { steps })
  const broken = revoke(changed, { resolution: 'contact_broken', cause: trigger, hold: trigger }, now)
  return { ...broken, entries: [entry, ...broken.entries] }
}

/** Adds what the person told us to a move. Their words go into the report, never into the trail. */
export const fileReport = (move: Move, details: string, now: number): Move => ({
  ...move,
  session: {
    ...move.session,
    consequences: {
      ...move.session.consequences,
      report: { details, at: now },
      incident_id: incidentFor(move.session),
    },
  },
  entries: [...move.entries, byPerson(move.session, 'report.filed', { length: details.length })],
  effects: [
    ...move.effects,
    ...(move.session.consequences.incident_id === null ? newIncident : []),
    { kind: 'scam_report' },
    { kind: 'payee_reported' },
  ],
})

/** Somebody is told of each incident once. A session that joins an open incident opens no other. */
export const newIncident: readonly Effect[] = [{ kind: 'incident' }, { kind: 'alert_mail' }]

const resolve = (
  session: Session,
  resolution: Resolution,
  cause: BreakCause | null,
  context: MoveContext,
): Session => ({
  ...session,
  status: 'resolved',
  ending: { ...session.ending, outcome: finalOutcome(resolution), resolution, at: context.now, cause },
  consequences: { ...session.consequences, incident_id: incidentOf(session, resolution) },
  decision: decide(finalOutcome(resolution), context),
})

/** Claims in whole seconds, because the token carries seconds: both must say the same moment. */
const decide = (outcome: DecisionState['outcome'], context: MoveContext): DecisionState => {
  const issuedAt = Math.floor(context.now / 1000) * 1000
  return {
    kid: context.masterKid,
    jti: context.jti,
    outcome,
    issued_at: issuedAt,
    expires_at: issuedAt + tokenLifetimeSeconds * secondMs,
    used_at: null,
    used_with: null,
    redemption: null,
    revoked_at: null,
  }
}

const incidentResolutions: readonly Resolution[] = [
  'contact_broken',
  'contradicted',
  'blocked',
  'code_failed',
]

/**
 * A hold is released by questions that were answered without a contradiction, not by an allow that a test instruction
 * made.
 */
const effectsOf = (session: Session, resolution: Resolution): Effect[] => {
  if (resolution === 'allowed') {
    const isClean = guidanceIn(session) === 'no' && !session.checkpoint.reasons.some(isContradiction)
    return session.consequences.reverification_holds.length > 0 && isClean
      ? [{ kind: 'reverification', hold_ids: session.consequences.reverification_holds }]
      : []
  }
  return incidentResolutions.includes(resolution) ? [...newIncident] : []
}

/** An attempt under a hold falls under the hold's incident; one that ends badly by itself opens its own. */
const incidentOf = (session: Session, resolution: Resolution): string | null =>
  session.consequences.incident_id ??
  (incidentResolutions.includes(resolution) ? session.consequences.own_incident_id : null)

/** The session with its current step over, if there is one: by its own answer, or by what interrupted it. */
const closed = (session: Session, outcome: StepInterruption | null, now: number): Session => {
  const step = currentStep(session)
  if (step === undefined) return session
  const over = { ...step, finished_at: now }
  return withCurrentStep(session, outcome === null ? over : { ...over, outcome })
}
