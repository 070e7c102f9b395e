import type { Environment } from '#contract/environment'
import type { AuditMeta } from '#contract/trail'
import { lower } from '../org/enforcement-state.ts'
import type { Organisation } from '../org/organisation.ts'
import type { VersionMove } from '../org/policy-pointers.ts'
import { shareChanges } from '../risk/enforcement.ts'
import type { Policy } from '../risk/policy.ts'
import type { PolicyStore } from './collection.ts'
import { findPolicy } from './load.ts'

/** What a move does to whom decisions are carried out for. `meta`: what the entry of it says of that. */
export type Weighed =
  | { kind: 'moved' | 'proposed'; organisation: Organisation; meta: AuditMeta }
  /** It enforces less, and a key makes it. */
  | { kind: 'refused' }

const toldMost = 20

/** `before`: what is live until then. A version that is gone decided nothing, so nothing is less than it. */
export const weighEnforcement = async (
  deps: PolicyStore & { policy: Policy },
  organisation: Organisation,
  environment: Environment,
  { before, move: { kind, policy, at, by } }: { before: string | null; move: VersionMove },
): Promise<Weighed> => {
  const nothingChanges = { kind: 'moved', organisation, meta: {} } as const
  if (kind === 'preview' || kind === 'withdraw') return nothingChanges
  const versionOf = (pointer: string | null) =>
    findPolicy(deps, organisation._id, pointer ?? deps.policy.version)
  const [was, will] = await Promise.all([versionOf(before), versionOf(policy)])
  if (was === null || will === null) return nothingChanges
  const changes = shareChanges(was, will, organisation.enforcement[environment].mode)
  if (changes.length === 0) return nothingChanges
  const enforcement = changes.slice(0, toldMost).map(({ action, from, to }) => `${action} ${from} → ${to} %`)
  if (changes.every(({ from, to }) => to > from))
    return { kind: 'moved', organisation, meta: { enforcement } }
  const lowered = lower(organisation, { environment, what: policy ?? deps.policy.version, at, by })
  if (lowered.ok)
    return {
      kind: 'moved',
      organisation: lowered.organisation,
      meta: { enforcement, ...(lowered.first === null ? {} : { first: lowered.first }) },
    }
  return lowered.reason === 'awaits_second'
    ? { kind: 'proposed', organisation: lowered.organisation, meta: { enforcement } }
    : { kind: 'refused' }
}
