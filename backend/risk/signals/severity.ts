/** Severity where something begins to be noticed. It grows to 1. */
const onset = 0.3

/** 0 below `from`, `onset` at it, 1 at `to` and beyond; equal steps for equal factors. */
export function severityBetween(value: number, from: number, to: number): number {
  if (value < from) return 0
  return onset + (1 - onset) * shareBetween(value, from, to)
}

/** 0 up to `from`, 1 from `to` on; equal steps for equal factors. */
export function shareBetween(value: number, from: number, to: number): number {
  if (value <= from) return 0
  return value >= to ? 1 : Math.log(value / from) / Math.log(to / from)
}
