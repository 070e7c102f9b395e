import type { NormalisedEvent } from '#contract/normalised-event'
import type { Deps } from '../deps.ts'
import { evaluate } from '../evaluation/evaluate.ts'
import { enforcementOf, holdoutArmOf } from '../evaluation/lots.ts'
import { compose } from '../evaluation/open-session.ts'
import { shadowEvaluationOf } from '../evaluation/shadow-evaluation.ts'
import { namesNothing, whatIsKnown } from '../evaluation/unknown-action.ts'
import { canonicaliseMailbox } from '../intake/canonical.ts'
import type { Payload } from '../intake/connectors/connector.ts'
import type { Caller } from '../org/caller.ts'
import { returnUrlAllowed } from '../org/organisation.ts'
import { readActivity } from '../repositories/activity.ts'
import { digestKeyOf, sessionSuffix, subjectDigest } from '../repositories/identity.ts'
import { labelsMet } from '../repositories/labels.ts'
import { lookUp } from '../repositories/looked-up.ts'
import { type Busy, busy, refusingLostRaces } from '../repositories/lost-race.ts'
import { meetPayee } from '../repositories/payees.ts'
import { evaluatingPolicies } from '../repositories/policies.ts'
import { sessionById } from '../repositories/sessions.ts'
import { readUserHolds } from '../repositories/user-holds.ts'
import { type Policy, requiresTarget } from '../risk/policy.ts'
import type { Session } from '../session/document.ts'
import { mailboxFor } from '../session/mailbox.ts'

export type IngestRequest = { payload: Payload; body_sha256: string; idempotency_key: string | null }
export type Ingested = { ok: true; session: Session; replayed: boolean } | IngestRefusal | Busy

/** Why an event is not taken in: what the site has to mend. */
export type IngestRefusal = { ok: false } & (
  | { reason: 'idempotency_key_reused' | 'test_requires_test_key' }
  | { reason: 'not_normal'; mistake: Extract<ReturnType<Payload['normalise']>, { ok: false }> }
  /** `known`: the names that may have been meant, as a sentence. */
  | { reason: 'action_unknown'; action: string; known: string }
  | { reason: 'target_required'; action: string }
  | { reason: 'return_url_not_registered'; org_id: string }
)

/**
 * Takes one event: normalise, judge, remember the attempt, open the session.
 *
 * The attempt is written into the profile by compare-and-set, and the session is inserted behind it: two transfers at once
 * see each other. The embedded engine commits both at once. Elsewhere a crash in between costs nothing, because the same
 * idempotency key arrives at the same ids and resumes.
 * Whatever the outcome, one session document comes of it; a second insert under the same key is a replay.
 */
export const ingest = (deps: Deps, caller: Caller, request: IngestRequest): Promise<Ingested> =>
  refusingLostRaces(async () => {
    const key = digestKeyOf(deps, caller.org)
    const suffix = sessionSuffix(deps, key, caller.environment, request.idempotency_key)
    const sessionId = `ses_${suffix}`

    const find = sessionById(deps, { org_id: caller.org._id, _id: sessionId })
    const existing = request.idempotency_key === null ? null : await find()
    if (existing !== null) return replay(existing, request)

    const now = deps.clock()
    const policies = await evaluatingPolicies(deps, caller)
    const [policy] = policies
    const admitted = admit(deps, caller, policy, request.payload, now)
    if (!admitted.ok) return admitted
    const { event } = admitted
    const [userHolds, labels, payee, activity, listed] = await Promise.all([
      readUserHolds(deps, { org_id: caller.org._id, user_key: event.keys.user }),
      labelsMet(deps, caller, event, now),
      meetPayee(deps, caller.org._id, event, policy, now),
      readActivity(deps, caller, event, policies),
      lookUp(deps, caller, event, policies, now),
    ])
    const { test } = request.payload
    const enforcement = enforcementOf(deps, caller, event.keys.user)
    // Like a hold it is written before the session: a repeat of the request finds the session, and writes nothing more.
    await payee.note()
    const context = {
      eventId: `evt_${suffix}`,
      userHolds,
      labels,
      arm: holdoutArmOf(deps, caller, event.keys.user),
      enforcement,
      payee_reputation: payee.reputation,
      activity,
      listed,
      test,
      policy,
      now,
    }
    const parts = { sessionId, suffix, event, request, policy, now }
    const { evaluation, session, inserted } = await evaluate(deps, caller, event, context, async (judged) => {
      const shadowed = { event, input: judged.evaluation_input, enforcement, test, now }
      const shadow_evaluation = await shadowEvaluationOf(deps, caller, shadowed)
      const opened = await compose(deps, caller, { ...parts, evaluation: judged, shadow_evaluation })
      return async (follows) => ({
        evaluation: judged,
        session: opened,
        inserted: await deps.collections.sessions.insert(opened, { follows }),
      })
    })
    if (!inserted.ok) {
      const winner = await find()
      if (winner === null) return busy('event')
      return replay(winner, request)
    }
    deps.metrics.ingestOutcomes.inc({
      outcome: evaluation.assessment.outcome,
      environment: caller.environment,
    })
    const { observed } = evaluation
    if (observed !== null)
      deps.metrics.observedOutcomes.inc({ outcome: observed.outcome, environment: caller.environment })
    if (session.consequences.outbox.length > 0) deps.nudge(session)
    return { ok: true, session: inserted.doc, replayed: false }
  })

const replay = (session: Session, request: IngestRequest): Ingested =>
  session.request.body_sha256 === request.body_sha256
    ? { ok: true, session, replayed: true }
    : { ok: false, reason: 'idempotency_key_reused' }

/** The event in our own shape, or the refusal that tells the site what to mend. */
const admit = (
  deps: Deps,
  caller: Caller,
  policy: Policy,
  payload: Payload,
  now: number,
): { ok: true; event: NormalisedEvent } | IngestRefusal => {
  if (payload.test !== null && caller.environment !== 'test')
    return { ok: false, reason: 'test_requires_test_key' }
  const digest = subjectDigest(digestKeyOf(deps, caller.org), caller.environment)
  const normalised = payload.normalise({ now, digest })
  if (!normalised.ok) return { ok: false, reason: 'not_normal', mistake: normalised }
  const event = countedByMailbox(normalised.event, digest, now)
  const { action } = event
  if (namesNothing(policy, event))
    return { ok: false, reason: 'action_unknown', action, known: whatIsKnown(policy, action) }
  if (requiresTarget(policy, action) && event.target === null)
    return { ok: false, reason: 'target_required', action }
  if (event.return_url !== null && !returnUrlAllowed(caller.org, event.return_url).ok)
    return { ok: false, reason: 'return_url_not_registered', org_id: caller.org._id }
  return { ok: true, event }
}

/** Limits count the mailbox that a code would go to, which is the previous one while the address is fresh. */
const countedByMailbox = (
  event: NormalisedEvent,
  digest: ReturnType<typeof subjectDigest>,
  now: number,
): NormalisedEvent => {
  const address = mailboxFor(event, now)
  if (address === event.user.email) return event
  const mailbox = address === null ? null : digest('mailbox', canonicaliseMailbox(address))
  return { ...event, keys: { ...event.keys, mailbox } }
}
