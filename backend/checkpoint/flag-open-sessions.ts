import { secondMs } from '#contract/durations'
import type { Deps } from '../deps.ts'
import { type PayeeRef, payeeOf, readPayee } from '../repositories/payees.ts'
import { policyOf } from '../repositories/policies.ts'
import { startingWith } from '../repositories/sessions.ts'
import { pointsOfReputation, reportReputation } from '../risk/payee-reports.ts'
import type { Session } from '../session/document.ts'
import { sessionLifetimeSeconds } from '../session/endings.ts'
import { payeeReportedMove } from '../session/payee-reported.ts'
import { pagesOf } from '../store/pages.ts'
import { changeSession } from '../transitions/change-session.ts'

/**
 * Tells every open session of a payee what is known of them by now. Run by the outbox, at least once; telling a session
 * twice changes nothing. A session that is being opened at this very moment may be missed: it was judged a moment before
 * the report, and `redeem` asks the payee's memory again.
 */
export const flagOpenSessions = async (deps: Deps, reporting: Session): Promise<void> => {
  const ref = payeeOf(reporting)
  if (ref === null) return
  const open = {
    index: 'payee',
    org_id: ref.org_id,
    equals: [ref.payee_key],
    from: deps.clock() - sessionLifetimeSeconds * secondMs,
    limit: 50,
    onUnreadable: (err: Error) =>
      deps.log.error({ err }, 'a session can’t be read and is not told about its payee'),
  }
  const pages = pagesOf(deps.collections.sessions.find, open, ({ created_at, _id }) => ({
    values: [created_at],
    _id,
  }))
  for await (const { rows } of pages) for (const session of rows) await flag(deps, ref, session)
}

const flag = async (deps: Deps, ref: PayeeRef, found: Session): Promise<void> => {
  const flagged = await changeSession<null>(deps, startingWith(deps, found), async (session, now) => {
    if (session.status !== 'open' || payeeOf(session) === null) return { answer: null }
    // Read again each time: a disposition that was taken back meanwhile must not be told on.
    const reputation = reportReputation(await readPayee(deps, ref), now)
    const policy = await policyOf(deps, session)
    const points = pointsOfReputation(reputation, policy.weights.BENEFICIARY_REPORTED)
    const move = payeeReportedMove(session, { ...reputation, points }, policy)
    return move === null ? { answer: null } : { move, reply: () => null }
  })
  if (!flagged.ok && flagged.reason === 'busy')
    throw new Error(`${found._id} could not be told about its payee: too many changes at once`)
}
