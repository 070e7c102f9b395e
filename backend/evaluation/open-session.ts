import { dayMs } from '#contract/durations'
import type { NormalisedEvent } from '#contract/normalised-event'
import type { ShadowEvaluation } from '#contract/policy'
import { wordingsEach } from '#contract/question'
import { languageOf } from '../../widget/texts/languages.ts'
import type { Deps } from '../deps.ts'
import type { Payload } from '../intake/connectors/connector.ts'
import { actionOfEvent } from '../intake/digest.ts'
import type { Caller } from '../org/caller.ts'
import { caseReferenceOf, digestKeyOf, incidentIdOf } from '../repositories/identity.ts'
import type { Policy } from '../risk/policy.ts'
import { digestUnder, sha256 } from '../secrets.ts'
import { createSession, type SessionOrigin } from '../session/create.ts'
import type { Session } from '../session/document.ts'
import { lifeOfNew } from '../session/life-of.ts'
import { isAlarmed, reserveSend } from '../transitions/limiting.ts'
import type { Evaluation } from './evaluate.ts'

type Composition = {
  sessionId: string
  suffix: string
  event: NormalisedEvent
  evaluation: Evaluation
  shadow_evaluation: ShadowEvaluation | null
  request: { payload: Payload; body_sha256: string }
  policy: Policy
  now: number
}

/** Everything that the session of an evaluated event begins with: identity, digests, wording, and the first message if one is due. */
export const compose = async (deps: Deps, caller: Caller, parts: Composition): Promise<Session> => {
  const { sessionId, event, evaluation, request, policy, now } = parts
  const key = digestKeyOf(deps, caller.org)
  const identity = {
    _id: sessionId,
    org_id: caller.org._id,
    keys: { master_kid: deps.secrets.masterKid, pepper_kid: deps.secrets.pepperKid },
  }
  const { assessment, blocked_by, covered_by } = evaluation
  const origin: SessionOrigin = {
    ...identity,
    environment: caller.environment,
    keys: { ...identity.keys, url_sha256: sha256(deps.secrets.sessionKey(identity)) },
    request: {
      event_id: `evt_${parts.suffix}`,
      body_sha256: request.body_sha256,
      action_digest: digestUnder(key, 'action', actionOfEvent(event)),
    },
    event,
    evaluation: {
      assessment,
      input: evaluation.evaluation_input,
      shadow: parts.shadow_evaluation,
      payee_exempt: evaluation.payee_exempt,
      payee_reputation: evaluation.payee_reputation,
      holdout: evaluation.holdout,
      observed: evaluation.observed,
      context: evaluation.context,
      test: testOf(request.payload),
    },
    own_incident_id: incidentIdOf(key, sessionId),
    case_reference: caseReferenceOf(key, covered_by?.session_id ?? sessionId),
    reverification_holds: evaluation.reverification_holds,
    prior_failed_attempts: evaluation.prior_failed_attempts,
    wording_variant: variantOf(parts.suffix, evaluation.left_variant) % wordingsEach,
    texts_version: languageOf(caller.org.language).screens.version,
    purge_at: now + deps.config.retentionDays * dayMs,
    covered_by,
    blocked_by,
    asked_by: caller.key_id,
  }
  const [first] = assessment.steps
  const sendsAtOnce = blocked_by === null && first !== undefined && lifeOfNew(first).messaging !== undefined
  return createSession(origin, {
    now,
    policy,
    codeMatches: () => false,
    mayJudge: true,
    hasTries: true,
    maySend: !sendsAtOnce || (await reserveSend(deps, origin, first, 1)),
    isAlarmed: sendsAtOnce && (await isAlarmed(deps, origin)),
    jti: deps.random(16).toString('base64url'),
    masterKid: identity.keys.master_kid,
  })
}

/** A person who left a checkpoint behind meets the question in other words next time. */
const variantOf = (suffix: string, leftVariant: number | null): number =>
  leftVariant === null ? Number.parseInt(suffix.slice(0, 8), 16) : leftVariant + 1

const testOf = ({ test }: Payload): Session['evaluation']['test'] =>
  test === null ? null : { outcome: test.outcome ?? null, code: test.code ?? null }
