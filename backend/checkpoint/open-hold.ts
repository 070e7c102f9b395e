import type { Deps } from '../deps.ts'
import type { Session } from '../session/document.ts'
import { wasStopped } from '../session/machine.ts'
import type { Move } from '../session/move.ts'
import { withHold } from '../session/write.ts'
import { organisationOf } from './sessions.ts'
import { noteAbandonment, noteStop, openHoldFor } from './user-holds.ts'

/**
 * Opens the hold that the move calls for, or that a third abandonment amounts to, and remembers a stop: all of it before the
 * move is written. The move that comes back calls for no hold any more.
 */
export const withHoldOpened = async (deps: Deps, before: Session, move: Move, now: number): Promise<Move> => {
  const { session } = move
  if (session.resolution !== before.resolution && wasStopped(session)) await noteStop(deps, session, now)
  const trigger =
    move.hold ?? (move.abandoned && (await noteAbandonment(deps, session, now)) ? 'abandoned' : null)
  if (trigger === null) return move
  const organisation = await organisationOf(deps, session)
  return withHold(move, await openHoldFor(deps, organisation, session, trigger, now))
}
