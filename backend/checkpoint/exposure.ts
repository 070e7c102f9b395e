import { dayMs } from '#contract/durations'
import type { Deps } from '../deps.ts'
import type { Incident } from '../incident/incident.ts'
import { payeeOf } from '../repositories/payees.ts'
import { sessionById } from '../repositories/sessions.ts'
import type { Session } from '../session/document.ts'
import { searchIn } from '../store/pages.ts'

const windowMs = 30 * dayMs
const batchSize = 100
/** A page looks at no more sessions than this, so that a popular payee can't hold the store. */
const searchMax = 400

/** Where a page ended: the last session that was looked at. */
type Reached = { at: number; id: string }

export type Exposure = { sessions: Session[]; incident_user_key: string | null; next: Reached | null }

/** Nothing else than an allow that stood: what was held at the last moment, or taken back, was not sent. */
const wentThrough = (session: Session): boolean =>
  session.ending.resolution === 'allowed' && session.decision?.revoked_at === null

/**
 * Who was let through to the payee of an incident within the last 30 days, spent or not: the people to call. Newest first;
 * `next` continues. A page may hold fewer than `limit` and still go on.
 */
export const exposureOf = async (
  deps: Deps,
  incident: Incident,
  from: Reached | null,
  limit: number,
): Promise<Exposure> => {
  const session = await sessionById(deps, { org_id: incident.org_id, _id: incident.session_id })()
  const ref = session === null ? null : payeeOf(session)
  if (session === null || ref === null) return { sessions: [], incident_user_key: null, next: null }
  const query = {
    index: 'payee',
    org_id: ref.org_id,
    equals: [ref.payee_key],
    from: deps.clock() - windowMs,
    order: 'descending',
    limit: batchSize,
    onUnreadable: (err: Error) =>
      deps.log.error({ err }, 'a session can’t be read and is missing from who was let through'),
    ...(from === null ? {} : { after: { values: [from.at], _id: from.id } }),
  } as const
  const { found, reached, isEnd } = await searchIn(
    deps.collections.sessions.find,
    query,
    ({ created_at, _id }) => ({ values: [created_at], _id }),
    {
      fits: (one) => one._id !== session._id && payeeOf(one) !== null && wentThrough(one),
      wanted: limit,
      most: searchMax,
    },
  )
  return {
    sessions: found,
    incident_user_key: session.event.keys.user,
    next: isEnd || reached === null ? null : { at: reached.created_at, id: reached._id },
  }
}
