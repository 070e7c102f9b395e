import * as z from 'zod/mini'
import { outcome } from '#contract/outcome'
import { guardIdOf } from '../../checkpoint/guarding.ts'
import { digestKeyOf, subjectDigest } from '../../checkpoint/identity.ts'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { type AdminRoute, analystRoute, nothing } from './admin-route.ts'
import { cursorMaxLength } from './cursor.ts'
import { releasersOf } from './hold-line.ts'
import { labelsBeside } from './label-line.ts'
import { cursorFrom, idParam } from './request-parts.ts'
import { listSessions } from './session-list.ts'
import { sessionStoryOf } from './session-story.ts'
import { type Environment, environment, sessionPage, sessionStory, statusFilter } from './shapes.ts'

const listQuery = z.strictObject({
  environment,
  outcome: z.optional(outcome),
  status: z.optional(statusFilter),
  /** The site's own id of a person. */
  user: z.optional(z.string().check(z.minLength(1), z.maxLength(128))),
  cursor: z.optional(z.string().check(z.maxLength(cursorMaxLength))),
})

/** Sessions are found by a person's keyed digest: the store has no index that lists people. */
const userKeyOf = async (deps: Deps, orgId: string, place: Environment, user: string): Promise<string> => {
  const organisation = await deps.collections.organisations.get(orgId, orgId)
  if (organisation === null) throw new Error(`${orgId} has no organisation`)
  return subjectDigest(digestKeyOf(deps, organisation), place)('user', user)
}

const list = analystRoute({
  method: 'GET',
  path: '/api/sessions',
  request: { ...nothing, query: listQuery },
  answer: sessionPage,
  handle: async ({ query, analyst }, deps) => {
    const orgId = analyst.account.org_id
    const userKey =
      query.user === undefined ? null : await userKeyOf(deps, orgId, query.environment, query.user)
    const place = { org_id: orgId, environment: query.environment, user_key: userKey }
    const filter = { outcome: query.outcome ?? null, status: query.status ?? null }
    return { status: 200, body: await listSessions(deps, place, filter, cursorFrom(query.cursor)) }
  },
})

const one = analystRoute({
  method: 'GET',
  path: '/api/sessions/:id',
  request: { ...nothing, params: idParam },
  answer: sessionStory,
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
    const guard = await deps.collections.guards.get(orgId, guardIdOf(session.event.keys.user))
    const incident =
      session.incident_id === null ? null : await deps.collections.incidents.get(orgId, session.incident_id)
    const holds = guard?.holds ?? []
    const releasers = await releasersOf(deps, orgId, holds)
    const labelled = await labelsBeside(deps, session)
    return { status: 200, body: sessionStoryOf(session, { holds, releasers, incident, ...labelled }) }
  },
})

export const sessionRoutes: readonly AdminRoute[] = [list, one]
