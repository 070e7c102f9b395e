import type { HoldState } from '#contract/hold'
import type { Hold } from './user-holds.ts'

/** Whether an unreleased hold still covers attempts: until its end, or until it is released by hand. */
export const covers = (hold: Hold, now: number): boolean => hold.needs_release || hold.ends_at > now

/** How a hold stands at `now`. */
export const stateOf = (hold: Hold, now: number): HoldState => {
  if (hold.released !== null) return 'released'
  if (hold.ends_at > now) return 'running'
  return hold.needs_release ? 'waiting_for_release' : 'waiting_for_reverification'
}
