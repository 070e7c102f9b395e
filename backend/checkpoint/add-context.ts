import type { Context } from '#contract/event'
import type { Deps } from '../deps.ts'
import { AppError, busy } from '../errors.ts'
import type { Caller } from '../org/caller.ts'
import { sessionOfCaller } from '../repositories/sessions.ts'
import type { Session } from '../session/document.ts'
import { changeSession } from '../transitions/change-session.ts'
import { observeContext } from '../transitions/observe-context.ts'

/** Takes fresh objective facts about a session of the caller's. Answers the session as it is then. */
export const addContext = async (
  deps: Deps,
  caller: Caller,
  sessionId: string,
  context: Context,
): Promise<Session> => {
  const changed = await changeSession(deps, sessionOfCaller(deps, caller, sessionId), (session, now) =>
    observeContext(deps, session, now, context, caller.key_id),
  )
  if (changed.ok) return changed.answer
  throw changed.reason === 'busy'
    ? busy('This session has too many changes under way. Try again in a second.')
    : new AppError('not_found', 'No session of yours has this id.')
}
