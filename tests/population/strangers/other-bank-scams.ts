import { dayMs, minuteMs, type Span } from '../calendar.ts'
import { type Chance, chanceOf } from '../chance.ts'
import type { Member } from './members.ts'
import type { Account, Errand, Town } from './other-bank-lives.ts'
import type { StrangerMoment } from './stranger.ts'
import { roundly } from './stranger.ts'

/** How customers of the other bank are robbed: other scripts than in the open population, told by the FTC, Action Fraud and the PSR. */

type Act = {
  at: number
  payee: Account
  units: number
  /** At this moment, and not at an hour of their own. */
  exactly?: boolean
  onCall?: boolean
  remote?: boolean
  nameMatch?: 'match' | 'close' | 'no_match'
  device?: string
  country?: string
}

export type Robbery = {
  kind: string
  member: Member
  conduct: StrangerMoment['conduct']
  acts: readonly Act[]
  /** Days from the last act until the bank is told. */
  tellsAfter: [least: number, most: number]
}

type Plot = {
  member: Member
  at: number
  town: Town
  chance: Chance
  mule: () => Account
  paid: readonly Errand[]
}

type Script = {
  kind: string
  /** Cases among 300 customers in half a year; far more than in life. */
  cases: number
  suits: (member: Member) => number
  conduct: StrangerMoment['conduct']
  tellsAfter: Robbery['tellsAfter']
  play: (plot: Plot) => Act[]
}

const atMost = ({ savings }: Member, units: number): number => Math.max(15, Math.min(savings * 0.9, units))

/** Small sums that grow: 50 for a telephone card, 400 for the flight. */
const romance: Script = {
  kind: 'romance',
  cases: 14,
  suits: ({ living }) => (living === 'pension' ? 3 : 1),
  conduct: 'coached',
  tellsAfter: [10, 60],
  play: ({ member, at, chance, mule }) => {
    const lover = mule()
    const times = chance.whole(6, 9)
    const [from, to] = [chance.between(40, 90), chance.between(250, 450)]
    return Array.from({ length: times }, (_, nth) => ({
      at: at + nth * chance.between(5, 9) * dayMs,
      payee: lover,
      units: roundly(
        chance,
        atMost(member, from * (to / from) ** (nth / (times - 1)) * chance.between(0.85, 1.15)),
      ),
    }))
  },
}

/** "Your account is not safe": all of it in one go, with somebody on the line. */
const safeAccount: Script = {
  kind: 'safe_account',
  cases: 13,
  suits: ({ living, savings }) => (savings > 1_500 ? (living === 'pension' ? 3 : 1) : 0),
  conduct: 'coached',
  tellsAfter: [0.1, 3],
  play: ({ member, at, chance, mule }) => [
    {
      at,
      payee: mule(),
      units: member.savings * chance.between(0.45, 0.9),
      onCall: true,
      nameMatch: chance.pick(['match', 'no_match', 'close']),
    },
  ],
}

/** The supplier's or builder's next invoice, with another account on it. */
const invoice: Script = {
  kind: 'invoice_redirection',
  cases: 12,
  suits: ({ living, income }) => (living === 'trader' ? 8 : income > 2_500 ? 1 : 0),
  conduct: 'coached',
  tellsAfter: [7, 35],
  play: ({ member, at, chance, mule, paid }) => {
    const owed = paid
      .filter(
        (one) => ['supplier', 'building', 'tradesperson', 'school'].includes(one.purpose) && one.at < at,
      )
      .map(({ units }) => units)
    const usual = owed.length === 0 ? 900 : Math.max(...owed.slice(-8))
    return [
      {
        at,
        payee: mule(),
        units: atMost(member, usual * chance.between(0.9, 1.6)),
        nameMatch: chance.pick(['no_match', 'match', 'close']),
      },
    ]
  },
}

/** A flat that isn't theirs: a deposit like any other. */
const deposit: Script = {
  kind: 'rent_deposit',
  cases: 14,
  suits: ({ living }) => (living === 'student' ? 5 : living === 'pension' ? 0.1 : 1),
  conduct: 'coached',
  tellsAfter: [2, 14],
  play: ({ member, at, chance, mule }) => {
    const landlord = mule()
    const sum = roundly(chance, atMost(member, chance.between(350, 1_500)))
    const reservation = chance.happens(0.4)
      ? [{ at: at - 2 * dayMs, payee: landlord, units: roundly(chance, sum * 0.2) }]
      : []
    return [...reservation, { at, payee: landlord, units: sum }]
  },
}

/** "Hi mum, this is my new number": one to three within the day. */
const himum: Script = {
  kind: 'family_impersonation',
  cases: 16,
  suits: ({ living }) => (living === 'student' ? 0.1 : living === 'pension' ? 3 : 1),
  conduct: 'coached',
  tellsAfter: [0.2, 2],
  play: ({ member, at, chance, mule }) => {
    const account = mule()
    return Array.from({ length: chance.weighted([1, 2, 3], (times) => 4 - times) }, (_, nth) => ({
      at: at + nth * chance.between(40, 200) * minuteMs,
      exactly: nth > 0,
      payee: nth === 2 ? mule() : account,
      units: atMost(member, chance.skewed(850, 0.6)),
      nameMatch: chance.pick(['match', 'no_match', 'close']),
    }))
  },
}

/** Growing sums to an exchange that honest people use as well; half of them to one that nobody does. */
const crypto: Script = {
  kind: 'crypto_investment',
  cases: 15,
  suits: ({ living }) => (living === 'student' ? 0.5 : 1),
  conduct: 'coached',
  tellsAfter: [15, 80],
  play: ({ member, at, chance, mule, town }) => {
    const payee = chance.happens(0.5) ? chance.favourite(town.exchanges) : mule()
    const from = chance.between(90, 250)
    return Array.from({ length: chance.whole(4, 7) }, (_, nth) => ({
      at: at + nth * chance.between(4, 9) * dayMs,
      payee,
      units: roundly(chance, atMost(member, from * 1.9 ** nth)),
    }))
  },
}

const purchase: Script = {
  kind: 'purchase',
  cases: 22,
  suits: ({ living }) => (living === 'pension' ? 0.5 : 1),
  conduct: 'coached',
  tellsAfter: [3, 21],
  play: ({ member, at, chance, mule }) => [
    { at, payee: mule(), units: roundly(chance, atMost(member, chance.skewed(210, 0.9))) },
  ],
}

/** Somebody else's telephone, at night, until the account is empty. */
const takeover: Script = {
  kind: 'takeover',
  cases: 14,
  suits: ({ savings }) => (savings > 400 ? 1 : 0),
  conduct: 'intruder',
  tellsAfter: [0.3, 5],
  play: ({ member, at, chance, mule }) => {
    const device = `thief-${chance.whole(0, 40)}-${member.nth}`
    const night = Math.floor(at / dayMs) * dayMs + chance.between(0, 5) * 60 * minuteMs
    const country = chance.happens(0.3) ? { country: chance.pick(['RO', 'NG', 'NL']) } : {}
    const account = mule()
    return Array.from({ length: chance.whole(1, 4) }, (_, nth) => ({
      at: night + nth * chance.between(3, 25) * minuteMs,
      exactly: true,
      payee: nth < 2 ? account : mule(),
      units: atMost(member, member.savings * chance.between(0.1, 0.35)),
      device,
      ...country,
    }))
  },
}

const helpdesk: Script = {
  kind: 'remote_helpdesk',
  cases: 9,
  suits: ({ living }) => (living === 'pension' ? 5 : 0.5),
  conduct: 'coached',
  tellsAfter: [0.2, 4],
  play: ({ member, at, chance, mule }) => [
    { at, payee: mule(), units: atMost(member, chance.skewed(1_300, 0.8)), onCall: true, remote: true },
    ...(chance.happens(0.5)
      ? [
          {
            at: at + 30 * minuteMs,
            payee: mule(),
            units: atMost(member, chance.skewed(1_300, 0.8)),
            onCall: true,
            remote: true,
          },
        ]
      : []),
  ],
}

const scripts: readonly Script[] = [
  romance,
  safeAccount,
  invoice,
  deposit,
  himum,
  crypto,
  purchase,
  takeover,
  helpdesk,
]

export const otherBankKinds: readonly string[] = scripts.map(({ kind }) => kind)

/** `paid`: what honest members pay, whose invoices may be forged. */
export const robberiesOf = (
  people: readonly Member[],
  town: Town,
  span: Span,
  seed: number,
  paid: readonly (Errand & { member: Member })[],
): Robbery[] => {
  const paidBy = Map.groupBy(paid, ({ member }) => member.nth)
  let opened = 0
  return scripts.flatMap(({ kind, cases, suits, conduct, tellsAfter, play }) =>
    Array.from({ length: cases }, (_, nth): Robbery => {
      const chance = chanceOf(seed, 'script', kind, nth)
      const member = chance.weighted(people, suits)
      // A few are used again; most for one victim of this bank.
      const mule = () => {
        opened += 1
        const country = chance.happens(0.15) ? { country: chance.pick(['LT', 'NG', 'HK']) } : {}
        return chance.happens(0.25)
          ? { account: `mule-${chance.whole(0, 15)}` }
          : { account: `mule-${kind}-${opened}`, ...country }
      }
      const at = chance.between(span.from + 3 * dayMs, span.to - 10 * dayMs)
      const acts = play({ member, at, town, chance, mule, paid: paidBy.get(member.nth) ?? [] }).filter(
        (act) => act.at < span.to,
      )
      return { kind, member, conduct, tellsAfter, acts }
    }),
  )
}
