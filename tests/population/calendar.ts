import type { Chance } from './chance.ts'

/** When things happen. All times are epoch milliseconds; the town lives by UTC. */

export const minuteMs = 60_000
export const hourMs = 60 * minuteMs
export const dayMs = 24 * hourMs
export const weekMs = 7 * dayMs

/** A stretch of time, its end not in it. */
export type Span = { from: number; to: number }

/** A Monday; autumn, winter and spring follow, with Christmas in the middle of the first half. */
export const goLive = Date.UTC(2026, 8, 7)

export const isWithin = ({ from, to }: Span, at: number): boolean => at >= from && at < to

/** The first of each month that begins within the span, or just before it. */
export const monthsOf = ({ from, to }: Span): number[] => {
  const first = new Date(from)
  const months: number[] = []
  for (let nth = 0; ; nth += 1) {
    const at = Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + nth, 1)
    if (at >= to) return months
    months.push(at)
  }
}

/** Moments of something that happens so many times a month, without a rhythm. */
export const irregularly = ({ from, to }: Span, perMonth: number, chance: Chance): number[] => {
  const moments: number[] = []
  if (perMonth <= 0) return moments
  const mean = (30.4 * dayMs) / perMonth
  for (let at = from + chance.wait(mean); at < to; at += chance.wait(mean)) moments.push(Math.floor(at))
  return moments
}

/** The same day at an hour at which people are awake, most often in the evening. */
export const awake = (at: number, chance: Chance): number => {
  const hour = Math.min(
    22.9,
    Math.max(6.5, chance.happens(0.6) ? 18.5 + 2 * chance.normal() : 12 + 2.5 * chance.normal()),
  )
  return Math.floor(at / dayMs) * dayMs + Math.floor(hour * hourMs + chance.between(0, 20 * minuteMs))
}

/** The same day in working hours, or the Monday after. */
export const atWork = (at: number, chance: Chance): number => {
  const weekday = new Date(at).getUTCDay()
  const monday = weekday === 6 ? 2 : weekday === 0 ? 1 : 0
  return (Math.floor(at / dayMs) + monday) * dayMs + Math.floor(chance.between(8.5, 17) * hourMs)
}

/** How much dearer this time of the year is for a purpose: winter heats, December gives, summer travels. */
export const season = (at: number, of: 'heating' | 'gifts' | 'travel'): number => {
  const month = new Date(at).getUTCMonth()
  switch (of) {
    case 'heating':
      return 1 + 0.5 * Math.cos((2 * Math.PI * month) / 12)
    case 'gifts':
      return month === 11 ? 1.6 : month === 0 ? 0.8 : 1
    case 'travel':
      return month >= 5 && month <= 7 ? 2 : month === 11 ? 1.3 : 0.7
  }
}
