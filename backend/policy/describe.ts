import type { PolicyLine, PolicyMoveAnswer } from '#contract/policy'
import type { Organisation } from '../org/organisation.ts'
import type { Policy } from '../risk/policy.ts'
import type { Environment } from '../secrets.ts'
import { type HistoryEntry, type PolicyVersion, withMove } from './document.ts'
import { concerned } from './move.ts'
import { stateIn } from './pointers.ts'

/** A version as people and programs are shown it. Pure. */

/** Whose versions they are, seen from one environment. */
export type Place = { org: Organisation; environment: Environment; builtIn: Policy }

const time = (ms: number): string => new Date(ms).toISOString()

/** The version with the newest moves in its history, also while they are on their way into the document. */
const upToDate = (version: PolicyVersion, org: Organisation): PolicyVersion => {
  const pending = (['live', 'test'] as const).flatMap((environment): HistoryEntry[] => {
    const { last } = org.policies[environment]
    return last !== null && concerned(last).includes(version._id) ? [{ ...last, environment }] : []
  })
  return pending.reduce(withMove, version)
}

export const lineOf = (stored: PolicyVersion, { org, environment }: Place): PolicyLine => {
  const version = upToDate(stored, org)
  const publishedAt = version.published_at[environment]
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

/** The policy that comes with the engine: what is live until something was published. */
export const builtInLine = ({ org, environment, builtIn }: Place): PolicyLine => ({
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
export const historyOf = (stored: PolicyVersion, { org, builtIn }: Place): PolicyMoveAnswer[] =>
  upToDate(stored, org)
    .history.map(({ seq: _, at, policy, replaced, ...entry }) => ({
      ...entry,
      at: time(at),
      policy: policy ?? builtIn.version,
      replaced: replaced === 'nothing' ? null : (replaced.version ?? builtIn.version),
    }))
    .toReversed()
