import type { Deps } from '../deps.ts'
import { startingWith } from '../repositories/sessions.ts'
import type { Session } from '../session/document.ts'
import { expire } from '../session/machine.ts'
import { changeSession } from '../transitions/change-session.ts'
import { systemContext } from '../transitions/system-context.ts'

const batchSize = 100

/**
 * Writes down what is already so: sessions whose time is over. Every transition judges expiry by itself, so being late
 * here lets nobody in; it only delays the entry in the trail. Answers how many were written.
 */
export const expireDue = async (deps: Deps): Promise<number> => {
  const due = await deps.collections.sessions.find({
    index: 'open_deadline',
    before: deps.clock() + 1,
    order: 'ascending',
    limit: batchSize,
    onUnreadable: (err) => deps.log.error({ err }, 'a session can’t be read and does not expire'),
  })
  let expired = 0
  for (const session of due) {
    try {
      if (await expireOne(deps, session)) expired += 1
    } catch (err) {
      // The sessions behind it are other people's: they must not wait for this one.
      deps.log.error({ err, session: session._id }, 'session not expired')
    }
  }
  return expired
}

const expireOne = async (deps: Deps, due: Session): Promise<boolean> => {
  const expired = await changeSession<null>(
    deps,
    startingWith(deps, due),
    async (session, now) => {
      const context = await systemContext(deps, session, now)
      return { move: expire(session, context), recheck: context, reply: () => null }
    },
    // A lost race means that somebody answered in time, or another instance was faster: both are fine.
    1,
  )
  return expired.ok
}
