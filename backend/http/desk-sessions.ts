import { readReferences } from '#contract/case-reference'
import type { Environment } from '#contract/environment'
import type { Outcome } from '#contract/outcome'
import type { SessionPage, SessionSummary } from '#contract/session-summary'
import type { Deps } from '../deps.ts'
import type { AdminAccount } from '../org/admin-account.ts'
import { digestKeyOf, subjectDigest } from '../repositories/identity.ts'
import { organisationOf } from '../repositories/organisations.ts'
import { searchIn } from '../store/pages.ts'
import type { Query } from '../store/port.ts'
import { type Cursor, writeCursor } from './cursor.ts'

export type SessionFilter = {
  outcome: Outcome | null
  /** What it would have been where nothing is enforced. */
  observed: Outcome | null
  status: SessionSummary['status'] | null
}

/**
 * Where to look: a whole environment, one person's sessions by the digest of their id, or the sessions with a case reference.
 * A reference is searched in both environments, because a person on the phone doesn't know theirs.
 */
export type SearchScope = { org_id: string } & (
  | { by: 'environment'; environment: Environment }
  | { by: 'user'; user_key: string }
  | { by: 'reference'; reference: string }
)

const pageSize = 50
/** A page that filters reads at most this many sessions, so that a rare outcome can't hold the store. */
export const searchMax = 400

const matches =
  (filter: SessionFilter) =>
  (session: SessionSummary): boolean =>
    (filter.outcome === null || session.outcome === filter.outcome) &&
    (filter.observed === null || session.observed_outcome === filter.observed) &&
    (filter.status === null || session.status === filter.status)

const indexOf = (scope: SearchScope): { index: string; equals: string[] } => {
  switch (scope.by) {
    case 'environment':
      return { index: 'created', equals: [scope.environment] }
    case 'user':
      return { index: 'user', equals: [scope.user_key] }
    case 'reference':
      return { index: 'case', equals: [scope.reference] }
  }
}

const queryOf = (scope: SearchScope, after: Cursor | null, limit: number): Query => ({
  ...indexOf(scope),
  org_id: scope.org_id,
  order: 'descending',
  limit,
  ...(after === null ? {} : { after: { values: [after.at], _id: after.id } }),
})

/**
 * Sessions, newest first. With a filter a page may be short although more follow: `next` says where it goes on,
 * `searched_to` how far back it has looked.
 */
export const listSessions = async (
  deps: Pick<Deps, 'collections' | 'log'>,
  scope: SearchScope,
  filter: SessionFilter,
  from: Cursor | null,
): Promise<SessionPage> => {
  const fits = matches(filter)
  const { found, reached, isEnd } = await searchIn(
    deps.collections.sessions.findLines,
    {
      ...queryOf(scope, from, pageSize),
      onUnreadable: (err) => deps.log.error({ err }, 'a session can’t be read and is missing from the list'),
    },
    ({ summary }) => ({ values: [summary.created_at], _id: summary.id }),
    { fits: ({ summary }) => fits(summary), wanted: pageSize, most: searchMax },
  )
  return {
    sessions: found.map(({ summary }) => summary),
    next:
      isEnd || reached === null
        ? null
        : writeCursor({ at: reached.summary.created_at, id: reached.summary.id }),
    searched_to: reached?.summary.created_at ?? null,
  }
}

/** Where a query wants to look. Sessions are found by a person's keyed digest: the store has no index that lists people. */
export const searchScopeOf = async (
  deps: Deps,
  account: AdminAccount,
  query: { environment: Environment; user?: string | undefined; reference?: string | undefined },
): Promise<SearchScope> => {
  const { org_id } = account
  if (query.reference !== undefined) {
    const [reference = query.reference] = readReferences(query.reference)
    return { org_id, by: 'reference', reference }
  }
  if (query.user === undefined) return { org_id, by: 'environment', environment: query.environment }
  const key = digestKeyOf(deps, await organisationOf(deps, account))
  return { org_id, by: 'user', user_key: subjectDigest(key, query.environment)('user', query.user) }
}
