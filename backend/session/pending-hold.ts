import type { BreakCause } from '#contract/outcome'
import type { HoldTrigger } from '../hold/open.ts'
import type { Session } from './document.ts'
import { type Ending, end, revoke } from './endings.ts'
import { isUndoable } from './machine.ts'
import { type Move, type MoveContext, moveTo } from './move.ts'

/**
 * An answer that opened a hold counts, even if another writer changed the session first: the hold stands in the user's holds
 * already, so the session must say so, and somebody must be told. An open session ends here, an unspent token is
 * revoked; what was spent stays spent, and the page shows the hold.
 */
export const pendingHold = (session: Session, trigger: HoldTrigger, context: MoveContext): Move => {
  const ending = {
    resolution: trigger === 'contradicted' ? 'contradicted' : 'contact_broken',
    cause: causeOf(trigger),
    hold: trigger,
    outcome: trigger,
  } satisfies Ending
  if (session.status === 'open') return end(session, ending, context)
  if (isUndoable(session, context.now)) return revoke(session, ending, context.now)
  const isMilder = session.ending.cause === null || milder.includes(session.ending.cause)
  return moveTo(
    {
      ...session,
      ending: { ...session.ending, cause: isMilder ? ending.cause : session.ending.cause },
    },
    { hold: trigger },
  )
}

/** Causes that give way to an answer with a longer hold. */
const milder: readonly BreakCause[] = ['held', 'answered_not_sure', 'stop_sharing']

const causeOf = (trigger: HoldTrigger): BreakCause => (trigger === 'sharing' ? 'stop_sharing' : trigger)
