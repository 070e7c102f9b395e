import type { Context } from '#contract/event'
import type { Deps } from '../deps.ts'
import type { Caller } from '../org/caller.ts'
import { type Busy, busy, refusingLostRaces } from '../repositories/lost-race.ts'
import { sessionOfCaller } from '../repositories/sessions.ts'
import type { Session } from '../session/document.ts'
import { changeSession } from '../transitions/change-session.ts'
import { observeContext } from '../transitions/observe-context.ts'

export type AddContextAnswer =
  | { ok: true; session: Session }
  | { ok: false; reason: 'unknown_session' }
  | Busy

/** Takes fresh objective facts about a session of the caller's. Answers the session as it is then. */
export const addContext = (
  deps: Deps,
  caller: Caller,
  sessionId: string,
  context: Context,
): Promise<AddContextAnswer> =>
  refusingLostRaces(async () => {
    const changed = await changeSession(deps, sessionOfCaller(deps, caller, sessionId), (session, now) =>
      observeContext(deps, session, now, context, caller.key_id),
    )
    if (changed.ok) return { ok: true, session: changed.answer }
    return changed.reason === 'busy' ? busy('session') : { ok: false, reason: 'unknown_session' }
  })
