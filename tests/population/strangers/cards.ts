import { dayMs, goLive, hourMs, minuteMs, weekMs } from '../calendar.ts'
import { type Chance, chanceOf } from '../chance.ts'
import { minorOf, type Stranger, type StrangerMoment, strangerOf } from './stranger.ts'

/**
 * Card purchases by category, as the simulator of Harris (Sparkov, 2016; the published file of 2020) makes them: each card buys one to
 * four times a day, at any merchant of a category, all over its region, more at weekends and in December. A stolen card is used some ten
 * times within a day or two, by night, with sums of its own for each category.
 */
type Category = {
  name: string
  weight: number
  mean: number
  deviation: number
  stolen: [weight: number, mean: number]
}

const category = (
  name: string,
  weight: number,
  [mean, deviation]: [number, number],
  stolen: Category['stolen'],
): Category => ({ name, weight, mean, deviation, stolen })

/** Means and deviations of honest purchases by category; shares and means among the stolen of the published file. */
const categories: readonly Category[] = [
  category('gas_transport', 10, [64, 16], [8, 12]),
  category('grocery_pos', 9.5, [117, 52], [23, 312]),
  category('home', 9.5, [58, 48], [2.6, 257]),
  category('shopping_pos', 9, [77, 190], [11, 877]),
  category('kids_pets', 8.7, [58, 49], [3.2, 18]),
  category('shopping_net', 7.5, [83, 200], [23, 999]),
  category('entertainment', 7.2, [64, 64], [3.1, 503]),
  category('food_dining', 7, [51, 48], [2, 120]),
  category('personal_care', 7, [48, 49], [2.9, 26]),
  category('health_fitness', 6.6, [54, 48], [1.8, 20]),
  category('misc_pos', 6.1, [62, 130], [3.3, 218]),
  category('misc_net', 4.9, [78, 150], [12, 797]),
  category('grocery_net', 3.5, [53, 24], [1.8, 12]),
  category('travel', 3.1, [112, 590], [1.5, 9]),
]

const cards = 60
const merchantsEach = 50
const weeks = 26
const pastWeeks = 26
/** Cards of which one is stolen within the half year; far more than in life. */
const stolenShare = 0.7

/** A heavy tail where the deviation is larger than the mean, as the file has it. */
const sumOf = (chance: Chance, mean: number, deviation: number): number => {
  const spread = Math.sqrt(Math.log(1 + (deviation / mean) ** 2))
  return Math.max(1, chance.skewed(mean / Math.sqrt(1 + (deviation / mean) ** 2), spread))
}

const honestHour = (chance: Chance): number =>
  chance.happens(0.55) ? chance.between(12, 24) : chance.between(0, 24)
/** From ten in the evening to four. */
const stolenHour = (chance: Chance): number =>
  chance.happens(0.87) ? chance.between(22, 28) : chance.between(0, 24)

const busy = (at: number): number => {
  const date = new Date(at)
  const weekend = [0, 1, 5, 6].includes(date.getUTCDay()) ? 1.5 : 0.7
  return weekend * (date.getUTCMonth() === 11 ? 1.9 : date.getUTCMonth() < 2 ? 0.7 : 1)
}

type Card = { id: string; lat: number; lon: number; opened_at: string; email: string }

const purchase = (
  card: Card,
  { name }: Category,
  of: Pick<StrangerMoment, 'at' | 'fraud'> & { sum: number },
  chance: Chance,
): StrangerMoment => ({
  at: of.at,
  customer: card.id,
  fraud: of.fraud,
  purpose: name,
  conduct: of.fraud === null ? 'self' : 'intruder',
  event: {
    action: 'purchase',
    user: { id: card.id, email: card.email, created_at: card.opened_at },
    amount: { value: minorOf(of.sum, 2), currency: 'USD' },
    payee: { id: `${name}-${chance.whole(1, merchantsEach)}` },
    place: {
      country: 'US',
      lat: Number((card.lat + chance.between(-1, 1)).toFixed(3)),
      lon: Number((card.lon + chance.between(-1, 1)).toFixed(3)),
    },
    occurred_at: new Date(of.at).toISOString(),
    metadata: { category: name },
  },
})

const honestOf = (card: Card, chance: Chance): StrangerMoment[] => {
  const perDay = chance.between(0.6, 3)
  const moments: StrangerMoment[] = []
  for (let day = goLive - pastWeeks * weekMs; day < goLive + weeks * weekMs; day += dayMs)
    for (let left = chance.wait(1); left < perDay * busy(day); left += chance.wait(1)) {
      const bought = chance.weighted(categories, ({ weight }) => weight)
      const of = { at: Math.floor(day + honestHour(chance) * hourMs), fraud: null }
      moments.push(
        purchase(card, bought, { ...of, sum: sumOf(chance, bought.mean, bought.deviation) }, chance),
      )
    }
  return moments
}

const stolenOf = (card: Card, seed: number, chance: Chance): StrangerMoment[] => {
  if (!chance.happens(stolenShare)) return []
  const day = goLive + Math.floor(chance.between(1, weeks * 7 - 3)) * dayMs
  return Array.from({ length: chance.whole(7, 13) }, () => {
    const bought = chance.weighted(categories, ({ stolen: [weight] }) => weight)
    const at = day + (chance.happens(0.5) ? dayMs : 0) + stolenHour(chance) * hourMs
    const of = {
      at: Math.floor(at + chance.between(0, 5 * minuteMs)),
      fraud: { kind: 'stolen_card', case: `${seed} ${card.id}` },
    }
    return purchase(card, bought, { ...of, sum: chance.skewed(bought.stolen[1], 0.22) }, chance)
  })
}

export const cardsOf = (seed: number): Stranger => {
  const all = Array.from({ length: cards }, (_, nth) => {
    const chance = chanceOf(seed, 'card', nth)
    const card: Card = {
      id: `card-${nth}`,
      lat: chance.between(30, 46),
      lon: chance.between(-120, -75),
      opened_at: new Date(goLive - chance.between(400, 3_000) * dayMs).toISOString(),
      email: `card-${nth}@example.com`,
    }
    const stolen = stolenOf(card, seed, chance)
    const stolenDays = new Set(stolen.map(({ at }) => Math.floor(at / dayMs)))
    // As in the published simulator: on the thief's days the owner buys nothing.
    return [...honestOf(card, chance).filter(({ at }) => !stolenDays.has(Math.floor(at / dayMs))), ...stolen]
  })
  const moments = all.flat().filter(({ at }) => at < goLive + weeks * weekMs)
  const hearings = Map.groupBy(
    moments.filter(({ fraud }) => fraud !== null),
    ({ fraud }) => fraud?.case ?? '',
  )
  return strangerOf(
    { name: 'card purchases', currency: 'USD', start: goLive },
    moments,
    [...hearings].map(([id, acts]) => ({ case: id, at: Math.max(...acts.map(({ at }) => at)) + 6 * dayMs })),
  )
}
