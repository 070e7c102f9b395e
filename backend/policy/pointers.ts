import * as z from 'zod/mini'
import { type PolicyMoveKind, type PolicyState, policyMoveKind } from '#contract/policy'

/**
 * Which version judges, which rides along, and what judged before: one small record an environment, in the organisation's
 * document, so that a move is one compare-and-set and every instance sees it with the next request. Pure.
 */

/** Null names the policy that comes with the engine, whatever its number is by then. */
const version = z.nullable(z.string())

export const versionMove = z.strictObject({
  /** Counts the moves of one environment: a move is written into a history once. */
  seq: z.int(),
  at: z.int(),
  by: z.string(),
  kind: policyMoveKind,
  policy: version,
  /** What stood there before; `nothing` where there was no preview. */
  replaced: z.union([z.strictObject({ version }), z.literal('nothing')]),
  note: z.nullable(z.string()),
})
export type VersionMove = z.infer<typeof versionMove>

export const policyPointers = z.strictObject({
  live: version,
  preview: version,
  /** What was live before, the newest last: roll back goes there. */
  before: z.array(version),
  /** The newest move; the histories of its versions follow it, never the other way round. */
  last: z.nullable(versionMove),
})
export type PolicyPointers = z.infer<typeof policyPointers>

export const noPointers: PolicyPointers = { live: null, preview: null, before: [], last: null }

/** How far back one can roll. */
const beforeMax = 20

export type MoveRefusal = 'is_live' | 'not_in_preview' | 'nothing_before' | 'other_live' | 'has_no_preview'

/** A wish to move `version`; `null` names the engine's own. `expected_live`: undefined when the caller doesn't mind. */
export type MoveWish = {
  kind: PolicyMoveKind
  version: string | null
  expected_live?: string | null | undefined
  at: number
  by: string
  note: string | null
}

export type Moved = { ok: true; pointers: PolicyPointers } | { ok: false; reason: MoveRefusal }

/** Where the pointers stand after a move, or why it can't be made. */
export const movePointers = (before: PolicyPointers, wish: MoveWish): Moved => {
  if (wish.expected_live !== undefined && wish.expected_live !== before.live) {
    return { ok: false, reason: 'other_live' }
  }
  switch (wish.kind) {
    case 'preview':
      return preview(before, wish)
    case 'withdraw':
      return withdraw(before, wish)
    case 'publish':
      return publish(before, wish)
    case 'roll_back':
      return rollBack(before, wish)
  }
}

const moved = (
  before: PolicyPointers,
  wish: MoveWish,
  replaced: VersionMove['replaced'],
  change: Partial<PolicyPointers>,
): Moved => {
  const { at, by, kind, version: policy, note } = wish
  const last = { seq: (before.last?.seq ?? 0) + 1, at, by, kind, policy, replaced, note }
  return { ok: true, pointers: { ...before, ...change, last } }
}

/** There is no preview of the engine's own policy: null is no version here. */
const preview = (before: PolicyPointers, wish: MoveWish): Moved => {
  if (wish.version === null) return { ok: false, reason: 'has_no_preview' }
  if (wish.version === before.live) return { ok: false, reason: 'is_live' }
  const replaced = before.preview === null ? 'nothing' : { version: before.preview }
  return moved(before, wish, replaced, { preview: wish.version })
}

const withdraw = (before: PolicyPointers, wish: MoveWish): Moved =>
  wish.version === null || wish.version !== before.preview
    ? { ok: false, reason: 'not_in_preview' }
    : moved(before, wish, 'nothing', { preview: null })

const publish = (before: PolicyPointers, wish: MoveWish): Moved => {
  if (wish.version === before.live) return { ok: false, reason: 'is_live' }
  return moved(
    before,
    wish,
    { version: before.live },
    {
      live: wish.version,
      preview: before.preview === wish.version ? null : before.preview,
      before: [...before.before, before.live].slice(-beforeMax),
    },
  )
}

/** The one that was live before, and behind it the one before that: rolling back twice goes back twice. */
const rollBack = (before: PolicyPointers, wish: MoveWish): Moved => {
  const target = before.before.at(-1)
  if (target === undefined) return { ok: false, reason: 'nothing_before' }
  return moved(
    before,
    { ...wish, version: target },
    { version: before.live },
    {
      live: target,
      preview: before.preview === target ? null : before.preview,
      before: before.before.slice(0, -1),
    },
  )
}

/** What a version is in one environment; `wasLive` when it has been live before. */
export const stateIn = (pointers: PolicyPointers, version: string | null, wasLive: boolean): PolicyState => {
  if (pointers.live === version) return 'live'
  if (version !== null && pointers.preview === version) return 'preview'
  return wasLive || pointers.before.includes(version) ? 'retired' : 'draft'
}
