import { createHash, timingSafeEqual } from 'node:crypto'
import { isPassed, type StepType } from '#contract/step'
import type { Submit } from '#contract/submit'
import type { Deps } from '../deps.ts'
import { sha256, signHs256 } from '../secrets.ts'
import type { Session } from '../session/document.ts'
import { signDecision } from '../session/token.ts'

/** What opens a session, proves a turn of it and carries its decision: derived each time, stored nowhere. */

/** The session's page. Built from configuration, never from a request's `Host`. */
export const urlOf = (deps: Deps, session: Session): string =>
  `${deps.config.checkpointOrigin}/challenge/${deps.secrets.sessionKey(session)}`

/** The step token of a turn: what the page's forms carry. */
export const stepTokenOf = (deps: Deps, session: Session, turn = session.checkpoint.turn): string =>
  deps.secrets.stepToken(session, 'turn', turn)

/** Signs the session's decision token anew; null while there is no decision, or its key has left the ring. */
export const tokenOf = (deps: Deps, session: Session): string | null => {
  const { decision } = session
  if (decision === null) return null
  const key = deps.secrets.signingKey(decision.kid, session.org_id, session.environment)
  if (key === null) return null
  return signDecision(
    {
      jti: decision.jti,
      session_id: session._id,
      org_id: session.org_id,
      env: session.environment,
      outcome: decision.outcome,
      act: session.request.action_digest,
      iat: decision.issued_at / 1000,
      exp: decision.expires_at / 1000,
      methods: passedSteps(session),
    },
    decision.kid,
    (signingInput) => signHs256(key, signingInput),
  )
}

/** The steps that ended well. They don't change any more once there is a decision, so the token stays the same. */
const passedSteps = (session: Session): StepType[] =>
  session.checkpoint.steps.filter(({ type, outcome }) => isPassed(type, outcome)).map(({ type }) => type)

export type Sequence = 'fresh' | 'repeat' | 'stale'

/** Whether a submit answers the screen that stands, repeats the one that was just accepted, or comes from elsewhere. */
export const sequenceOf = (
  deps: Deps,
  session: Session,
  stepToken: string,
  fingerprint: string,
): Sequence => {
  if (sameText(stepToken, stepTokenOf(deps, session))) return 'fresh'
  const isLast =
    session.checkpoint.turn > 0 &&
    sameText(stepToken, stepTokenOf(deps, session, session.checkpoint.turn - 1))
  return isLast && session.checkpoint.last_submit === fingerprint ? 'repeat' : 'stale'
}

/** One fingerprint for one submit: two clicks on the same button have the same. */
export const fingerprintOf = (deps: Deps, session: Session, submit: Submit): string =>
  sha256(`${deps.secrets.stepToken(session, 'fingerprint', 0)} ${JSON.stringify(submit)}`)

/** Constant time, whatever the lengths. */
export const sameText = (a: string, b: string): boolean => {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
