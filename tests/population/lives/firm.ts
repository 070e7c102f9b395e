import { atWork, dayMs, irregularly, minuteMs, monthsOf } from '../calendar.ts'
import { company, person } from '../payees.ts'
import { dayOfMonth, type Habit, type Payment } from './habit.ts'

/** A small firm: wages in one sitting, invoices of suppliers who come and go, taxes, an office. */

/** Everybody within minutes, near the end of the month; people leave and others come. */
const payroll: Habit = ({ customer, chance, span }) => {
  const hire = () => ({ payee: person(chance), euros: Math.round(chance.skewed(1_500, 0.35)) })
  const staff = Array.from(
    { length: chance.whole(2, Math.max(3, Math.min(9, customer.income / 6_000))) },
    hire,
  )
  return monthsOf(span).flatMap((month) => {
    if (chance.happens(0.12)) staff[chance.whole(0, staff.length - 1)] = hire()
    const begin = atWork(dayOfMonth(month, chance.whole(26, 28)), chance)
    return staff.map(
      ({ payee, euros }, nth): Payment => ({
        at: begin + nth * 2 * minuteMs,
        payee,
        euros,
        purpose: 'payroll',
      }),
    )
  })
}

/** Regular suppliers whose invoices vary, and a new one every other month. */
const suppliers: Habit = ({ customer, chance, town, span }) => {
  const size = customer.income / 30
  const known = Array.from({ length: chance.whole(5, 10) }, () =>
    chance.happens(0.3) ? chance.pick(town.utilities) : company(chance),
  )
  return irregularly(span, 8, chance).map((at) => {
    if (chance.happens(0.06)) known.unshift(company(chance))
    return {
      at: atWork(at, chance),
      payee: chance.favourite(known),
      euros: chance.skewed(size, 0.9),
      purpose: 'supplier',
    }
  })
}

const taxes: Habit = ({ customer, chance, town, span }) =>
  monthsOf(span).map((month) => ({
    at: atWork(dayOfMonth(month, chance.whole(15, 20)), chance),
    payee: town.taxOffice,
    euros: customer.income * chance.between(0.03, 0.12),
    purpose: 'tax',
  }))

const office: Habit = ({ customer, chance, town, span }) => {
  const [payee, euros] = [chance.pick(town.agencies), Math.round(customer.income * chance.between(0.04, 0.1))]
  return monthsOf(span).map((month) => ({ at: atWork(month + dayMs, chance), payee, euros, purpose: 'rent' }))
}

export const firmHabits: readonly Habit[] = [payroll, suppliers, taxes, office]
