import type { Deps } from '../deps.ts'
import {
  abandonmentsUntilHold,
  countAbandonments,
  recordAbandonment,
  recordStop,
} from '../hold/abandonment.ts'
import { type HoldTrigger, openHold } from '../hold/open.ts'
import type { Hold, LeftCheckpoint } from '../hold/user-holds.ts'
import type { Organisation } from '../org/organisation.ts'
import { digestKeyOf, holdIdOf } from '../repositories/identity.ts'
import { organisationOf } from '../repositories/organisations.ts'
import { changeHoldsOf, heldPersonOf } from '../repositories/user-holds.ts'
import type { Session } from '../session/document.ts'
import { failedGuessesIn } from '../session/life-of.ts'
import { wasStopped } from '../session/machine.ts'
import type { Move } from '../session/move.ts'
import { withHold } from '../session/write.ts'

/**
 * Opens the hold that the move calls for, or that a third abandonment amounts to, and remembers a stop: all of it before the
 * move is written. The move that comes back calls for no hold any more.
 */
export const withHoldOpened = async (deps: Deps, before: Session, move: Move, now: number): Promise<Move> => {
  const { session } = move
  if (session.ending.resolution !== before.ending.resolution && wasStopped(session))
    await noteStop(deps, session, now)
  const trigger =
    move.hold ?? (move.abandoned && (await noteAbandonment(deps, session, now)) ? 'abandoned' : null)
  if (trigger === null) return move
  const organisation = await organisationOf(deps, session)
  return withHold(move, await openHoldFor(deps, organisation, session, trigger, now))
}

/** Opens the hold that an answer calls for, or finds the one that this session opened before. */
export const openHoldFor = async (
  deps: Deps,
  organisation: Organisation,
  session: Session,
  trigger: HoldTrigger,
  now: number,
): Promise<Hold> => {
  const key = digestKeyOf(deps, organisation)
  const holdId = holdIdOf(key, session._id)
  const { call_active: call, remote_access: remote, screen_shared: shared } = session.evaluation.context
  const userHolds = await changeHoldsOf(
    deps,
    heldPersonOf(session),
    (before) =>
      openHold(before, {
        session_id: session._id,
        hold_id: holdId,
        incident_id: session.consequences.own_incident_id,
        family: session.evaluation.assessment.family,
        payee_key: session.event.keys.payee,
        trigger,
        objective: call === true || remote === true || shared === true,
        at: now,
        hours: organisation.hold_hours,
      }).userHolds,
  )
  const hold = userHolds.holds.find((entry) => entry.id === holdId)
  if (hold === undefined) throw new Error(`the holds of ${session._id} lost the hold it was just given`)
  return hold
}

const markOf = (session: Session, at: number): LeftCheckpoint => ({
  session_id: session._id,
  family: session.evaluation.assessment.family,
  at,
  tier: session.checkpoint.tier,
  tries: Math.min(failedGuessesIn(session) ?? session.checkpoint.prior_failed_attempts, 4),
  variant: session.checkpoint.wording_variant,
})

/** Writes down an abandonment; true when it is one too many and opens a hold. */
const noteAbandonment = async (deps: Deps, session: Session, now: number): Promise<boolean> => {
  const userHolds = await changeHoldsOf(deps, heldPersonOf(session), (before) =>
    recordAbandonment(before, markOf(session, now)),
  )
  return countAbandonments(userHolds, session.evaluation.assessment.family, now) >= abandonmentsUntilHold
}

/** Writes down that the person stopped the checkpoint: remembered for the next one, and opens nothing. */
const noteStop = async (deps: Deps, session: Session, now: number): Promise<void> => {
  await changeHoldsOf(deps, heldPersonOf(session), (before) =>
    recordStop(before, markOf(session, session.ending.at ?? now)),
  )
}
