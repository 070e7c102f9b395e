import type { PolicyMoveKind, PolicyState } from '#contract/policy'
import type { PolicyPointers, VersionMove } from '../org/policy-pointers.ts'

/** How the pointers of one environment move. Pure. */

/** How far back one can roll. */
const beforeMax = 20

export type MoveRefusal = 'is_live' | 'not_in_preview' | 'nothing_before' | 'other_live' | 'has_no_preview'

/** A command to move `version`; null: the engine's own. `expected_live`: undefined if the caller accepts any. */
export type MoveCommand = {
  kind: PolicyMoveKind
  version: string | null
  expected_live?: string | null | undefined
  at: number
  by: string
  note: string | null
}

export type Moved =
  | { ok: true; pointers: PolicyPointers; move: VersionMove }
  | { ok: false; reason: MoveRefusal }

/** The pointers after a move, or why it is refused. */
export const movePointers = (before: PolicyPointers, command: MoveCommand): Moved => {
  if (command.expected_live !== undefined && command.expected_live !== before.live) {
    return { ok: false, reason: 'other_live' }
  }
  switch (command.kind) {
    case 'preview':
      return preview(before, command)
    case 'withdraw':
      return withdraw(before, command)
    case 'publish':
      return publish(before, command)
    case 'roll_back':
      return rollBack(before, command)
  }
}

const moved = (
  before: PolicyPointers,
  command: MoveCommand,
  replaced: VersionMove['replaced'],
  change: Partial<PolicyPointers>,
): Moved => {
  const { at, by, kind, version: policy, note } = command
  const move = { seq: (before.last?.seq ?? 0) + 1, at, by, kind, policy, replaced, note }
  return { ok: true, pointers: { ...before, ...change, last: move }, move }
}

/** The engine's own policy has no preview. */
const preview = (before: PolicyPointers, command: MoveCommand): Moved => {
  if (command.version === null) return { ok: false, reason: 'has_no_preview' }
  if (command.version === before.live) return { ok: false, reason: 'is_live' }
  const replaced = before.preview === null ? 'nothing' : { version: before.preview }
  return moved(before, command, replaced, { preview: command.version })
}

const withdraw = (before: PolicyPointers, command: MoveCommand): Moved =>
  command.version === null || command.version !== before.preview
    ? { ok: false, reason: 'not_in_preview' }
    : moved(before, command, 'nothing', { preview: null })

const publish = (before: PolicyPointers, command: MoveCommand): Moved => {
  if (command.version === before.live) return { ok: false, reason: 'is_live' }
  return moved(
    before,
    command,
    { version: before.live },
    {
      live: command.version,
      preview: before.preview === command.version ? null : before.preview,
      before: [...before.before, before.live].slice(-beforeMax),
    },
  )
}

/** Returns to the version that was live before. Rolling back twice goes back twice. */
const rollBack = (before: PolicyPointers, command: MoveCommand): Moved => {
  const target = before.before.at(-1)
  if (target === undefined) return { ok: false, reason: 'nothing_before' }
  return moved(
    before,
    { ...command, version: target },
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
