import { dayMs, isWithin, type Span, weekMs } from '../calendar.ts'
import { chanceOf } from '../chance.ts'
import { type Customer, devicesAt } from '../customer.ts'
import type { Payment } from '../lives/habit.ts'
import type { Town } from '../payees.ts'
import { impersonationCall, impersonationMessage, recovery, remoteAccess } from './guided.ts'
import { investment, romance } from './instalments.ts'
import { accountTakeover } from './intrusion.ts'
import { openMules } from './mules.ts'
import type { Act, FraudKind, Scheme } from './scheme.ts'
import { invoice, purchase } from './trade.ts'

/** One fraud from its first act to the day on which the bank hears of it; null when it never does. */
type Case = {
  id: string
  kind: FraudKind
  victim: Customer
  acts: readonly Act[]
  heard_at: number | null
}

const schemes: readonly Scheme[] = [
  accountTakeover,
  remoteAccess,
  impersonationCall,
  impersonationMessage,
  purchase,
  invoice,
  investment,
  romance,
]

/** What needs weeks begins early enough to end. */
const latestStart: Partial<Record<FraudKind, number>> = { romance: 15 * weekMs, investment: 19 * weekMs }

type Crime = { scheme: Scheme; victim: Customer; at: number; nth: number }

type World = {
  customers: readonly Customer[]
  town: Town
  seed: number
  span: Span
  paidBy: (customer: Customer) => readonly Payment[]
}

/** Draws who is robbed of what and when; nobody twice, but by those who promise to get it back. */
const plan = ({ customers, seed, span }: World): Crime[] => {
  const free = new Set(customers)
  return schemes.flatMap((scheme) => {
    const count = Math.round((scheme.per100 * customers.length) / 100)
    return Array.from({ length: count }, (_, nth): Crime => {
      const chance = chanceOf(seed, 'crime', scheme.kind, nth)
      const latest = span.to - span.from - (latestStart[scheme.kind] === undefined ? 2 * weekMs : 0)
      const at = Math.floor(span.from + chance.unit() * Math.min(latest, latestStart[scheme.kind] ?? latest))
      const reachable = [...free].filter(
        (customer) => customer.active_from < at && devicesAt(customer, at).length > 0,
      )
      const victim = chance.weighted(reachable, scheme.suits)
      free.delete(victim)
      return { scheme, victim, at, nth }
    })
  })
}

/** Commits every crime of the plan in the order of time, since they share the accounts that money passes through. */
export const commitFrauds = (world: World): Case[] => {
  const { town, seed, span, paidBy } = world
  const mules = openMules()
  const commit = ({ scheme, victim, at, nth }: Crime): Case => {
    const chance = chanceOf(seed, 'case', scheme.kind, nth)
    const paid = paidBy(victim).filter((payment) => payment.at < at)
    const acts = scheme
      .play({ victim, at, chance, mules, town, paid, span, checked: new Set() })
      .filter((act) => isWithin(span, act.at))
      .toSorted((a, b) => a.at - b.at)
    const last = acts.at(-1)?.at ?? at
    const heard_at = chance.happens(scheme.heard.never)
      ? null
      : Math.floor(last + chance.between(...scheme.heard.days) * dayMs)
    return { id: `${scheme.kind}-${nth}`, kind: scheme.kind, victim, acts, heard_at }
  }
  const first = plan(world)
    .toSorted((a, b) => a.at - b.at)
    .map(commit)
  return [...first, ...again(world, first).map(commit)].filter(({ acts }) => acts.length > 0)
}

/** Those who lost money to a shop, a lover or a platform are called again some weeks later. */
const again = ({ customers, seed, span }: World, cases: readonly Case[]): Crime[] => {
  const chance = chanceOf(seed, 'again')
  const losers = cases.filter(({ kind }) =>
    ['purchase', 'investment', 'romance', 'impersonation_message'].includes(kind),
  )
  const called = losers
    .map(({ victim, acts }) => ({
      victim,
      at: Math.floor((acts.at(-1)?.at ?? span.to) + chance.between(2, 8) * weekMs),
      order: chance.unit(),
    }))
    .filter(({ at }) => at < span.to - weekMs)
    .toSorted((a, b) => a.order - b.order)
  return called
    .slice(0, Math.round((recovery.per100 * customers.length) / 100))
    .map(({ victim, at }, nth) => ({ scheme: recovery, victim, at, nth }))
}
