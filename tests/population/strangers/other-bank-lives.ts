import { dayMs, monthsOf, type Span } from '../calendar.ts'
import { type Chance, chanceOf } from '../chance.ts'
import type { Member } from './members.ts'
import { roundly } from './stranger.ts'

/** What honest customers of the other bank pay, and to whom. */

export type Account = { account: string; country?: string }
/** `units`: about what so many euros buy. */
export type Errand = { at: number; payee: Account; units: number; purpose: string }

export type Town = {
  billers: readonly Account[]
  landlords: readonly Account[]
  exchanges: readonly Account[]
  shops: readonly Account[]
  schools: readonly Account[]
  agencies: readonly Account[]
  suppliers: readonly Account[]
  clubs: readonly Account[]
}

const accounts = (name: string, count: number): Account[] =>
  Array.from({ length: count }, (_, nth) => ({ account: `${name}-${nth}` }))

export const townOf = (chance: Chance): Town => ({
  billers: accounts('bill', 26),
  landlords: accounts('landlord', 70),
  exchanges: accounts('exchange', chance.whole(3, 5)),
  shops: accounts('shop', 60),
  schools: accounts('school', 9),
  agencies: accounts('agency', 8),
  suppliers: accounts('supplier', 40),
  clubs: accounts('club', 20),
})

type Life = {
  member: Member
  town: Town
  span: Span
  months: readonly number[]
  chance: Chance
  people: readonly Member[]
}
type Habit = (life: Life) => Errand[]

const monthly = (
  { months, chance }: Life,
  payee: Account,
  purpose: string,
  units: (month: number) => number,
): Errand[] => {
  const day = chance.whole(1, 27)
  return months.map((month) => ({
    at: month + (day + chance.whole(0, 2)) * dayMs,
    payee,
    units: units(month),
    purpose,
  }))
}

const everyNow = (
  { span, chance }: Life,
  daysBetween: number,
  make: (at: number) => Omit<Errand, 'at'>,
): Errand[] => {
  const errands: Errand[] = []
  for (
    let at = span.from + chance.wait(daysBetween) * dayMs;
    at < span.to;
    at += chance.wait(daysBetween) * dayMs
  )
    errands.push({ at, ...make(at) })
  return errands
}

const ofMonth = (at: number): number => new Date(at).getUTCMonth()

/** Rent, and for one in ten a move: a deposit and another landlord. */
const rent: Habit = (life) => {
  const { member, town, span, chance } = life
  if (!chance.happens(member.living === 'student' ? 0.75 : member.living === 'pension' ? 0.15 : 0.4))
    return []
  const [from, to] = [chance.pick(town.landlords), chance.pick(town.landlords)]
  const sum = Math.round(member.income * chance.between(0.22, 0.42))
  const moves = chance.happens(0.16) ? chance.between(span.from, span.to) : span.to
  const paid = monthly(life, from, 'rent', () => sum).map((one) =>
    one.at < moves ? one : { ...one, payee: to, units: sum * 1.08 },
  )
  const deposit = {
    at: moves - 9 * dayMs,
    payee: to,
    units: sum * chance.pick([1, 1.5, 2]),
    purpose: 'deposit',
  }
  return moves < span.to ? [...paid, deposit] : paid
}

const bills: Habit = (life) => {
  const { member, town, chance } = life
  return Array.from({ length: chance.whole(1, 3) }, () => chance.favourite(town.billers)).flatMap(
    (biller) => {
      const usual = chance.skewed(member.income * 0.035, 0.5)
      const isSeasonal = chance.happens(0.4)
      return monthly(life, biller, 'bill', (month) => {
        const heats = isSeasonal ? 1 + 0.7 * Math.cos((2 * Math.PI * ofMonth(month)) / 12) : 1
        return Math.max(4, usual * heats * chance.between(0.9, 1.1))
      })
    },
  )
}

const friends: Habit = (life) => {
  const { member, chance, people } = life
  const own = Array.from({ length: chance.whole(2, 7) }, (_, nth) =>
    chance.happens(0.5)
      ? { account: `friend-${member.nth}-${nth}` }
      : { account: `of-${chance.pick(people).id}` },
  )
  return everyNow(life, chance.between(11, 50), () => ({
    payee: chance.favourite(own),
    units: roundly(chance, chance.skewed(24, 0.85)),
    purpose: 'friend',
  }))
}

/** Somebody's old bicycle, a ticket, a puppy: an account that nobody here ever paid. */
const strangers: Habit = (life) => {
  const { member, chance } = life
  return everyNow(life, chance.between(60, 260), (at) => ({
    payee: { account: `seller-${member.nth}-${Math.floor(at / dayMs)}` },
    units: roundly(chance, chance.skewed(70, 0.9)),
    purpose: 'seller',
  }))
}

const tradespeople: Habit = (life) => {
  const { member, chance } = life
  const isRenovating = chance.happens(0.06)
  const jobs = everyNow(life, member.living === 'student' ? 900 : 240, (at) => ({
    payee: {
      account: `trade-${chance.happens(0.5) ? chance.whole(0, 60) : `${member.nth}-${Math.floor(at / dayMs)}`}`,
    },
    units: roundly(chance, chance.skewed(240, 0.8)),
    purpose: 'tradesperson',
  }))
  if (!isRenovating) return jobs
  // A kitchen is paid in parts, the last one the largest.
  const begin = chance.between(life.span.from, life.span.to - 60 * dayMs)
  const whole = Math.min(member.savings * 0.6, chance.skewed(7_000, 0.5))
  const stages = [0.2, 0.3, 0.5].map((part, nth) => ({
    at: begin + nth * 21 * dayMs,
    payee: { account: `builder-${member.nth}` },
    units: whole * part,
    purpose: 'building',
  }))
  return [...jobs, ...stages]
}

const family: Habit = (life) => {
  const { member, chance } = life
  if (!chance.happens(0.22)) return []
  const payee = {
    account: `family-${member.nth}`,
    ...(chance.happens(0.45) ? { country: chance.pick(['PH', 'PL', 'NG', 'PK']) } : {}),
  }
  const usual = roundly(chance, member.income * chance.between(0.04, 0.14))
  return monthly(
    life,
    payee,
    'family',
    (month) => usual * (ofMonth(month) === 11 ? 1.6 : chance.happens(0.1) ? 2 : 1),
  )
}

const saving: Habit = (life) => {
  const { member, chance } = life
  if (!chance.happens(0.4)) return []
  const payee = { account: `own-${member.nth}` }
  const usual = roundly(chance, member.income * chance.between(0.04, 0.2))
  const large = chance.happens(0.15)
    ? [
        {
          at: chance.between(life.span.from, life.span.to),
          payee,
          units: member.savings * chance.between(0.2, 0.6),
          purpose: 'saving',
        },
      ]
    : []
  return [...monthly(life, payee, 'saving', () => usual), ...large]
}

/** The same exchanges that victims are sent to; some people put in more as prices rise. */
const coins: Habit = (life) => {
  const { member, town, chance } = life
  if (member.living === 'pension' || !chance.happens(0.12)) return []
  const payee = chance.favourite(town.exchanges)
  const begin = chance.between(life.span.from, life.span.to)
  const growth = chance.pick([1, 1, 1.25])
  const usual = chance.skewed(90, 0.7)
  return everyNow(life, 24, (at) => ({ payee, units: at, purpose: 'exchange' }))
    .filter(({ at }) => at > begin)
    .map((one, nth) => ({
      ...one,
      units: Math.min(member.savings * 0.2 + 30, roundly(chance, usual * Math.min(6, growth ** nth))),
    }))
}

const shops: Habit = (life) =>
  everyNow(life, life.chance.between(12, 60), (at) => ({
    payee: life.chance.favourite(life.town.shops),
    units: life.chance.skewed(38, 0.8) * (ofMonth(at) === 11 ? 1.7 : 1),
    purpose: 'shop',
  }))

const schools: Habit = (life) => {
  const { member, town, chance, months } = life
  if (member.living === 'pension' || !chance.happens(0.2)) return []
  const payee = chance.pick(town.schools)
  const fee = roundly(chance, member.income * chance.between(0.1, 0.35))
  return months
    .filter((month) => [0, 3, 8].includes(ofMonth(month)))
    .map((month) => ({ at: month + chance.whole(2, 12) * dayMs, payee, units: fee, purpose: 'school' }))
}

const travel: Habit = (life) => {
  const { member, town, chance, months } = life
  if (!chance.happens(0.5)) return []
  return months
    .filter((month) => chance.happens([4, 5, 6, 11].includes(ofMonth(month)) ? 0.18 : 0.04))
    .map((month) => ({
      at: month + chance.whole(1, 26) * dayMs,
      payee: chance.happens(0.6)
        ? chance.pick(town.agencies)
        : { account: `host-${member.nth}-${ofMonth(month)}`, country: 'ES' },
      units: chance.skewed(member.income * 0.28, 0.6),
      purpose: 'travel',
    }))
}

const large: Habit = (life) => {
  const { member, chance } = life
  if (member.living === 'student' || !chance.happens(0.12)) return []
  const units = Math.min(member.savings * 0.7, chance.skewed(5_500, 0.6))
  return [
    {
      at: chance.between(life.span.from, life.span.to),
      payee: { account: `dealer-${chance.whole(0, 30)}` },
      units,
      purpose: 'large',
    },
  ]
}

const clubs: Habit = (life) =>
  life.chance.happens(0.35) ? monthly(life, life.chance.pick(life.town.clubs), 'club', () => 22) : []

/** Who drives or carries pays for the vehicle by the week, and more when there is work. */
const gig: Habit = (life) => {
  if (life.member.living !== 'gig') return []
  const payee = { account: `fleet-${life.chance.whole(0, 5)}` }
  return everyNow(life, 8, () => ({ payee, units: life.chance.between(45, 190), purpose: 'fleet' }))
}

const trade: Habit = (life) => {
  const { member, town, chance } = life
  if (member.living !== 'trader') return []
  const own = Array.from({ length: chance.whole(3, 7) }, () => chance.pick(town.suppliers))
  return everyNow(life, 6, (at) => ({
    payee: chance.happens(0.9)
      ? chance.favourite(own)
      : { account: `supplier-${member.nth}-${Math.floor(at / dayMs)}` },
    units: chance.skewed(member.income * 0.13, 0.8),
    purpose: 'supplier',
  }))
}

const habits: readonly Habit[] = [
  rent,
  bills,
  friends,
  strangers,
  tradespeople,
  family,
  saving,
  coins,
  shops,
  schools,
  travel,
  large,
  clubs,
  gig,
  trade,
]

/** Rent and bills of a joint account are paid now by one and now by the other. */
const shared = new Set(['rent', 'bill', 'school', 'building'])

export const errandsOf = (
  member: Member,
  people: readonly Member[],
  town: Town,
  span: Span,
  seed: number,
): Errand[] => {
  const own = livedBy(member, people, town, span, seed)
  if (member.partner === null) return own
  const other = people[member.partner]
  if (other === undefined) return own
  const isHolder = member.nth < other.nth
  const joint = isHolder ? own : livedBy(other, people, town, span, seed)
  const turns = joint
    .filter(({ purpose }) => shared.has(purpose))
    .filter((_, nth) => (nth % 3 === 0) !== isHolder)
  return [...own.filter(({ purpose }) => !shared.has(purpose)), ...turns]
}

const livedBy = (member: Member, people: readonly Member[], town: Town, span: Span, seed: number): Errand[] =>
  habits.flatMap((habit, nth) =>
    habit({
      member,
      people,
      town,
      span,
      months: monthsOf(span),
      chance: chanceOf(seed, 'habit', member.nth, nth),
    }),
  )
