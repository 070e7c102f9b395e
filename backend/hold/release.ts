import type { Channel } from '#contract/channel'
import { minuteMs } from '#contract/durations'
import type { Hold, Released, UserHolds } from './user-holds.ts'

/** Marks holds as released by a reverification. One that is unknown, already released, or only ends by hand stays as it is. */
export const releaseHolds = (
  userHolds: UserHolds,
  holdIds: readonly string[],
  released: Released & { how: 'reverification' },
): UserHolds => ({
  ...userHolds,
  holds: userHolds.holds.map((hold) =>
    holdIds.includes(hold.id) && hold.released === null && !hold.needs_release ? { ...hold, released } : hold,
  ),
})

/** A release by a person: it rests on a call with whom it protects. */
export type ReleaseByHand = Released & {
  how: Channel
  call_back: NonNullable<Released['call_back']>
}

export type ReleaseRefusal = 'unknown_hold' | 'call_before_hold' | 'call_in_future'

export type ReleaseAnswer =
  | { ok: true; userHolds: UserHolds; hold: Hold }
  | { ok: false; reason: ReleaseRefusal }

/** Calls are written down to the minute, and two clocks differ. */
const callToleranceMs = minuteMs

/**
 * Releases one hold, or answers how it was released before: the first release stands. A call from before the hold says
 * nothing about it.
 */
export const releaseByHand = (
  userHolds: UserHolds,
  holdId: string,
  released: ReleaseByHand,
): ReleaseAnswer => {
  const hold = userHolds.holds.find((entry) => entry.id === holdId)
  if (hold === undefined) return { ok: false, reason: 'unknown_hold' }
  if (hold.released !== null) return { ok: true, userHolds, hold }
  const calledAt = released.call_back.at
  if (calledAt < hold.opened_at - callToleranceMs) return { ok: false, reason: 'call_before_hold' }
  if (calledAt > released.at + callToleranceMs) return { ok: false, reason: 'call_in_future' }
  const freed: Hold = { ...hold, released }
  return {
    ok: true,
    userHolds: { ...userHolds, holds: userHolds.holds.map((entry) => (entry === hold ? freed : entry)) },
    hold: freed,
  }
}
