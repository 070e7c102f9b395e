import type { Deps } from '../deps.ts'
import { releaseHolds } from '../hold/release.ts'
import { changeHoldsOf, heldPersonOf } from '../repositories/user-holds.ts'
import type { Session } from '../session/document.ts'

/** Releases ended holds that this session has passed the reverification of. */
export const releaseByReverification = async (
  deps: Deps,
  session: Session,
  holdIds: readonly string[],
): Promise<void> => {
  const now = deps.clock()
  await changeHoldsOf(deps, heldPersonOf(session), (before) =>
    releaseHolds(before, holdIds, {
      at: now,
      by: session._id,
      how: 'reverification',
      reason: 'A later checkpoint was passed without a contradiction.',
      call_back: null,
    }),
  )
}
