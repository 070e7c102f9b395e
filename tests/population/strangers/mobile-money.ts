import { dayMs, goLive, hourMs } from '../calendar.ts'
import { type Chance, chanceOf } from '../chance.ts'
import { minorOf, type Stranger, type StrangerMoment, strangerOf } from './stranger.ts'

/**
 * A month of mobile money as PaySim makes it (Lopez-Rojas, Elmir and Axelsson, 2016), as an integrator would bring it: PAYMENT,
 * CASH_OUT, TRANSFER and DEBIT are payments out; CASH_IN is none. Steps are hours. Nearly everybody is seen once, merchants as well;
 * agents who pay cash out and receivers of transfers come back. Nothing is known but who, to whom, how much and when.
 * A fraud takes over an account, transfers all that is on it, and an accomplice cashes it out.
 */
type Kind = 'PAYMENT' | 'CASH_OUT' | 'TRANSFER' | 'DEBIT'

type Shape = {
  name: string
  /** Median and deviation of the logarithm, in the simulator's own money. */
  amounts: Record<Kind, [median: number, spread: number]>
  balance: [median: number, spread: number]
  /** What one of the simulator's money is in the currency that the integrator names. */
  worth: number
}

/** The published file: medians of its types; what a fraud takes has a median of 441,000 and ends at ten million. */
const publishedFile: Shape['amounts'] = {
  PAYMENT: [9_500, 0.95],
  CASH_OUT: [147_000, 0.85],
  TRANSFER: [486_000, 1.2],
  DEBIT: [3_000, 0.9],
}
/** The simulator's own profiles of clients, whose accounts hold far more than one payment. */
const profiles: Shape['amounts'] = {
  PAYMENT: [1_700, 0.8],
  CASH_OUT: [62_000, 0.75],
  TRANSFER: [70_000, 0.9],
  DEBIT: [1_600, 0.7],
}

const balanceMost = 10_000_000

/** As they stand, called dollars; and at what such money is worth. */
export const mobileMoneyShapes: readonly Shape[] = [
  { name: 'mobile money, as it stands', amounts: publishedFile, balance: [441_000, 1.75], worth: 1 },
  { name: 'mobile money, converted', amounts: publishedFile, balance: [441_000, 1.75], worth: 1 / 400 },
  { name: 'mobile money, full accounts', amounts: profiles, balance: [1_500_000, 1.2], worth: 1 / 100 },
]

const currency = 'USD'
const payments = 20_000
const cases = 220
const days = 30
/** Of 24 hours: next to nothing at night, most from noon to evening. */
const hourWeight = (hour: number): number => (hour < 7 ? 0.04 : hour < 10 ? 0.8 : hour < 20 ? 1.5 : 0.7)
const hours = Array.from({ length: 24 }, (_, hour) => hour)
const kinds: readonly Kind[] = ['PAYMENT', 'CASH_OUT', 'TRANSFER', 'DEBIT']
/** Of a hundred rows: 33.8, 35.2, 8.4 and 0.7; the other 22 are CASH_IN. */
const kindWeight: Record<Kind, number> = { PAYMENT: 33.8, CASH_OUT: 35.2, TRANSFER: 8.4, DEBIT: 0.7 }

/** Merchants are hardly ever the same twice; receivers come back, a few of them often. */
const receiver = (kind: Kind, nth: number, chance: Chance): string => {
  if (kind === 'PAYMENT') return chance.happens(0.9) ? `M${nth}` : `M-${chance.whole(0, 300)}`
  if (kind === 'DEBIT') return `B-${chance.whole(0, 12)}`
  return chance.happens(0.25) ? `C${nth}-to` : `C-${Math.floor(3_000 * chance.unit() ** 2)}`
}

const momentOf = (
  { worth }: Shape,
  of: Pick<StrangerMoment, 'at' | 'customer' | 'fraud' | 'purpose'>,
  payee: string,
  sum: number,
): StrangerMoment => ({
  ...of,
  conduct: of.fraud === null ? 'self' : 'intruder',
  event: {
    action: 'transfer',
    user: { id: of.customer },
    amount: { value: minorOf(sum * worth, 2), currency },
    payee: { id: payee },
    occurred_at: new Date(of.at).toISOString(),
  },
})

export const mobileMoneyOf = (seed: number, shape: Shape): Stranger => {
  const chance = chanceOf(seed, shape.name)
  const sum = ([median, spread]: readonly [number, number]) =>
    Math.min(balanceMost, chance.skewed(median, spread))
  const somebody = (nth: number) => (chance.happens(0.93) ? `C${nth}` : `C-${chance.whole(0, 700)}`)
  const honest = Array.from({ length: payments }, (_, nth): StrangerMoment => {
    const kind = chance.weighted(kinds, (one) => kindWeight[one])
    const day = Math.floor(chance.between(0, days))
    const at = goLive + day * dayMs + chance.weighted(hours, hourWeight) * hourMs
    const of = { at, customer: somebody(nth), fraud: null, purpose: kind }
    return momentOf(shape, of, receiver(kind, nth, chance), sum(shape.amounts[kind]))
  })
  // By night as by day: the simulator's thieves don't sleep.
  const stolen = Array.from({ length: cases }, (_, nth): StrangerMoment[] => {
    const at = goLive + Math.floor(chance.between(0, days * 24 - 2)) * hourMs
    const taken = sum(shape.balance)
    const fraud = { kind: 'emptied_account', case: `${seed} ${nth}` }
    const accomplice = chance.happens(0.2) ? `C-x${chance.whole(0, 8)}` : `C-x-${nth}`
    const out = {
      at: at + (chance.happens(0.7) ? 0 : hourMs),
      customer: `${accomplice}-b`,
      fraud,
      purpose: '',
    }
    const first = { at, customer: somebody(payments + nth), fraud, purpose: '' }
    return [
      momentOf(shape, first, accomplice, taken),
      momentOf(shape, out, `C-${Math.floor(3_000 * chance.unit() ** 2)}`, taken),
    ]
  })
  return strangerOf({ name: shape.name, currency, start: goLive }, [...honest, ...stolen.flat()])
}
