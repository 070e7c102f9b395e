import type { Deps } from '../deps.ts'
import { coveringIn, heldPersonOf, readUserHolds } from '../repositories/user-holds.ts'
import type { Session } from '../session/document.ts'
import { answeredIn, heldMeanwhile, leadsOn, saidIn } from '../session/held-meanwhile.ts'
import type { Move, MoveContext } from '../session/move.ts'
import { pendingHold } from '../session/pending-hold.ts'
import { caseOfHold } from './case-of-hold.ts'

/**
 * The same move, unless the person's holds say otherwise: an open session reads them once more before each step.
 *
 * - A hold of this very session: an earlier answer got as far as the holds before its process died. That answer counts,
 *   whatever came after it, and somebody is told.
 * - A hold that another session opened meanwhile: nobody is walked on through a checkpoint, mailed a code, or told
 *   *allowed*, for an action that verify would refuse. Leaving stays leaving.
 */
export const recheckHold = async (
  deps: Deps,
  session: Session,
  move: Move,
  context: MoveContext,
): Promise<Move> => {
  if (session.status !== 'open' || move.hold !== null) return move
  const userHolds = await readUserHolds(deps, heldPersonOf(session))
  const own = userHolds?.holds.find((hold) => hold.session_id === session._id && hold.released === null)
  if (own !== undefined) {
    // The third abandonment again: it finds its own hold by itself.
    if (own.reason === 'abandoned' && move.abandoned) return move
    const broken = pendingHold(answeredIn(session, move), own.reason, context)
    return { ...broken, entries: [...saidIn(move), ...broken.entries] }
  }
  if (!leadsOn(move)) return move
  const hold = coveringIn(userHolds, session, context.now)
  if (hold === null) return move
  const case_reference = await caseOfHold(deps, session, hold)
  return heldMeanwhile(session, move, { hold, case_reference }, context)
}
