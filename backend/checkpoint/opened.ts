import type { Deps } from '../deps.ts'
import { firstSignEntries } from '../session/shown.ts'
import { noted } from '../session/write.ts'
import { commit, findByKey, nowFor, sameText, stepTokenOf, transitionAttempts } from './sessions.ts'

/**
 * The page's own script says that it runs and is visible: the first sign that the question was on a screen. Writes it once;
 * a page of before the present step, a session that is over and a second page change nothing. It proves no more than that
 * somebody's browser ran the page, prolongs nothing and weighs nothing. False when no session has this key.
 */
export const noteOpened = async (deps: Deps, sessionKey: string, stepToken: string): Promise<boolean> => {
  for (let attempt = 0; attempt < transitionAttempts; attempt += 1) {
    const session = await findByKey(deps, sessionKey)
    if (session === null) return false
    const now = nowFor(deps, session)
    const entries = firstSignEntries(session, 'script')
    const isOver = now >= session.deadline_at
    if (entries.length === 0 || isOver || !sameText(stepToken, stepTokenOf(deps, session))) return true
    if ((await commit(deps, noted({ ...session, opened_at: now }, entries, now), session)) !== null)
      return true
  }
  // Whoever is that busy with the session leaves a sign of their own.
  return true
}
