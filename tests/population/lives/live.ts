import { isWithin, type Span } from '../calendar.ts'
import { chanceOf } from '../chance.ts'
import type { Customer } from '../customer.ts'
import type { Town } from '../payees.ts'
import { firmHabits } from './firm.ts'
import type { Payment, Purpose } from './habit.ts'
import { homeHabits } from './home.ts'
import { leisureHabits } from './leisure.ts'

/** What either holder of a joint account sees to. */
const sharedPurposes: readonly Purpose[] = ['rent', 'bill', 'tradesperson', 'club', 'carer']

export type Paid = { payer: Customer; payment: Payment }

/** Everything that a customer pays within the span, in no order. Habits have streams of chance of their own. */
const live = (customer: Customer, town: Town, seed: number, span: Span): Payment[] => {
  const own: Span = { from: Math.max(span.from, customer.active_from), to: span.to }
  const habits = customer.kind === 'firm' ? firmHabits : [...homeHabits, ...leisureHabits]
  return habits
    .flatMap((habit, nth) =>
      habit({ customer, town, span: own, chance: chanceOf(seed, customer.id, 'habit', nth) }),
    )
    .filter(({ at, euros }) => isWithin(own, at) && euros >= 1)
}

/** Of what a household shares, the other holder pays a third, by an access of their own that may never have paid it before. */
export const liveTogether = (
  customers: readonly Customer[],
  town: Town,
  seed: number,
  span: Span,
): Paid[] => {
  const byId = new Map(customers.map((customer) => [customer.id, customer]))
  return customers.flatMap((customer) => {
    const chance = chanceOf(seed, customer.id, 'partner')
    const partner = byId.get(customer.partner ?? '')
    return live(customer, town, seed, span).map((payment) => {
      const byPartner =
        partner !== undefined &&
        sharedPurposes.includes(payment.purpose) &&
        payment.at > partner.active_from &&
        chance.happens(0.33)
      return { payer: byPartner ? partner : customer, payment }
    })
  })
}
