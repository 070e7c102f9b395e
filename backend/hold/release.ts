import type { Guard, Hold } from './guard.ts'

/** Marks holds as released; one that is unknown or already released stays as it is. */
export const releaseHolds = (
  guard: Guard,
  holdIds: readonly string[],
  released: NonNullable<Hold['released']>,
): Guard => ({
  ...guard,
  holds: guard.holds.map((hold) =>
    holdIds.includes(hold.id) && hold.released === null ? { ...hold, released } : hold,
  ),
})
