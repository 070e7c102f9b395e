import { createHash, timingSafeEqual } from 'node:crypto'
import { isPassed, type StepType } from '#contract/step'
import type { Submit } from '#contract/submit'
import type { Deps } from '../deps.ts'
import type { Caller } from '../org/caller.ts'
import type { Organisation } from '../org/organisation.ts'
import { sha256 } from '../secrets.ts'
import type { Session } from '../session/document.ts'
import { signDecision } from '../session/token.ts'

/** Finding, writing and addressing sessions: what the parts of the spine share. */

/** The session that a URL's key opens, or null. Unknown, foreign, purged and of a retired master key look the same. */
export const findByKey = async (deps: Deps, sessionKey: string): Promise<Session | null> => {
  const [session] = await deps.collections.sessions.find({
    index: 'url_key',
    equals: [sha256(sessionKey)],
    limit: 1,
  })
  return session !== undefined && deps.secrets.holds(session) ? session : null
}

/** Finds a session by its id, each time it is asked. */
export const sessionById =
  (deps: Deps, { org_id, _id }: { org_id: string; _id: string }) =>
  (): Promise<Session | null> =>
    deps.collections.sessions.get(org_id, _id)

/** Finds a session of the caller's organisation and environment: another's and none at all are the same answer. */
export const sessionOfCaller =
  (deps: Deps, { org, environment }: Pick<Caller, 'org' | 'environment'>, id: string) =>
  async (): Promise<Session | null> => {
    const session = await deps.collections.sessions.get(org._id, id)
    return session?.environment === environment ? session : null
  }

/** Begins with a session at hand, and reads it anew after that. */
export const startingWith = (deps: Deps, session: Session): (() => Promise<Session | null>) => {
  let known: Session | null = session
  return async () => {
    const found = known ?? (await deps.collections.sessions.get(session.org_id, session._id))
    known = null
    return found
  }
}

/** Whose session it is. Throws when there is nobody: organisations are never removed. */
export const organisationOf = async (deps: Deps, session: Session): Promise<Organisation> => {
  const organisation = await deps.collections.organisations.get(session.org_id, session.org_id)
  if (organisation === null) throw new Error(`session ${session._id} belongs to no organisation`)
  return organisation
}

/** Never before the session's last change: a clock that was set back must not reopen anything. */
export const nowFor = (deps: Deps, session: Session): number => Math.max(deps.clock(), session.updated_at)

/** Writes the next state of a session, or null when somebody else was faster. */
export const commit = async (deps: Deps, next: Session, before: Session): Promise<Session | null> => {
  const replaced = await deps.collections.sessions.replace(next, before.version)
  if (!replaced.ok) return null
  if (next.consequences.outbox.length > before.consequences.outbox.length) deps.nudge(next)
  if (next.ending.resolution !== null && next.ending.resolution !== before.ending.resolution) {
    deps.metrics.sessionResolutions.inc({ resolution: next.ending.resolution })
  }
  return replaced.doc
}

/** The session's page. Built from configuration, never from a request's `Host`. */
export const urlOf = (deps: Deps, session: Session): string =>
  `${deps.config.checkpointOrigin}/challenge/${deps.secrets.sessionKey(session)}`

/** The step token of a turn: what the page's forms carry. */
export const stepTokenOf = (deps: Deps, session: Session, turn = session.checkpoint.turn): string =>
  deps.secrets.stepToken(session, 'turn', turn)

/** Signs the session's decision token anew; null while there is no decision, or its key has left the ring. */
export const tokenOf = async (deps: Deps, session: Session): Promise<string | null> => {
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
    key,
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
