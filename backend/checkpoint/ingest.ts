import type { NormalisedEvent } from '#contract/normalised-event'
import type { Deps } from '../deps.ts'
import { AppError, busy } from '../errors.ts'
import { evaluate } from '../evaluation/evaluate.ts'
import { holdoutArmOf } from '../evaluation/holdout-arm.ts'
import { compose } from '../evaluation/open-session.ts'
import { shadowEvaluationOf } from '../evaluation/shadow-evaluation.ts'
import { namesNothing, unknownAction } from '../evaluation/unknown-action.ts'
import { canonicaliseMailbox } from '../intake/canonical.ts'
import type { Payload } from '../intake/connectors/connector.ts'
import type { Caller } from '../org/caller.ts'
import { returnUrlAllowed } from '../org/organisation.ts'
import { digestKeyOf, sessionSuffix, subjectDigest } from '../repositories/identity.ts'
import { labelsMet } from '../repositories/labels.ts'
import { readPayeeStanding } from '../repositories/payees.ts'
import { livePolicy } from '../repositories/policies.ts'
import { userHoldsIdOf } from '../repositories/user-holds.ts'
import { type Policy, requiresTarget } from '../risk/policy.ts'
import type { Session } from '../session/document.ts'
import { mailboxFor } from '../session/mailbox.ts'

export type IngestRequest = { payload: Payload; body_sha256: string; idempotency_key: string | null }
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
  const policy = await livePolicy(deps, caller)
  const event = admit(deps, caller, policy, request.payload, now)
  const [userHolds, labels, payee_reputation] = await Promise.all([
    deps.collections.userHolds.get(caller.org._id, userHoldsIdOf(event.keys.user)),
    labelsMet(deps, caller, event, now),
    readPayeeStanding(deps, caller.org._id, event, policy, now),
  ])
  const { test } = request.payload
  const evaluation = await evaluate(deps, caller, event, {
    eventId: `evt_${suffix}`,
    userHolds,
    labels,
    arm: holdoutArmOf(deps, caller, event.keys.user),
    payee_reputation,
    test: request.payload.test,
    policy,
    now,
  })
  const shadow_evaluation = await shadowEvaluationOf(deps, caller, {
    event,
    input: evaluation.evaluation_input,
    test,
    now,
  })
  const session = await compose(deps, caller, {
    sessionId,
    suffix,
    event,
    evaluation,
    shadow_evaluation,
    request,
    policy,
    now,
  })

  const inserted = await deps.collections.sessions.insert(session)
  if (!inserted.ok) {
    const winner = await deps.collections.sessions.get(caller.org._id, sessionId)
    if (winner === null) throw busy('The same event is being taken in. Send it again in a second.')
    return replay(winner, request)
  }
  deps.metrics.ingestOutcomes.inc({ outcome: evaluation.assessment.outcome, environment: caller.environment })
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
const admit = (
  deps: Deps,
  caller: Caller,
  policy: Policy,
  payload: Payload,
  now: number,
): NormalisedEvent => {
  if (payload.test !== null && caller.environment !== 'test') {
    throw new AppError('test_requires_test_key', 'Leave "test" out, or use an ase_test_ key.')
  }
  const digest = subjectDigest(digestKeyOf(deps, caller.org), caller.environment)
  const normalised = payload.normalise({ now, digest })
  if (!normalised.ok) {
    const errors = [{ path: normalised.path, message: normalised.message }]
    throw new AppError(normalised.reason, `${normalised.path} ${normalised.message}.`, { errors })
  }
  const event = countedByMailbox(normalised.event, digest, now)
  if (namesNothing(policy, event)) throw unknownAction(policy, event.action)
  if (requiresTarget(policy, event.action) && event.target === null) {
    throw new AppError(
      'target_required',
      `Say in "target" what ${event.action} changes, for example the new address, what is exported, or the account that is closed.`,
    )
  }
  if (event.return_url !== null && !returnUrlAllowed(caller.org, event.return_url).ok) {
    throw new AppError(
      'return_url_not_registered',
      `Register this return URL (npm run ase -- org allow --id ${caller.org._id} --return-url …), or leave it out.`,
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
