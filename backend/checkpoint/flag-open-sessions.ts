import { secondMs } from '#contract/durations'
import type { Deps } from '../deps.ts'
import { type PayeeRef, payeeOf, readPayee } from '../repositories/payees.ts'
import { policyOf } from '../repositories/policies.ts'
import { startingWith } from '../repositories/sessions.ts'
import { pointsOfReputation, reportReputation } from '../risk/payee-reports.ts'
import type { Session } from '../session/document.ts'
import { sessionLifetimeSeconds } from '../session/endings.ts'
import { payeeReportedMove } from '../session/payee-reported.ts'
import { changeSession } from '../transitions/change-session.ts'

const pageSize = 50

/**
 * Tells every open session of a payee what is known of them by now. Run by the outbox, at least once; telling a session
 * twice changes nothing. A session that is being opened at this very moment may be missed: it was judged a moment before
 * the report, and `redeem` asks the payee's memory again.
 */
export const flagOpenSessions = async (deps: Deps, reporting: Session): Promise<void> => {
  const ref = payeeOf(reporting)
  if (ref === null) return
  const since = deps.clock() - sessionLifetimeSeconds * secondMs
  let after: { values: number[]; _id: string } | null = null
  for (;;) {
    let unfit = 0
    const page: Session[] = await deps.collections.sessions.find({
      index: 'payee',
      org_id: ref.org_id,
      equals: [ref.payee_key],
      from: since,
      order: 'ascending',
      limit: pageSize,
      onUnreadable: (err) => {
        unfit += 1
        deps.log.error({ err }, 'a session can’t be read and is not told about its payee')
      },
      ...(after === null ? {} : { after }),
    })
    for (const session of page) await flag(deps, ref, session)
    const last = page.at(-1)
    if (last === undefined || page.length + unfit < pageSize) return
    after = { values: [last.created_at], _id: last._id }
  }
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
