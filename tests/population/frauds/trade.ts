import { atWork, dayMs } from '../calendar.ts'
import { anotherAccount } from '../payees.ts'
import { coachedPayment, type Scheme, within } from './scheme.ts'

/** The victim means to buy, or owes the money, and only the account is wrong: nobody is on the line. */

/** Tickets, phones, flats that don't exist. In every fact a purchase from a private seller. */
export const purchase: Scheme = {
  kind: 'purchase',
  per100: 10,
  suits: ({ kind, age }) => (kind === 'firm' ? 0.2 : age < 35 ? 2 : age < 60 ? 1 : 0.5),
  heard: { days: [3, 25], never: 0.35 },
  play: (stage) => {
    const { victim, chance, mules, at } = stage
    const payee = mules.accountAt(at, chance)
    const euros = within(victim, chance.skewed(210, 1.35))
    const fee = chance.happens(0.15) ? [euros * chance.between(0.1, 0.4)] : []
    return [euros, ...fee].map((each, nth) =>
      coachedPayment(stage, at + nth * chance.whole(1, 4) * dayMs, payee, Math.max(15, each)),
    )
  },
}

/** The known supplier's name, an invoice that was due, and an account that is somebody else's. */
export const invoice: Scheme = {
  kind: 'invoice',
  per100: 3,
  suits: ({ kind, means }) => (kind === 'firm' ? 12 : means > 8_000 ? 1 : 0),
  heard: { days: [6, 45], never: 0.1 },
  play: (stage) => {
    const { victim, chance, mules, paid } = stage
    const at = atWork(stage.at, chance)
    const due = paid.filter(({ purpose }) =>
      ['supplier', 'tradesperson', 'big_purchase', 'home'].includes(purpose),
    )
    // Whoever reads the mail waits for a large one.
    const usual = due.slice(-12).toSorted((a, b) => b.euros - a.euros)[0]
    const mule = mules.accountAt(at, chance)
    const name = usual?.payee.name ?? mule.name
    const euros =
      victim.kind === 'firm' && usual !== undefined
        ? usual.euros * chance.between(0.7, 2)
        : chance.skewed(8_000, 1)
    const nameMatch = chance.weighted(['no_match', 'unknown', 'match'] as const, (match) =>
      match === 'unknown' ? 0.5 : match === 'no_match' ? 0.3 : 0.2,
    )
    const payee = { ...anotherAccount(chance, name, mule.country), account: mule.account }
    return [coachedPayment(stage, at, payee, within(victim, euros), { nameMatch })]
  },
}
