import type { Deps } from '../deps.ts'
import { sameText, stepTokenOf } from '../repositories/session-tokens.ts'
import { findByKey } from '../repositories/sessions.ts'
import { moveTo } from '../session/move.ts'
import { firstSignEntries } from '../session/shown.ts'
import { withCheckpoint } from '../session/with-checkpoint.ts'
import { changeSession } from '../transitions/change-session.ts'

/**
 * The page's own script says that it runs and is visible: the first sign that the question was on a screen. Writes it once;
 * a page of before the present step, a session that is over and a second page change nothing. It proves no more than that
 * somebody's browser ran the page, prolongs nothing and weighs nothing. False when no session has this key.
 */
export const noteOpened = async (deps: Deps, sessionKey: string, stepToken: string): Promise<boolean> => {
  const opened = await changeSession<boolean>(
    deps,
    () => findByKey(deps, sessionKey),
    (session, now) => {
      const entries = firstSignEntries(session, 'script')
      const isOver = now >= session.checkpoint.deadline_at
      if (entries.length === 0 || isOver || !sameText(stepToken, stepTokenOf(deps, session)))
        return { answer: true }
      return { move: moveTo(withCheckpoint(session, { opened_at: now }), { entries }), reply: () => true }
    },
  )
  // Whoever is that busy with the session leaves a sign of their own.
  return opened.ok || opened.reason === 'busy'
}
