import { atWork, awake, dayMs, irregularly, monthsOf, season } from '../calendar.ts'
import { company, person } from '../payees.ts'
import { dayOfMonth, type Habit, type Payment } from './habit.ts'

/** What nobody can foresee: friends, shops, sellers, repairs, journeys, and once in a while something big. */

/** Shares of meals and presents. A circle of favourites that a new face joins now and then; some sums are larger. */
const friends: Habit = ({ customer, chance, span }) => {
  const circle = Array.from({ length: chance.whole(3, 8) }, () => person(chance))
  const perMonth = customer.age < 35 ? 2.8 : customer.age < 60 ? 1.9 : 1.1
  return irregularly(span, perMonth, chance).map((at): Payment => {
    const isNew = chance.happens(0.05)
    if (isNew) circle.push(person(chance))
    const payee = (isNew ? circle.at(-1) : undefined) ?? chance.favourite(circle)
    const larger = chance.happens(0.06) ? chance.between(4, 12) : 1
    const euros = chance.skewed(28, 0.9) * larger * season(at, 'gifts')
    return { at: awake(at, chance), payee, euros, purpose: 'friend' }
  })
}

/** Something used, from somebody never seen again: what a purchase scam looks like until nothing arrives. */
const sellers: Habit = ({ customer, chance, span }) =>
  irregularly(span, customer.age < 55 ? 0.35 : 0.12, chance).map((at) => ({
    at: awake(at, chance),
    payee: person(chance),
    euros: Math.min(customer.means, chance.skewed(75, 1.1)),
    purpose: 'seller',
  }))

/** Shops that take transfers: a handful of favourites, and now and then another one. */
const shops: Habit = ({ chance, town, span }) => {
  const favourites = Array.from({ length: chance.whole(2, 6) }, () => chance.favourite(town.shops))
  return irregularly(span, 1, chance).map((at) => ({
    at: awake(at, chance),
    payee: chance.happens(0.8) ? chance.favourite(favourites) : chance.pick(town.shops),
    euros: chance.skewed(55, 0.9) * season(at, 'gifts'),
    purpose: 'shop',
  }))
}

/** Plumber, dentist, garage: half of them one's own, the others never paid before; sometimes in two parts. */
const tradespeople: Habit = ({ customer, chance, town, span }) => {
  const own = Array.from({ length: 3 }, () => chance.pick(town.tradespeople))
  return irregularly(span, customer.age < 30 ? 0.2 : 0.45, chance).flatMap((at): Payment[] => {
    const payee = chance.happens(0.5) ? chance.favourite(own) : chance.pick(town.tradespeople)
    const euros = Math.min(customer.means, chance.skewed(190, 0.95))
    const whole: Payment = { at: atWork(at, chance), payee, euros, purpose: 'tradesperson' }
    if (!chance.happens(0.3)) return [whole]
    const rest = { ...whole, at: atWork(at + chance.whole(4, 25) * dayMs, chance), euros: euros * 0.6 }
    return [{ ...whole, euros: euros * 0.4 }, rest]
  })
}

/** A car, a kitchen, a course: about one in three people a year, from savings, half of them with a deposit before. */
const bigPurchases: Habit = ({ customer, chance, town, span }) =>
  irregularly(span, 0.035, chance).flatMap((at): Payment[] => {
    const payee = chance.happens(0.4)
      ? chance.pick(town.tradespeople)
      : chance.happens(0.5)
        ? person(chance)
        : company(chance)
    const euros = Math.min(customer.means * 0.8, chance.skewed(4_200, 0.8))
    const whole: Payment = { at: atWork(at, chance), payee, euros, purpose: 'big_purchase' }
    if (!chance.happens(0.5)) return [whole]
    const rest = { ...whole, at: atWork(at + chance.whole(5, 40) * dayMs, chance), euros: euros * 0.85 }
    return [{ ...whole, euros: euros * 0.15 }, rest]
  })

/** A home is bought once in a life or two; the money goes to a solicitor whom nobody paid before. */
const homes: Habit = ({ customer, chance, town, span }) =>
  irregularly(span, 0.0016, chance).map((at) => ({
    at: atWork(at, chance),
    payee: chance.pick(town.solicitors),
    euros: Math.min(150_000, customer.income * chance.between(8, 40)),
    purpose: 'home',
  }))

/** Each journey is booked weeks before, and leads to a guide or a landlady who is paid from there. */
const travel: Habit = ({ customer, chance, town, span }) =>
  customer.trips.flatMap((trip): Payment[] => {
    const booked = trip.from - chance.whole(12, 90) * dayMs
    const there = trip.from + chance.between(0.2, 0.8) * (trip.to - trip.from)
    const booking: Payment = {
      at: awake(booked, chance),
      payee: chance.happens(0.6)
        ? chance.pick(town.travel)
        : company(chance, chance.pick(['ES', 'FR', 'IT', 'PT'])),
      euros: Math.min(customer.means, chance.skewed(420, 0.7)) * season(trip.from, 'travel') ** 0.3,
      purpose: 'travel',
    }
    const onSite: Payment = {
      at: awake(there, chance),
      payee: person(chance, trip.place.country === 'MA' ? 'MA' : 'ES'),
      euros: chance.skewed(80, 0.8),
      purpose: 'travel',
    }
    return [...(booked > span.from ? [booking] : []), ...(chance.happens(0.45) ? [onSite] : [])]
  })

/** Before Christmas. */
const charity: Habit = ({ chance, town, span }) => {
  if (!chance.happens(0.3)) return []
  const payee = chance.favourite(town.charities)
  return monthsOf(span)
    .filter((month) => new Date(month).getUTCMonth() === 11)
    .map((month) => ({
      at: awake(dayOfMonth(month, chance.whole(2, 24)), chance),
      payee,
      euros: chance.pick([20, 30, 50, 50, 100]),
      purpose: 'charity',
    }))
}

export const leisureHabits: readonly Habit[] = [
  friends,
  sellers,
  shops,
  tradespeople,
  bigPurchases,
  homes,
  travel,
  charity,
]
