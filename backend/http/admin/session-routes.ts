import * as z from 'zod/mini'
import { readReferences } from '#contract/case-reference'
import { type Environment, environment } from '#contract/environment'
import { outcome } from '#contract/outcome'
import { sessionDetail } from '#contract/session-detail'
import { sessionPage, statusFilter } from '#contract/session-summary'
import { digestKeyOf, subjectDigest } from '../../checkpoint/identity.ts'
import { userHoldsIdOf } from '../../checkpoint/user-holds.ts'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { type AdminRoute, analystRoute, nothing } from './admin-route.ts'
import { cursorMaxLength } from './cursor.ts'
import { namedHoldsOf } from './hold-summary.ts'
import { labelsBeside } from './label-summary.ts'
import { cursorFrom, idParam } from './request-parts.ts'
import { sessionDetailOf } from './session-detail.ts'
import { listSessions, type SessionPlace } from './session-list.ts'

const listQuery = z.strictObject({
  environment,
  outcome: z.optional(outcome),
  status: z.optional(statusFilter),
  /** The site's own id of a person. */
  user: z.optional(z.string().check(z.minLength(1), z.maxLength(128))),
  /** As it was read out: in any spelling. */
  reference: z.optional(z.string().check(z.minLength(1), z.maxLength(32))),
  cursor: z.optional(z.string().check(z.maxLength(cursorMaxLength))),
})

/** Sessions are found by a person's keyed digest: the store has no index that lists people. */
const userKeyOf = async (deps: Deps, orgId: string, place: Environment, user: string): Promise<string> => {
  const organisation = await deps.collections.organisations.get(orgId, orgId)
  if (organisation === null) throw new Error(`${orgId} has no organisation`)
  return subjectDigest(digestKeyOf(deps, organisation), place)('user', user)
}

const placeOf = async (
  deps: Deps,
  orgId: string,
  query: z.infer<typeof listQuery>,
): Promise<SessionPlace> => {
  const [reference] = query.reference === undefined ? [] : readReferences(query.reference)
  if (query.reference !== undefined)
    return { org_id: orgId, by: 'reference', reference: reference ?? query.reference }
  if (query.user === undefined) return { org_id: orgId, by: 'environment', environment: query.environment }
  const userKey = await userKeyOf(deps, orgId, query.environment, query.user)
  return { org_id: orgId, by: 'user', user_key: userKey }
}

const list = analystRoute({
  method: 'GET',
  path: '/api/sessions',
  request: { ...nothing, query: listQuery },
  answer: sessionPage,
  handle: async ({ query, analyst }, deps) => {
    const orgId = analyst.account.org_id
    const place = await placeOf(deps, orgId, query)
    const filter = { outcome: query.outcome ?? null, status: query.status ?? null }
    return { status: 200, body: await listSessions(deps, place, filter, cursorFrom(query.cursor)) }
  },
})

const one = analystRoute({
  method: 'GET',
  path: '/api/sessions/:id',
  request: { ...nothing, params: idParam },
  answer: sessionDetail,
  handle: async ({ params, analyst, log }, deps) => {
    const orgId = analyst.account.org_id
    const session = await deps.collections.sessions.get(orgId, params.id)
    if (session === null)
      throw new AppError('not_found', 'There is no such session, or its data has been erased.')
    // Whoever looks at a person's data leaves a mark, before they see it (OWASP ASVS 5.0, 16.3).
    log.info(
      { account: analyst.account._id, org: orgId, session: session._id },
      'analyst looked at personal data',
    )
    const userHolds = await deps.collections.userHolds.get(orgId, userHoldsIdOf(session.event.keys.user))
    const incident =
      session.incident_id === null ? null : await deps.collections.incidents.get(orgId, session.incident_id)
    const newestFirst = (userHolds?.holds ?? []).toSorted((a, b) => b.opened_at - a.opened_at)
    const holds = await namedHoldsOf(deps, orgId, newestFirst)
    const labelled = await labelsBeside(deps, session)
    return { status: 200, body: sessionDetailOf(session, { holds, incident, ...labelled }) }
  },
})

export const sessionRoutes: readonly AdminRoute[] = [list, one]
