import type { Deps } from '../deps.ts'
import type { Caller } from '../org/caller.ts'
import { sha256 } from '../secrets.ts'
import type { Session } from '../session/document.ts'

/** Finding and writing sessions: what the parts of the spine share. */

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
