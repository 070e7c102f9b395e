import { isDeepStrictEqual } from 'node:util'
import type { EnforcedShareForm, MovedEnforcement } from '#contract/enforcement-detail'
import { proposalIn } from '../org/enforcement-state.ts'
import type { Organisation } from '../org/organisation.ts'
import { enforcedFor, enforcedShareOf } from '../risk/enforcement.ts'
import { isMapped, type Policy } from '../risk/policy.ts'
import { type DraftAnswer, makeDraft, patched } from './draft.ts'
import { findPolicy, pointerTo } from './load.ts'
import { type MoveAnswer, moveVersion } from './move.ts'

type Refused<Answer> = Extract<Answer, { ok: false }>

export type ShareMoved =
  | ({ ok: true } & MovedEnforcement)
  /** The live policy has no such action. */
  | { ok: false; at: 'action' }
  | { ok: false; at: 'draft'; refused: Refused<DraftAnswer> }
  | { ok: false; at: 'move'; refused: Refused<MoveAnswer> }

/**
 * Enforces an action for a share of the people: the live policy with that change becomes a version and is made live. `by`: the
 * analyst's account. Where less takes two analysts, the version of the first one waits, and the same wish of another one
 * makes it live.
 */
export const moveShare = async (
  deps: Parameters<typeof makeDraft>[0],
  organisation: Organisation,
  { environment, action, percent, expected_live, note, by }: EnforcedShareForm & { by: string },
): Promise<ShareMoved> => {
  const live = await findPolicy(deps, organisation._id, expected_live)
  const expected = pointerTo(deps, expected_live)
  if (live === null || organisation.policies[environment].live !== expected)
    return { ok: false, at: 'move', refused: { ok: false, reason: 'other_live' } }
  const known = isMapped(live, action) ? live.actions[action] : undefined
  if (known === undefined) return { ok: false, at: 'action' }
  if (enforcedShareOf(known, organisation.enforcement[environment].mode) === percent)
    return { ok: true, came_to: 'unchanged' }

  const change = patched({ actions: { [action]: enforcedFor(percent) } })
  const proposed = proposalIn(organisation, environment, deps.clock())
  const waiting = proposed === null ? null : await findPolicy(deps, organisation._id, proposed.what)
  const drafted =
    waiting !== null && isAlike(waiting, change(live), live.version)
      ? { ok: true as const, version: { _id: waiting.version } }
      : await makeDraft(deps, { org: organisation, environment }, { change, note, author: by })
  if (!drafted.ok) return { ok: false, at: 'draft', refused: drafted }
  const moved = await moveVersion(deps, organisation, environment, {
    kind: 'publish',
    version: drafted.version._id,
    expected_live: expected,
    at: deps.clock(),
    by,
    note,
  })
  if (moved.ok) return { ok: true, came_to: 'moved' }
  if (moved.reason === 'awaits_second') return { ok: true, came_to: 'proposed' }
  return { ok: false, at: 'move', refused: moved }
}

/** Whether a version says what is wished and nothing else. */
const isAlike = (version: Policy, wished: unknown, wishedName: string): boolean =>
  isDeepStrictEqual({ ...version, version: wishedName }, wished)
