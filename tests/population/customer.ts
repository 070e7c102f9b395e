import { dayMs, isWithin, type Span } from './calendar.ts'
import type { Chance } from './chance.ts'
import { nameOfPerson } from './payees.ts'

/** Who banks here: what they earn and have, and from which devices, networks and places they do it. */

type Channel = 'app' | 'web'

/** A device as the bank can tell it: a browser that forgets its cookies is a new one. */
export type Device = Span & { id: string; channel: Channel; user_agent: string }

export type Network = { id: string; ip: string; type: 'home' | 'mobile' | 'office' | 'wifi'; public: boolean }
export type Place = { country: string; city: string; lat: number; lon: number }
type Trip = Span & { place: Place; network: Network }

export type Customer = {
  id: string
  name: string
  kind: 'person' | 'firm'
  age: number
  /** Net, a month, in euros. */
  income: number
  /** What could be sent away at once, in euros. */
  means: number
  email: string
  opened_at: number
  /** The first moment at which the bank's app or page is used for a payment. */
  active_from: number
  devices: readonly Device[]
  home: Network
  mobile: Network
  place: Place
  trips: readonly Trip[]
  usesVpn: boolean
  /** The other holder of the joint account, who pays the same people from an access of their own. */
  partner: string | null
}

const cities: readonly Place[] = [
  { country: 'ES', city: 'Sevilla', lat: 37.4, lon: -6 },
  { country: 'ES', city: 'Madrid', lat: 40.4, lon: -3.7 },
  { country: 'ES', city: 'Valencia', lat: 39.5, lon: -0.4 },
  { country: 'ES', city: 'Bilbao', lat: 43.3, lon: -2.9 },
  { country: 'ES', city: 'Palma', lat: 39.6, lon: 2.7 },
]
const abroad: readonly Place[] = [
  { country: 'IT', city: 'Roma', lat: 41.9, lon: 12.5 },
  { country: 'FR', city: 'Paris', lat: 48.9, lon: 2.4 },
  { country: 'PT', city: 'Lisboa', lat: 38.7, lon: -9.1 },
  { country: 'MA', city: 'Rabat', lat: 34, lon: -6.8 },
]

const agents: Record<Channel, readonly string[]> = {
  app: ['BankApp/7.2 (iPhone; iOS 19.1)', 'BankApp/7.2 (Android 16; Pixel 9)'],
  web: [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 15_1) Safari/19.0',
  ],
}

export const network = (chance: Chance, type: Network['type']): Network => ({
  id: `n${chance.whole(1, 2 ** 40).toString(36)}`,
  ip: `${chance.pick([31, 62, 81, 88, 95])}.${chance.whole(1, 254)}.${chance.whole(0, 255)}.${chance.whole(1, 254)}`,
  type,
  public: type === 'wifi',
})

export const newDevice = (chance: Chance, channel: Channel, { from, to }: Span): Device => ({
  id: `d${chance.whole(1, 2 ** 48).toString(36)}`,
  channel,
  user_agent: chance.pick(agents[channel]),
  from,
  to,
})

/** One after the other: a phone lasts 29 months on average, a browser's cookies seven. */
const succession = (chance: Chance, channel: Channel, span: Span): Device[] => {
  const mean = (channel === 'app' ? 29 : 7) * 30.4 * dayMs
  const devices: Device[] = []
  let from = span.from
  while (from < span.to) {
    const to = Math.floor(from + chance.wait(mean))
    devices.push(newDevice(chance, channel, { from, to }))
    from = to
  }
  return devices
}

/** Earnings rise until fifty and fall with retirement; half of the people of an age earn less than this. */
const medianIncome = (age: number): number =>
  age < 25 ? 1_250 : age < 35 ? 1_850 : age < 45 ? 2_200 : age < 55 ? 2_350 : age < 65 ? 2_200 : 1_650

/** Months of income that lie ready: little for the young, much for the old, and very unevenly. */
const medianMonthsSaved = (age: number): number => (age < 30 ? 2 : age < 45 ? 3.5 : age < 60 ? 6 : 10)

const tripsOf = (chance: Chance, { from, to }: Span, perYear: number): Trip[] => {
  const trips: Trip[] = []
  for (let at = from; ; ) {
    at += chance.wait((365 / perYear) * dayMs)
    if (at >= to) return trips
    const end = at + chance.whole(3, 15) * dayMs
    trips.push({
      from: Math.floor(at),
      to: Math.floor(end),
      place: chance.pick(chance.happens(0.5) ? abroad : cities),
      network: network(chance, 'wifi'),
    })
    at = end
  }
}

/** Somebody who banks here during `span`; a few come only after the bank has begun to ask. */
export const buildCustomer = (
  chance: Chance,
  nth: number,
  { span, live, kind }: { span: Span; live: Span; kind: Customer['kind'] },
): Customer => {
  const age = Math.round(Math.min(88, Math.max(18, 46 + 17 * chance.normal())))
  const isNew = chance.happens(0.08)
  const active_from = isNew ? Math.floor(chance.between(live.from, live.to - 30 * dayMs)) : span.from
  const opened_at = isNew
    ? active_from - chance.whole(0, 5) * dayMs
    : span.from - Math.floor(chance.between(0.05, 15) * 365) * dayMs
  const used: Span = { from: active_from, to: span.to }
  const income = kind === 'firm' ? chance.skewed(32_000, 0.7) : chance.skewed(medianIncome(age), 0.45)
  const phone = age < 70 || chance.happens(0.4)
  const desk = kind === 'firm' || !phone || chance.happens(0.45)
  const worker = kind === 'firm' ? 'web' : 'app'
  return {
    id: `c${nth}`,
    name: nameOfPerson(chance),
    kind,
    age,
    income,
    means:
      kind === 'firm'
        ? income * chance.skewed(1.5, 0.5)
        : income * chance.skewed(medianMonthsSaved(age), 1.1),
    email: `customer-${nth}@example.com`,
    opened_at,
    active_from,
    devices: [
      ...(phone ? succession(chance, worker, used) : []),
      ...(desk ? succession(chance, 'web', used) : []),
    ],
    home: network(chance, kind === 'firm' ? 'office' : 'home'),
    mobile: network(chance, 'mobile'),
    place: chance.pick(cities),
    trips: kind === 'firm' ? [] : tripsOf(chance, used, age < 75 ? 1.6 : 0.5),
    usesVpn: chance.happens(0.05),
    partner: null,
  }
}

/** Two people of one household: one home, one age, one city; some share a tablet. */
export const makePartners = (one: Customer, other: Customer, chance: Chance): [Customer, Customer] => {
  const shared = chance.happens(0.3) ? one.devices.filter(({ channel }) => channel === 'web') : []
  return [
    { ...one, partner: other.id },
    {
      ...other,
      age: Math.min(88, Math.max(18, one.age + chance.whole(-5, 5))),
      home: one.home,
      place: one.place,
      devices: [...other.devices, ...shared],
      partner: one.id,
    },
  ]
}

/** The devices that work at a moment. */
export const devicesAt = ({ devices }: Customer, at: number): Device[] =>
  devices.filter((device) => isWithin(device, at))
