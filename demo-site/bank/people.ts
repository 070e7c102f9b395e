import { dayMs } from '../durations.ts'
/** The bank's people, as they are when a visit begins. Everybody here is invented. */
export interface Person {
  id: PersonId
  name: string
  /** One line for the sign-in page: who this is and what is unusual today. */
  about: string
  phone: string
  since: (now: number) => string
  balance: number
  /** Their e-mail address was changed yesterday. */
  emailChanged: boolean
  /** Whether today's device is the one they have always used. */
  onUsualDevice: boolean
  home: Surroundings
  today: Surroundings
  payees: readonly SavedPayee[]
}

const personIds = ['ana', 'ben', 'cora', 'dan'] as const
export type PersonId = (typeof personIds)[number]

/** Somebody who is paid every month. `account` is a pattern, see `account-number.ts`. */
interface SavedPayee {
  name: string
  note: string
  account: string
  addedAt: string
  monthly: { day: number; amount: number }
}

/** Where a request came from, as the bank's own edge would know it. The last part of the address is the place's; a visit adds the rest. */
export interface Surroundings {
  network: { ip: string; type: string; public: boolean; anonymizer: boolean; id: string }
  place: { country: string; city: string; lat: number; lon: number }
}

const wifi = (host: string, id: string, isPublic = false) => ({
  network: { ip: host, type: 'wifi', public: isPublic, anonymizer: false, id },
})

const sevilla = {
  ...wifi('24', 'home-ana'),
  place: { country: 'ES', city: 'Sevilla', lat: 37.39, lon: -5.98 },
}
const manchester = {
  ...wifi('61', 'home-ben'),
  place: { country: 'GB', city: 'Manchester', lat: 53.48, lon: -2.24 },
}
const stockholm = {
  ...wifi('130', 'home-cora'),
  place: { country: 'SE', city: 'Stockholm', lat: 59.33, lon: 18.07 },
}
const lisbonAirport = {
  ...wifi('77', 'airport-free-wifi', true),
  place: { country: 'PT', city: 'Lisbon', lat: 38.77, lon: -9.13 },
}
const berlin = {
  ...wifi('201', 'home-dan'),
  place: { country: 'DE', city: 'Berlin', lat: 52.52, lon: 13.4 },
}

const ana: Person = {
  id: 'ana',
  name: 'Ana Ruiz',
  about: 'Long with the bank, at home, on her own phone. Pays the same two people every month.',
  phone: '+34600000042',
  since: () => '2019-05-01T00:00:00Z',
  balance: 1_425_000,
  emailChanged: false,
  onUsualDevice: true,
  home: sevilla,
  today: sevilla,
  payees: [
    {
      name: 'Marisol Vega',
      note: 'Landlord',
      account: 'ES 21000418########1332',
      addedAt: '2021-02-03T10:00:00Z',
      monthly: { day: 1, amount: 48_000 },
    },
    {
      name: 'Luz del Sur',
      note: 'Electricity',
      account: 'ES 21000813########6789',
      addedAt: '2021-02-20T18:30:00Z',
      monthly: { day: 12, amount: 6_240 },
    },
  ],
}

const ben: Person = {
  id: 'ben',
  name: 'Ben Okafor',
  about: 'Joined nine days ago. The bank knows almost nothing about him yet.',
  phone: '+447700900061',
  since: (now) => new Date(now - 9 * dayMs).toISOString(),
  balance: 231_000,
  emailChanged: false,
  onUsualDevice: true,
  home: manchester,
  today: manchester,
  payees: [],
}

const cora: Person = {
  id: 'cora',
  name: 'Cora Lindqvist',
  about: 'Travelling: her own phone, but on an airport’s open Wi-Fi in another country.',
  phone: '+46700000011',
  since: () => '2020-08-10T00:00:00Z',
  balance: 864_000,
  emailChanged: false,
  onUsualDevice: true,
  home: stockholm,
  today: lisbonAirport,
  payees: [
    {
      name: 'Brf Eken',
      note: 'Housing',
      account: 'SE 50000000########7466',
      addedAt: '2020-08-14T08:00:00Z',
      monthly: { day: 1, amount: 52_000 },
    },
    {
      name: 'Nordtåg',
      note: 'Rail card',
      account: 'SE 50000000########0003',
      addedAt: '2022-01-09T08:00:00Z',
      monthly: { day: 20, amount: 7_900 },
    },
  ],
}

const dan: Person = {
  id: 'dan',
  name: 'Dan Weiss',
  about: 'His e-mail address was changed yesterday, and this device is one the bank has never seen.',
  phone: '+4915700000012',
  since: () => '2018-03-12T00:00:00Z',
  balance: 1_190_000,
  emailChanged: true,
  onUsualDevice: false,
  home: berlin,
  today: berlin,
  payees: [
    {
      name: 'Wohnbau Nord',
      note: 'Rent',
      account: 'DE 37040044########00',
      addedAt: '2018-04-01T08:00:00Z',
      monthly: { day: 2, amount: 61_000 },
    },
  ],
}

export const people: readonly Person[] = [ana, ben, cora, dan]

export const personById = (id: string): Person | undefined => people.find((person) => person.id === id)
