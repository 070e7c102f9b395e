/** Severity where something begins to be noticed. It grows to 1. */
const onset = 0.3

/** 0 below `from`, `onset` at it, 1 at `to` and beyond; equal steps for equal factors. */
export function severityBetween(value: number, from: number, to: number): number {
  if (value < from) return 0
  if (value >= to) return 1
  return onset + ((1 - onset) * Math.log(value / from)) / Math.log(to / from)
}
