import type { IngestEvent } from '#contract/event'
import type { Conduct } from '../../backend/replay/answer-checkpoint.ts'
import { dayMs, goLive, isWithin, type Span, weekMs } from './calendar.ts'
import { type Chance, chanceOf } from './chance.ts'
import { buildCustomer, type Customer, devicesAt, makePartners } from './customer.ts'
import { accountEvent, honestNameMatch, quietScene, surroundingsOf, transferEvent } from './event-of.ts'
import { commitFrauds } from './frauds/commit.ts'
import type { FraudKind } from './frauds/scheme.ts'
import type { Purpose } from './lives/habit.ts'
import { liveTogether, type Paid } from './lives/live.ts'
import { buildTown } from './payees.ts'

/** What an event really was; the engine never sees this. */
type Truth =
  | { kind: 'honest'; purpose: Purpose | 'account' }
  | { kind: FraudKind; case: string /** Of its payments, from 0. */; nth: number; of: number }

/** One thing that the bank asks about, in the order of time. */
export type Moment = { at: number; customer: string; event: IngestEvent; truth: Truth; conduct: Conduct }

/** The bank hears that a case was one: its payments become `reported_scam`. */
type Hearing = { at: number; case: string }

export type Population = {
  seed: number
  customers: readonly Customer[]
  /** Before the bank began to ask: honest, carried out, and told as history or not at all. */
  past: readonly Moment[]
  /** From go-live on. */
  live: readonly Moment[]
  hearings: readonly Hearing[]
}

type Size = { customers: number; weeks: number; pastWeeks: number }

const usualSize: Size = { customers: 200, weeks: 26, pastWeeks: 52 }

/** Of all customers. */
const firmShare = 0.05
const coupleShare = 0.25

/** A bank's customers and what becomes of them: the same for the same seed, on every machine. */
export const populationOf = (seed: number, size: Size = usualSize): Population => {
  const live: Span = { from: goLive, to: goLive + size.weeks * weekMs }
  const span: Span = { from: goLive - size.pastWeeks * weekMs, to: live.to }
  const town = buildTown(chanceOf(seed, 'town'))
  const customers = settle(seed, size, span, live)
  const paid = liveTogether(customers, town, seed, span).toSorted((a, b) => a.payment.at - b.payment.at)
  const byPayer = Map.groupBy(paid, ({ payer }) => payer.id)
  const honest = [
    ...payments(seed, paid),
    ...customers.flatMap((customer) => housekeeping(seed, customer, span)),
  ]
  const cases = commitFrauds({
    customers,
    town,
    seed,
    span: live,
    paidBy: ({ id }) => (byPayer.get(id) ?? []).map(({ payment }) => payment),
  })
  const crimes = cases.flatMap(({ id, kind, victim, acts }) => {
    const of = acts.filter(({ euros }) => euros !== null).length
    let nth = -1
    return acts.map(({ at, event, conduct, euros }): Moment => {
      if (euros !== null) nth += 1
      return { at, customer: victim.id, event, conduct, truth: { kind, case: id, nth: Math.max(0, nth), of } }
    })
  })
  const inOrder = (moments: readonly Moment[]) => moments.toSorted((a, b) => a.at - b.at)
  return {
    seed,
    customers,
    past: inOrder(honest.filter(({ at }) => at < live.from)),
    live: inOrder([...honest, ...crimes].filter(({ at }) => isWithin(live, at))),
    hearings: cases
      .flatMap(({ id, heard_at }) => (heard_at === null ? [] : [{ at: heard_at, case: id }]))
      .filter(({ at }) => at < live.to)
      .toSorted((a, b) => a.at - b.at),
  }
}

const settle = (seed: number, { customers }: Size, span: Span, live: Span): Customer[] => {
  const firms = Math.round(customers * firmShare)
  const everybody = Array.from({ length: customers }, (_, nth) =>
    buildCustomer(chanceOf(seed, 'customer', nth), nth, {
      span,
      live,
      kind: nth < firms ? 'firm' : 'person',
    }),
  )
  const chance = chanceOf(seed, 'couples')
  const people = everybody.slice(firms)
  const couples = Math.floor((people.length * coupleShare) / 2)
  const paired = Array.from({ length: couples }, (_, nth) => people.slice(2 * nth, 2 * nth + 2)).flatMap(
    ([one, other]) => (one === undefined || other === undefined ? [] : makePartners(one, other, chance)),
  )
  return [...everybody.slice(0, firms), ...paired, ...people.slice(2 * couples)]
}

/** Honest people are on the phone as well now and then, mostly with whom they pay for the first time; a few are helped. */
const honestScene = (isFirst: boolean, chance: Chance) => ({
  ...quietScene,
  onCall: chance.happens(isFirst ? 0.02 : 0.006),
  remoteControl: chance.happens(0.002),
  screenShared: chance.happens(0.001),
  nameMatch: isFirst ? honestNameMatch(chance) : null,
})

const payments = (seed: number, paid: readonly Paid[]): Moment[] => {
  const chances = new Map<string, Chance>()
  const known = new Set<string>()
  return paid.map(({ payer, payment: { at, payee, euros, purpose } }) => {
    const chance = chances.get(payer.id) ?? chanceOf(seed, payer.id, 'surroundings')
    chances.set(payer.id, chance)
    const pair = `${payer.id} ${payee.account}`
    const isFirst = !known.has(pair)
    known.add(pair)
    const surroundings = surroundingsOf(payer, at, chance)
    const scene = honestScene(isFirst, chance)
    const event = transferEvent({ at, customer: payer, surroundings, chance, scene }, payee, euros)
    return { at, customer: payer.id, event, conduct: 'self', truth: { kind: 'honest', purpose } }
  })
}

/** Signing in on each new device, and now and then a new password or address. */
const housekeeping = (seed: number, customer: Customer, span: Span): Moment[] => {
  const chance = chanceOf(seed, customer.id, 'housekeeping')
  const truth = { kind: 'honest', purpose: 'account' } as const
  const acted = (at: number) => ({ at, customer, surroundings: surroundingsOf(customer, at, chance), chance })
  const logins = customer.devices
    .filter(({ from }) => isWithin(span, from) && from > customer.active_from)
    .map((device): Moment => {
      const surroundings = { ...surroundingsOf(customer, device.from, chance), device }
      const event = accountEvent({ ...acted(device.from), surroundings }, 'login', null)
      return { at: device.from, customer: customer.id, event, truth, conduct: 'self' }
    })
  const changes = ([0.3, 0.06] as const).flatMap((perYear, nth) => {
    const moments: Moment[] = []
    for (let at = customer.active_from + chance.wait((365 / perYear) * dayMs); at < span.to; ) {
      const then = Math.floor(at)
      if (devicesAt(customer, then).length > 0)
        moments.push({
          at: then,
          customer: customer.id,
          event:
            nth === 0
              ? accountEvent(acted(then), 'change_password', 'password')
              : accountEvent(acted(then), 'change_email', customer.email.replace('customer', 'new')),
          truth,
          conduct: 'self',
        })
      at += chance.wait((365 / perYear) * dayMs)
    }
    return moments
  })
  return [...logins, ...changes]
}
