import { atWork, awake, irregularly, monthsOf, season, weekMs } from '../calendar.ts'
import { anotherAccount, person } from '../payees.ts'
import { dayOfMonth, type Habit, type Payment } from './habit.ts'

/** What comes back by itself: the roof, the bills, the savings, the people who help. */

/** Renters who pay by hand, about 30 % of their income; a few move, with a deposit of two rents. */
const rent: Habit = ({ customer, chance, town, span }) => {
  const rents = chance.happens(customer.age < 35 ? 0.6 : customer.age < 65 ? 0.3 : 0.15)
  if (!rents || !chance.happens(0.6)) return []
  const landlord = () => (chance.happens(0.35) ? chance.pick(town.agencies) : person(chance))
  let payee = landlord()
  let euros = Math.round(customer.income * chance.between(0.22, 0.4))
  const day = chance.whole(1, 5)
  return monthsOf(span).flatMap((month): Payment[] => {
    const at = awake(dayOfMonth(month, day), chance)
    if (!chance.happens(0.08 / 12)) return [{ at, payee, euros, purpose: 'rent' }]
    payee = landlord()
    euros = Math.round(euros * chance.between(0.9, 1.25))
    return [
      { at, payee, euros: 2 * euros, purpose: 'deposit' },
      { at: at + weekMs, payee, euros, purpose: 'rent' },
    ]
  })
}

/** Utilities that are not collected by direct debit: monthly or each second month, dearer in winter. */
const bills: Habit = ({ chance, town, span }) => {
  const count = chance.weighted([0, 1, 2, 3], (n) => [0.35, 0.3, 0.2, 0.15][n] ?? 0)
  return Array.from({ length: count }, () => chance.pick(town.utilities)).flatMap((payee) => {
    const [every, base, day] = [chance.pick([1, 1, 2]), chance.skewed(70, 0.5), chance.whole(3, 27)]
    return monthsOf(span)
      .filter((_, nth) => nth % every === 0)
      .map((month): Payment => {
        const euros = base * season(month, 'heating') * chance.skewed(1, 0.12)
        return { at: awake(dayOfMonth(month, day), chance), payee, euros, purpose: 'bill' }
      })
  })
}

/** A credit card of another bank, settled by hand. */
const card: Habit = ({ customer, chance, town, span }) => {
  if (!chance.happens(0.3)) return []
  const [payee, base, day] = [
    chance.pick(town.cardIssuers),
    customer.income * chance.between(0.1, 0.4),
    chance.whole(5, 25),
  ]
  return monthsOf(span).map((month) => ({
    at: awake(dayOfMonth(month, day), chance),
    payee,
    euros: base * season(month, 'gifts') * chance.skewed(1, 0.35),
    purpose: 'card',
  }))
}

/** To an account of one's own elsewhere: a sum each month, and now and then much more. */
const savings: Habit = ({ customer, chance, span }) => {
  if (!chance.happens(0.35)) return []
  const payee = anotherAccount(chance, customer.name)
  const [euros, day] = [
    Math.round((customer.income * chance.between(0.04, 0.2)) / 10) * 10,
    chance.whole(1, 28),
  ]
  const monthly = monthsOf(span).map(
    (month): Payment => ({ at: awake(dayOfMonth(month, day), chance), payee, euros, purpose: 'savings' }),
  )
  const windfalls = irregularly(span, 0.08, chance).map(
    (at): Payment => ({
      at: awake(at, chance),
      payee,
      euros: Math.round(customer.means * chance.between(0.1, 0.5)),
      purpose: 'savings',
    }),
  )
  return [...monthly, ...windfalls]
}

/** Shares, funds, coins: to companies that many customers pay, now and then. */
const broker: Habit = ({ customer, chance, town, span }) => {
  if (!chance.happens(customer.age < 50 ? 0.13 : 0.06)) return []
  const payee = chance.favourite(town.brokers)
  return irregularly(span, 0.7, chance).map((at) => ({
    at: awake(at, chance),
    payee,
    euros: Math.min(customer.means, chance.skewed(300, 1)),
    purpose: 'broker',
  }))
}

/** A cleaner, a tutor, pocket money: the same sum each week or each second week. */
const carer: Habit = ({ chance, span }) => {
  if (!chance.happens(0.15)) return []
  const [payee, euros, weeks] = [person(chance), chance.whole(6, 24) * 5, chance.pick([1, 2])]
  const count = Math.floor((span.to - span.from) / (weeks * weekMs))
  return Array.from({ length: count }, (_, nth) => nth)
    .filter(() => chance.happens(0.85))
    .map((nth) => ({ at: awake(span.from + nth * weeks * weekMs, chance), payee, euros, purpose: 'carer' }))
}

/** School, sports, the parish: monthly, of a size that changes little. */
const club: Habit = ({ customer, chance, town, span }) => {
  if (!chance.happens(customer.age > 29 && customer.age < 56 ? 0.4 : 0.15)) return []
  const [payee, euros, day] = [chance.pick(town.clubs), chance.whole(25, 150), chance.whole(1, 12)]
  return monthsOf(span).map((month) => ({
    at: awake(dayOfMonth(month, day), chance),
    payee,
    euros,
    purpose: 'club',
  }))
}

/** Parents or children in another country, monthly; the sum is what could be spared. */
const familyAbroad: Habit = ({ chance, span }) => {
  if (!chance.happens(0.06)) return []
  const payee = person(chance, chance.pick(['MA', 'RO', 'PT']))
  return monthsOf(span).map((month) => ({
    at: awake(dayOfMonth(month, chance.whole(1, 10)), chance),
    payee,
    euros: Math.round(chance.skewed(200, 0.4) / 10) * 10,
    purpose: 'family_abroad',
  }))
}

/** The self-employed, four times a year. */
const tax: Habit = ({ customer, chance, town, span }) => {
  if (!chance.happens(0.1)) return []
  return monthsOf(span)
    .filter((month) => [0, 3, 6, 9].includes(new Date(month).getUTCMonth()))
    .map((month) => ({
      at: atWork(dayOfMonth(month, chance.whole(12, 20)), chance),
      payee: town.taxOffice,
      euros: customer.income * chance.between(0.2, 0.8),
      purpose: 'tax',
    }))
}

export const homeHabits: readonly Habit[] = [
  rent,
  bills,
  card,
  savings,
  broker,
  carer,
  club,
  familyAbroad,
  tax,
]
