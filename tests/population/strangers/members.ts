import { dayMs, goLive, weekMs } from '../calendar.ts'
import { chanceOf } from '../chance.ts'

export type Member = {
  id: string
  nth: number
  living: 'salary' | 'gig' | 'pension' | 'student' | 'trader'
  /** A month's, in the economy's units. */
  income: number
  savings: number
  opened_at: number
  devices: readonly [first: string, second: string]
  /** When the second takes the place of the first; in many lives later than anybody looks. */
  replaced_at: number
  isApp: boolean
  /** Who holds the same account; they pay the same people, each with an access of their own. */
  partner: number | null
}

const members = 300

const livings = ['salary', 'gig', 'pension', 'student', 'trader'] as const
const livingWeight = { salary: 52, gig: 15, pension: 18, student: 9, trader: 6 }
const earns = { salary: 2_300, gig: 1_500, pension: 1_300, student: 700, trader: 3_800 }
const jointShare = 0.3

const memberOf = (seed: number, nth: number): Member => {
  const chance = chanceOf(seed, 'member', nth)
  const living = chance.weighted(livings, (one) => livingWeight[one])
  const income = chance.skewed(earns[living], 0.45)
  const months = living === 'pension' ? 14 : living === 'student' ? 1 : 4
  return {
    id: `m${nth}`,
    nth,
    living,
    income,
    savings: income * months * chance.skewed(1, 0.9),
    opened_at: goLive - (chance.happens(0.06) ? chance.between(1, 60) : chance.between(300, 5_000)) * dayMs,
    devices: [`d${nth}a`, `d${nth}b`],
    replaced_at: goLive + chance.between(-52, 80) * weekMs,
    isApp: chance.happens(living === 'pension' ? 0.45 : 0.85),
    partner: nth % 2 === 0 && chance.happens(jointShare) ? nth + 1 : null,
  }
}

/** Everybody; of a joint account both live as its first holder does. */
export const membersOf = (seed: number): Member[] => {
  const all = Array.from({ length: members }, (_, nth) => memberOf(seed, nth))
  return all.map((one) => {
    const holder = all[one.nth - 1]
    return holder?.partner === one.nth ? { ...one, partner: holder.nth, living: holder.living } : one
  })
}
