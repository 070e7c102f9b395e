import { secondMs } from '#contract/durations'
import { type BreakCause, isContradiction, type Resolution } from '#contract/outcome'
import { bySystem } from '../audit/actors.ts'
import type { HoldTrigger } from '../hold/open.ts'
import type { DecisionState, Effect, Session } from './document.ts'
import { byPerson, finalOutcome, type Move, type MoveContext, moveTo } from './move.ts'
import { allSteps } from './steps/all-steps.ts'
import { tokenLifetimeSeconds } from './token.ts'

/** How a session goes on and how it ends: the transitions that no single step owns. */

export const sessionLifetimeSeconds = 900
const idleLifetimeSeconds = 300
/** A code that arrives late may still be typed this long after the idle time would have ended the session. */
const codeGraceSeconds = 60

/** The last moment at which the next submit counts. */
export const deadlineOf = (session: Session, lastStepAt: number): number => {
  const idle = lastStepAt + idleLifetimeSeconds * secondMs
  const afterCode = session.code === null ? 0 : session.code.expires_at + codeGraceSeconds * secondMs
  return Math.min(session.created_at + sessionLifetimeSeconds * secondMs, Math.max(idle, afterCode))
}

/** Starts the step at the session's position; one that can't start ends the session instead. */
export const begin = (session: Session, context: MoveContext): Move => {
  const current = session.steps[session.position]
  if (current === undefined) return allow(session, context)
  const started = allSteps[current.type].start(session, context)
  if (started.kind === 'impossible') {
    const move = end(session, { ...started, hold: null, outcome: started.resolution }, context)
    return { ...move, entries: [...started.entries, ...move.entries] }
  }
  const next = markStep({ ...session, ...started.patch }, { started_at: context.now })
  // The first step waits until somebody opens the page; every later one is the answer to them.
  const action = session.position === 0 ? 'step.prepared' : 'step.started'
  return moveTo(
    { ...next, deadline_at: deadlineOf(next, context.now) },
    {
      entries: [bySystem(action, { step: current.type }), ...started.entries],
      effects: started.effects,
    },
  )
}

/** Closes the current step with its outcome and begins the next, or resolves the session when it was the last. */
export const finishStep = (session: Session, outcome: string, context: MoveContext): Move => {
  const finished = markStep(session, { finished_at: context.now, outcome })
  return begin({ ...finished, position: finished.position + 1 }, context)
}

export type Ending = {
  resolution: Resolution
  cause: BreakCause | null
  hold: HoldTrigger | null
  /** The current step's outcome. */
  outcome: string
}

/** Resolves the session, with a decision that says so. */
export const end = (session: Session, ending: Ending, context: MoveContext): Move => {
  const closed = markStep(session, { finished_at: context.now, outcome: ending.outcome })
  return moveTo(resolve(closed, ending.resolution, ending.cause, context), {
    entries: [bySystem('session.resolved', { resolution: ending.resolution, cause: ending.cause })],
    effects: effectsOf(closed, ending.resolution),
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
    outcome: finalOutcome(resolution),
    resolution,
    incident_id: incidentOf(session, resolution),
    cause,
  }
  return moveTo(revoked, {
    entries: [bySystem('decision.revoked', { jti: decision?.jti ?? null, resolution, cause })],
    effects: effectsOf(session, resolution),
    hold,
  })
}

/** Second thoughts after an allow: the answer changes, and with it everything that followed. */
export const changeAnswer = (
  session: Session,
  answer: 'cancelled' | 'yes' | 'not_sure',
  now: number,
): Move => {
  const entry = byPerson(session, 'answer.changed', { answer })
  if (answer === 'cancelled') {
    const cancelled = revoke(session, { resolution: 'cancelled', cause: null, hold: null }, now)
    return { ...cancelled, entries: [entry, ...cancelled.entries] }
  }
  const trigger = answer === 'yes' ? 'answered_yes' : 'answered_not_sure'
  const changed = { ...session, intent: { answer, at: now } }
  const broken = revoke(changed, { resolution: 'contact_broken', cause: trigger, hold: trigger }, now)
  return { ...broken, entries: [entry, ...broken.entries] }
}

/** Adds what the person told us to a move. Their words go into the report, never into the trail. */
export const fileReport = (move: Move, details: string, now: number): Move => ({
  ...move,
  session: {
    ...move.session,
    report: { details, at: now },
    incident_id: move.session.incident_id ?? move.session.own_incident_id,
  },
  entries: [...move.entries, byPerson(move.session, 'report.filed', { length: details.length })],
  effects: [
    ...move.effects,
    ...(move.session.incident_id === null ? newIncident : []),
    { kind: 'scam_report' },
    { kind: 'payee_reported' },
  ],
})

/** Somebody is told of each incident, once: what joins an incident that stands opens no other. */
export const newIncident: readonly Effect[] = [{ kind: 'incident' }, { kind: 'alert_mail' }]

const resolve = (
  session: Session,
  resolution: Resolution,
  cause: BreakCause | null,
  context: MoveContext,
): Session => ({
  ...session,
  status: 'resolved',
  outcome: finalOutcome(resolution),
  resolution,
  incident_id: incidentOf(session, resolution),
  resolved_at: context.now,
  cause,
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
    const isClean = session.intent?.answer === 'no' && !session.reasons_after.some(isContradiction)
    return session.reverification_holds.length > 0 && isClean
      ? [{ kind: 'reverification', hold_ids: session.reverification_holds }]
      : []
  }
  return incidentResolutions.includes(resolution) ? [...newIncident] : []
}

/** An attempt under a hold falls under the hold's incident; one that ends badly by itself opens its own. */
const incidentOf = (session: Session, resolution: Resolution): string | null =>
  session.incident_id ?? (incidentResolutions.includes(resolution) ? session.own_incident_id : null)

const markStep = (session: Session, change: Partial<Session['steps'][number]>): Session => ({
  ...session,
  steps: session.steps.map((step, index) => (index === session.position ? { ...step, ...change } : step)),
})
