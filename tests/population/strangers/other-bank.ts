import type { IngestEvent } from '#contract/event'
import { dayMs, goLive, hourMs, minuteMs, weekMs } from '../calendar.ts'
import { type Chance, chanceOf } from '../chance.ts'
import { type Economy, economies } from './economy.ts'
import { type Member, membersOf } from './members.ts'
import { type Errand, errandsOf, type Town, townOf } from './other-bank-lives.ts'
import { type Robbery, robberiesOf } from './other-bank-scams.ts'
import { minorOf, type Stranger, type StrangerMoment, strangerOf } from './stranger.ts'

/**
 * 300 customers of a bank elsewhere: another currency and level of prices, people who earn unevenly, share an account, study or trade, and
 * who are robbed by other scripts. The bank knows less than the one of the open population: a device, a country, a mailbox; a name check in
 * one country, calls from half of the phones, no networks.
 */

const weeks = 26
const pastWeeks = 52

type Sent = Errand & {
  fraud: StrangerMoment['fraud']
  conduct: StrangerMoment['conduct']
  act: Partial<Robbery['acts'][number]>
}

/** What this bank knows of a payment and sends. */
const eventOf = (
  member: Member,
  { code, fractionDigits, unit, country, nameCheck }: Economy,
  { at, payee, units, act }: Sent,
  isFirst: boolean,
  chance: Chance,
): IngestEvent => {
  const device = act.device ?? member.devices[at < member.replaced_at ? 0 : 1]
  const says = act.nameMatch ?? (chance.happens(0.86) ? 'match' : chance.happens(0.8) ? 'close' : 'no_match')
  const context = {
    ...(member.isApp ? { call_active: (act.onCall ?? chance.happens(0.01)) && chance.happens(0.6) } : {}),
    ...(act.remote === true && chance.happens(0.5) ? { remote_access: true } : {}),
    ...(nameCheck && isFirst ? { payee_name_match: says } : {}),
  }
  return {
    action: 'transfer',
    user: {
      id: member.id,
      email: `${member.id}@example.com`,
      created_at: new Date(member.opened_at).toISOString(),
    },
    amount: { value: minorOf(units * unit, fractionDigits), currency: code },
    payee: { account: payee.account, country: payee.country ?? country },
    device: { id: device },
    place: { country: act.country ?? country },
    ...(Object.keys(context).length === 0
      ? {}
      : { context: { ...context, observed_at: new Date(at).toISOString() } }),
    occurred_at: new Date(at).toISOString(),
  }
}

/** At an hour of the country's day at which people pay. */
const awakeAt = ({ at }: Pick<Errand, 'at'>, { hoursAhead }: Economy, chance: Chance): number => {
  const hour = Math.min(
    23.5,
    Math.max(6, chance.happens(0.4) ? 9.5 + 2 * chance.normal() : 19.5 + 1.8 * chance.normal()),
  )
  return Math.floor(
    Math.floor(at / dayMs) * dayMs + (hour - hoursAhead) * hourMs + chance.between(0, 10 * minuteMs),
  )
}

export const otherBankOf = (seed: number, economy: Economy = economies.pounds): Stranger => {
  const named = { name: `another bank, ${economy.code}`, currency: economy.code, start: goLive }
  const span = { from: goLive - pastWeeks * weekMs, to: goLive + weeks * weekMs }
  const town: Town = townOf(chanceOf(seed, 'their town'))
  const people = membersOf(seed)
  const honest = people.flatMap((member) => {
    const chance = chanceOf(seed, 'errands', member.nth)
    return errandsOf(member, people, town, span, seed)
      .filter(({ at }) => at >= member.opened_at && at < span.to)
      .map((errand): Sent & { member: Member } => ({
        ...errand,
        at: awakeAt(errand, economy, chance),
        member,
        fraud: null,
        conduct: 'self',
        act: {},
      }))
  })
  const robberies = robberiesOf(people, town, { from: goLive, to: span.to }, seed, honest)
  const stolen = robberies.flatMap(({ kind, member, acts, conduct }, nth) => {
    const chance = chanceOf(seed, 'robbed', nth)
    const fraud = { kind, case: `${seed} ${economy.code} ${nth}` }
    return acts.map((act): Sent & { member: Member } => ({
      ...act,
      at: act.exactly === true ? Math.floor(act.at) : awakeAt(act, economy, chance),
      purpose: '',
      member,
      fraud,
      conduct,
      act,
    }))
  })
  const known = new Set<string>()
  const chances = people.map(({ nth }) => chanceOf(seed, 'what the bank sees', nth))
  const moments = [...honest, ...stolen]
    .filter(({ at }) => at < span.to)
    .toSorted((a, b) => a.at - b.at)
    .map(({ member, ...sent }): StrangerMoment => {
      const pair = `${member.id} ${sent.payee.account}`
      const isFirst = !known.has(pair)
      known.add(pair)
      const chance = chances[member.nth] ?? chanceOf(seed, member.id)
      const event = eventOf(member, economy, sent, isFirst, chance)
      return {
        at: sent.at,
        customer: member.id,
        event,
        conduct: sent.conduct,
        fraud: sent.fraud,
        purpose: sent.purpose,
      }
    })
  const heard = chanceOf(seed, 'heard')
  const hearings = robberies.flatMap(({ tellsAfter }, nth) => {
    const id = `${seed} ${economy.code} ${nth}`
    const last = Math.max(...stolen.filter(({ fraud }) => fraud?.case === id).map(({ at }) => at))
    const at = Math.floor(last + heard.between(...tellsAfter) * dayMs) + 1
    return heard.happens(0.7) ? [{ case: id, at }] : []
  })
  return strangerOf(
    named,
    moments,
    hearings.filter(({ at }) => at < span.to),
  )
}
