import { releasedHold, releaseForm } from '#contract/hold'
import { releaseHold } from '../../checkpoint.ts'
import { AppError } from '../../errors.ts'
import { releaseRefused } from '../holds.ts'
import { type AdminRoute, analystRoute, nothing } from './admin-route.ts'
import { namedHoldsOf } from './hold-summary.ts'

/** The person is named by a session of theirs: what the analyst has in front of them. */
const release = analystRoute({
  method: 'POST',
  path: '/api/holds/release',
  request: { ...nothing, body: releaseForm },
  answer: releasedHold,
  handle: async ({ body, analyst, log }, deps) => {
    const { _id: account, org_id } = analyst.account
    const session = await deps.collections.sessions.get(org_id, body.session_id)
    if (session === null)
      throw new AppError('not_found', 'There is no such session, or its data has been erased.')
    const answer = await releaseHold(deps, { org_id, user_key: session.event.keys.user }, body.hold_id, {
      by: account,
      how: 'analyst',
      reason: body.reason,
      call_back: { ...body.call_back, by: account, claimed_agent: null },
    })
    if (!answer.ok) throw releaseRefused(answer.reason)
    const { hold } = answer
    log.info({ account, org: org_id, hold: hold.id, session: hold.session_id }, 'analyst released a hold')
    const [released] = await namedHoldsOf(deps, org_id, [hold])
    return { status: 200, body: { hold: released } }
  },
})

export const holdRoutes: readonly AdminRoute[] = [release]
