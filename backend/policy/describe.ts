import { type Environment, environment } from '#contract/environment'
import type { PolicyMoveAnswer, PolicySummary } from '#contract/policy'
import type { Organisation } from '../org/organisation.ts'
import type { Policy } from '../risk/policy.ts'
import {
  type HistoryEntry,
  type PolicyVersion,
  type PolicyVersionLine,
  publishedBy,
  withMove,
} from './document.ts'
import { concerned } from './move.ts'
import { stateIn } from './pointers.ts'

/** A version as people and programs are shown it. Pure. */

/** The organisation whose versions they are, and the environment in which they are seen. */
export type PolicyTenant = { org: Organisation; environment: Environment; builtIn: Policy }

const time = (ms: number): string => new Date(ms).toISOString()

/** The newest moves of a version, which may not be in its document yet. */
const pendingOf = (id: string, org: Organisation): HistoryEntry[] =>
  environment.options.flatMap((environment): HistoryEntry[] => {
    const { last } = org.policies[environment]
    return last !== null && concerned(last).includes(id) ? [{ ...last, environment }] : []
  })

export const summaryOf = (version: PolicyVersionLine, { org, environment }: PolicyTenant): PolicySummary => {
  const dates = pendingOf(version._id, org).reduce(
    (published_at, move) => publishedBy({ ...version, published_at }, move),
    version.published_at,
  )
  const publishedAt = dates[environment]
  return {
    id: version._id,
    number: version.number,
    state: stateIn(org.policies[environment], version._id, publishedAt !== null),
    base: version.base,
    note: version.note,
    author: version.author,
    created_at: time(version.created_at),
    published_at: publishedAt === null ? null : time(publishedAt),
  }
}

/** The policy that comes with the engine, which is live until another is published. */
export const builtInSummary = ({ org, environment, builtIn }: PolicyTenant): PolicySummary => ({
  id: builtIn.version,
  number: 0,
  state: stateIn(org.policies[environment], null, true),
  base: null,
  note: 'Comes with the engine.',
  author: 'anti-social-engine',
  created_at: null,
  published_at: null,
})

/** Who moved it when and why, newest first. */
export const historyOf = (stored: PolicyVersion, { org, builtIn }: PolicyTenant): PolicyMoveAnswer[] =>
  pendingOf(stored._id, org)
    .reduce(withMove, stored)
    .history.map(({ seq: _, at, policy, replaced, ...entry }) => ({
      ...entry,
      at: time(at),
      policy: policy ?? builtIn.version,
      replaced: replaced === 'nothing' ? null : (replaced.version ?? builtIn.version),
    }))
    .toReversed()
