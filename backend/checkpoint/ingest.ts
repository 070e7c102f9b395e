import type { IngestEvent } from '#contract/event'
import type { NormalisedEvent } from '#contract/normalised-event'
import type { Assessment } from '#contract/outcome'
import type { Deps } from '../deps.ts'
import { AppError } from '../errors.ts'
import type { Guard } from '../hold/guard.ts'
import { stallWindowMs } from '../hold/guard.ts'
import { lastStall, matchGuard } from '../hold/match.ts'
import { canonicaliseMailbox } from '../intake/canonical.ts'
import { actionOfEvent } from '../intake/digest.ts'
import { normaliseEvent } from '../intake/generic.ts'
import { returnUrlAllowed } from '../org/organisation.ts'
import { assess } from '../risk/assess.ts'
import { factsOf } from '../risk/facts.ts'
import { actionPolicy, requiresTarget } from '../risk/policy.ts'
import { emptyProfile, exemptFromHold, learn, type Profile, recordAttempt } from '../risk/profile.ts'
import { digestUnder, sha256 } from '../secrets.ts'
import { createSession, type SessionOrigin } from '../session/create.ts'
import type { BreakCause, Session, SessionContext } from '../session/document.ts'
import { mailboxFor } from '../session/mailbox.ts'
import { nextTier } from '../session/tier.ts'
import { changeDocument } from '../store/change.ts'
import type { Caller } from './caller.ts'
import { guardIdOf } from './guarding.ts'
import { caseReferenceOf, digestKeyOf, incidentIdOf, sessionSuffix, subjectDigest } from './identity.ts'
import { codeDigits, reserveSend } from './limiting.ts'
import { forceTestOutcome } from './test-instruction.ts'

const wordingVariants = 3

export type IngestRequest = { event: IngestEvent; body_sha256: string; idempotency_key: string | null }
export type Ingested = { session: Session; replayed: boolean }

/**
 * Takes one event: normalise, judge, remember the attempt, open the session.
 *
 * The attempt is written into the profile before the session is inserted, by compare-and-set: two transfers at once see
 * each other. A crash in between costs nothing, because the same idempotency key arrives at the same ids and resumes.
 * Whatever the outcome, one session document comes of it; a second insert under the same key is a replay.
 */
export const ingest = async (deps: Deps, caller: Caller, request: IngestRequest): Promise<Ingested> => {
  const key = digestKeyOf(deps, caller.org)
  const suffix = sessionSuffix(deps, key, caller.environment, request.idempotency_key)
  const sessionId = `ses_${suffix}`

  const existing =
    request.idempotency_key === null ? null : await deps.collections.sessions.get(caller.org._id, sessionId)
  if (existing !== null) return replay(existing, request)

  const now = deps.clock()
  const event = admit(deps, caller, request.event, now)
  const guard = await deps.collections.guards.get(caller.org._id, guardIdOf(event.keys.user))
  const judged = await judge(deps, caller, event, { eventId: `evt_${suffix}`, guard, request, now })
  const session = await compose(deps, caller, { sessionId, suffix, event, judged, request, now })

  const inserted = await deps.collections.sessions.insert(session)
  if (!inserted.ok) {
    const winner = await deps.collections.sessions.get(caller.org._id, sessionId)
    if (winner === null)
      throw new AppError('busy', 'The same event is being taken in. Send it again in a second.')
    return replay(winner, request)
  }
  deps.metrics.ingestOutcomes.inc({ outcome: judged.assessment.outcome, environment: caller.environment })
  if (session.outbox.length > 0) deps.nudge(session)
  return { session: inserted.doc, replayed: false }
}

const replay = (session: Session, request: IngestRequest): Ingested => {
  if (session.body_sha256 !== request.body_sha256) {
    throw new AppError(
      'idempotency_key_reused',
      'This Idempotency-Key came with another body before. Use a new key for a new event.',
    )
  }
  return { session, replayed: true }
}

/** The event in our own shape, or the refusal that tells the site what to mend. */
const admit = (deps: Deps, caller: Caller, body: IngestEvent, now: number): NormalisedEvent => {
  if (body.test !== undefined && caller.environment !== 'test') {
    throw new AppError('test_requires_test_key', 'Leave "test" out, or use an ase_test_ key.')
  }
  const digest = subjectDigest(digestKeyOf(deps, caller.org), caller.environment)
  const normalised = normaliseEvent(body, { now, digest })
  if (!normalised.ok) {
    const errors = [{ path: normalised.path, message: normalised.message }]
    throw new AppError(normalised.reason, `${normalised.path} ${normalised.message}.`, { errors })
  }
  const event = countedByMailbox(normalised.event, digest, now)
  if (requiresTarget(deps.policy, event.action) && event.target === null) {
    throw new AppError(
      'target_required',
      `Say in "target" what ${event.action} changes, for example the new address.`,
    )
  }
  if (event.return_url !== null && !returnUrlAllowed(caller.org, event.return_url).ok) {
    throw new AppError(
      'return_url_not_registered',
      'Register this return URL for your organisation, or leave it out.',
    )
  }
  return event
}

/** Limits count the mailbox that a code would go to, which is the previous one while the address is fresh. */
const countedByMailbox = (
  event: NormalisedEvent,
  digest: ReturnType<typeof subjectDigest>,
  now: number,
): NormalisedEvent => {
  const address = mailboxFor(event, now)
  const mailbox = address === null ? null : digest('mailbox', canonicaliseMailbox(address))
  return { ...event, keys: { ...event.keys, mailbox } }
}

type Judged = {
  assessment: Assessment
  blocked_by: BreakCause | null
  covered_by: SessionOrigin['covered_by']
  payee_exempt: boolean
  clean_check_holds: string[]
  carried_tries: number
  stalled_before: boolean
  /** Objective facts that were fresh when the event came. */
  context: SessionContext
}

type JudgeContext = { eventId: string; guard: Guard | null; request: IngestRequest; now: number }

/** Assesses against the profile as it was, and writes the attempt; another writer in between means: assess again. */
const judge = async (
  deps: Deps,
  caller: Caller,
  event: NormalisedEvent,
  context: JudgeContext,
): Promise<Judged> => {
  const place = { org_id: caller.org._id, _id: `usr_${event.keys.user}` }
  let judged: Judged | null = null
  const changed = await changeDocument(
    deps.collections.profiles,
    place,
    () => emptyProfile(place._id, place.org_id),
    (profile) => {
      judged = weigh(deps, event, profile, context)
      const attempted = recordAttempt(profile, event, context.eventId, context.now)
      return judged.assessment.outcome === 'allow'
        ? learn(attempted, event, context.eventId, context.now)
        : attempted
    },
  )
  if (!changed.ok || judged === null) {
    throw new AppError('busy', 'This user has too many events at once. Send it again in a second.', {
      retryAfterSeconds: 1,
    })
  }
  return judged
}

/**
 * The order of power: hold, block, contradiction, rule, score. The guard is asked first and nothing below it overrules it.
 */
const weigh = (deps: Deps, event: NormalisedEvent, profile: Profile, context: JudgeContext): Judged => {
  const { now, guard } = context
  const { family } = actionPolicy(deps.policy, event)
  const payeeExempt = event.keys.payee !== null && exemptFromHold(profile, event.keys.payee, now)
  const match = matchGuard(guard, { family, payee_key: event.keys.payee, exempt: payeeExempt, now })
  const stall = lastStall(guard, family, now - stallWindowMs)
  const assessment = assessed(deps, event, profile, context, match, stall)
  const forced = forceTestOutcome(assessment, context.request.event.test ?? null, deps.policy)
  const judged = {
    payee_exempt: payeeExempt,
    clean_check_holds: match.kind === 'clean_check' ? match.holds.map((hold) => hold.id) : [],
    carried_tries: stall?.tries ?? 0,
    stalled_before: stall !== null,
    context: freshContext(deps, event, profile, context),
    covered_by: null,
  }
  if (match.kind === 'covered') {
    const held = blocked(forced.assessment, {
      code: 'HOLD_ACTIVE',
      detail: 'This attempt falls under an open hold.',
    })
    return { ...judged, assessment: held, blocked_by: 'held', covered_by: match.hold }
  }
  if (forced.blocked_by !== null)
    return { ...judged, assessment: forced.assessment, blocked_by: forced.blocked_by }
  if (forced.assessment.outcome === 'block_escalate') {
    return { ...judged, assessment: forced.assessment, blocked_by: 'blocked' }
  }
  if (forced.assessment.steps.includes('email_code') && mailboxFor(event, now) === null) {
    const missing = blocked(forced.assessment, {
      code: 'CONTACT_MISSING',
      detail: 'A code was due, and there is no address that may confirm.',
    })
    return { ...judged, assessment: missing, blocked_by: 'contact_missing' }
  }
  return { ...judged, assessment: forced.assessment, blocked_by: null }
}

const assessed = (
  deps: Deps,
  event: NormalisedEvent,
  profile: Profile,
  context: JudgeContext,
  match: ReturnType<typeof matchGuard>,
  stall: ReturnType<typeof lastStall>,
): Assessment => {
  const standing: Parameters<typeof assess>[0]['standing'] = []
  const input = { event, event_id: context.eventId, profile, policy: deps.policy, now: context.now }
  if (stall !== null) {
    standing.push({
      minimum_tier: stall.tier,
      minimum_score: null,
      code: 'RETRY_AFTER_STALL',
      detail: 'An earlier checkpoint was left behind; this one keeps its tier.',
    })
  }
  if (match.kind === 'clean_check') {
    standing.push({
      minimum_tier: 'high',
      minimum_score: null,
      code: 'RETRY_AFTER_HOLD',
      detail: 'The first attempt after a hold takes a clean check.',
    })
  }
  if (match.kind === 'neighbour') {
    standing.push({
      minimum_tier: null,
      minimum_score: 75,
      code: 'HOLD_ACTIVE',
      detail: 'A hold is open on another kind of action.',
    })
  }
  if (match.kind === 'exempt') {
    const alone = assess({ ...input, standing })
    standing.push({
      minimum_tier: nextTier(alone.tier),
      minimum_score: null,
      code: 'HOLD_ACTIVE',
      detail: 'A hold is open; this payee has long been known and runs one tier up.',
    })
  }
  return assess({ ...input, standing })
}

const freshContext = (
  deps: Deps,
  event: NormalisedEvent,
  profile: Profile,
  { eventId, now }: JudgeContext,
): SessionContext => {
  const facts = factsOf({ event, event_id: eventId, profile, policy: deps.policy, now })
  return {
    call_active: facts['context.call_active'],
    remote_access: facts['context.remote_access'],
    screen_shared: facts['context.screen_shared'],
  }
}

/** The same assessment with nothing left to do but to block: the score stays what it was. */
const blocked = (
  assessment: Assessment,
  why: { code: 'HOLD_ACTIVE' | 'CONTACT_MISSING'; detail: string },
): Assessment => ({
  ...assessment,
  outcome: 'block_escalate',
  steps: [],
  reasons: [...assessment.reasons, { code: why.code, family: 'policy', points: 0, detail: why.detail }],
})

type Composition = {
  sessionId: string
  suffix: string
  event: NormalisedEvent
  judged: Judged
  request: IngestRequest
  now: number
}

const compose = async (deps: Deps, caller: Caller, parts: Composition): Promise<Session> => {
  const { sessionId, event, judged, request, now } = parts
  const key = digestKeyOf(deps, caller.org)
  const identity = {
    _id: sessionId,
    org_id: caller.org._id,
    master_kid: deps.secrets.masterKid,
    pepper_kid: deps.secrets.pepperKid,
  }
  const { blocked_by, covered_by, payee_exempt, clean_check_holds, carried_tries } = judged
  const origin: SessionOrigin = {
    ...identity,
    environment: caller.environment,
    key_sha256: sha256(deps.secrets.sessionKey(identity)),
    event_id: `evt_${parts.suffix}`,
    body_sha256: request.body_sha256,
    event,
    act: digestUnder(key, 'action', actionOfEvent(event)),
    assessment: judged.assessment,
    own_incident_id: incidentIdOf(key, sessionId),
    case_reference: caseReferenceOf(key, covered_by?.session_id ?? sessionId),
    payee_exempt,
    clean_check_holds,
    carried_tries,
    wording_variant: variantOf(parts.suffix, judged.stalled_before),
    context: judged.context,
    test: testOf(request.event),
    purge_at: now + deps.config.retentionDays * 86_400_000,
    covered_by,
    blocked_by,
    asked_by: caller.key_id,
  }
  const sendsAtOnce = blocked_by === null && judged.assessment.steps[0] === 'email_code'
  return createSession(origin, {
    now,
    policy: deps.policy,
    codeMatches: () => false,
    mayJudgeCode: true,
    maySendCode: !sendsAtOnce || (await reserveSend(deps, origin, 1)),
    codeDigits: sendsAtOnce ? await codeDigits(deps, caller.org._id) : 6,
    jti: deps.random(16).toString('base64url'),
    masterKid: identity.master_kid,
  })
}

/** A person who left a checkpoint behind meets the question in other words next time. */
const variantOf = (suffix: string, stalledBefore: boolean): number =>
  (Number.parseInt(suffix.slice(0, 8), 16) + (stalledBefore ? 1 : 0)) % wordingVariants

const testOf = (event: IngestEvent): Session['test'] =>
  event.test === undefined ? null : { outcome: event.test.outcome ?? null, code: event.test.code ?? null }
