import { createHash } from 'node:crypto'

export interface Payee {
  id: string
  name: string
  note: string
  account: string
  country: string
  added_at: string
}

export interface Transaction {
  at: string
  text: string
  amount: number
}

export interface Customer {
  id: string
  name: string
  email: string
  emailChangedAt: string | null
  previousEmail: string | null
  phone: string
  createdAt: string
  balance: number
  payees: Payee[]
  transactions: Transaction[]
  /** One line for the sign-in page: who this is and what is unusual today. */
  story: string
  /** The device this person has always used; null when today's is unknown to the bank. */
  usualDevice: string
  onUsualDevice: boolean
  home: Surroundings
  today: Surroundings
  /** Payments that came back every month: `[payee id, day of the month, minor units]`. */
  habits: [string, number, number][]
}

/** Where a request came from, as the bank's own edge would know it. Addresses are of the documentation ranges. */
export interface Surroundings {
  network: { ip: string; type: string; public: boolean; anonymizer: boolean; id: string }
  place: { country: string; city: string; lat: number; lon: number }
}

/** The same person and account always give the same payee id, saved or not. */
export const payeeId = (customerId: string, account: string): string =>
  `p_${createHash('sha256')
    .update(`${customerId} ${canonicalAccount(account)}`)
    .digest('hex')
    .slice(0, 10)}`

export const canonicalAccount = (account: string): string => account.replaceAll(/\s/g, '').toUpperCase()

const hoursAgo = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString()

const payee = (customerId: string, name: string, note: string, account: string, addedAt: string): Payee => ({
  id: payeeId(customerId, account),
  name,
  note,
  account,
  country: account.slice(0, 2),
  added_at: addedAt,
})

const wifi = (ip: string, id: string, isPublic = false) => ({
  network: { ip, type: 'wifi', public: isPublic, anonymizer: false, id },
})

const sevilla = {
  ...wifi('203.0.113.24', 'home-ana'),
  place: { country: 'ES', city: 'Sevilla', lat: 37.39, lon: -5.98 },
}
const manchester = {
  ...wifi('198.51.100.61', 'home-ben'),
  place: { country: 'GB', city: 'Manchester', lat: 53.48, lon: -2.24 },
}
const stockholm = {
  ...wifi('203.0.113.130', 'home-cora'),
  place: { country: 'SE', city: 'Stockholm', lat: 59.33, lon: 18.07 },
}
const lisbonAirport = {
  ...wifi('192.0.2.77', 'airport-free-wifi', true),
  place: { country: 'PT', city: 'Lisbon', lat: 38.77, lon: -9.13 },
}
const berlin = {
  ...wifi('198.51.100.201', 'home-dan'),
  place: { country: 'DE', city: 'Berlin', lat: 52.52, lon: 13.4 },
}

const ana = (): Customer => {
  const rent = payee('u_ana', 'Marisol Vega', 'Landlord', 'ES9121000418450200051332', '2021-02-03T10:00:00Z')
  const power = payee(
    'u_ana',
    'Luz del Sur',
    'Electricity',
    'ES7921000813610123456789',
    '2021-02-20T18:30:00Z',
  )
  return {
    id: 'u_ana',
    name: 'Ana Ruiz',
    email: 'ana@example.com',
    emailChangedAt: null,
    previousEmail: null,
    phone: '+34600000042',
    createdAt: '2019-05-01T00:00:00Z',
    balance: 1_425_000,
    payees: [rent, power],
    transactions: [],
    story: 'Long with the bank, at home, on her own phone. Pays the same two people every month.',
    usualDevice: 'd_ana_phone',
    onUsualDevice: true,
    home: sevilla,
    today: sevilla,
    habits: [
      [rent.id, 1, 48_000],
      [power.id, 12, 6_240],
    ],
  }
}

const ben = (): Customer => ({
  id: 'u_ben',
  name: 'Ben Okafor',
  email: 'ben@example.com',
  emailChangedAt: null,
  previousEmail: null,
  phone: '+447700900061',
  createdAt: hoursAgo(9 * 24),
  balance: 231_000,
  payees: [],
  transactions: [],
  story: 'Joined nine days ago. The bank knows almost nothing about him yet.',
  usualDevice: 'd_ben_laptop',
  onUsualDevice: true,
  home: manchester,
  today: manchester,
  habits: [],
})

const cora = (): Customer => {
  const rent = payee('u_cora', 'Brf Eken', 'Housing', 'SE4550000000058398257466', '2020-08-14T08:00:00Z')
  const train = payee('u_cora', 'Nordtåg', 'Rail card', 'SE3550000000054910000003', '2022-01-09T08:00:00Z')
  return {
    id: 'u_cora',
    name: 'Cora Lindqvist',
    email: 'cora@example.com',
    emailChangedAt: null,
    previousEmail: null,
    phone: '+46700000011',
    createdAt: '2020-08-10T00:00:00Z',
    balance: 864_000,
    payees: [rent, train],
    transactions: [],
    story: 'Travelling: her own phone, but on an airport’s open Wi-Fi in another country.',
    usualDevice: 'd_cora_phone',
    onUsualDevice: true,
    home: stockholm,
    today: lisbonAirport,
    habits: [
      [rent.id, 1, 52_000],
      [train.id, 20, 7_900],
    ],
  }
}

const dan = (): Customer => {
  const rent = payee('u_dan', 'Wohnbau Nord', 'Rent', 'DE89370400440532013000', '2018-04-01T08:00:00Z')
  return {
    id: 'u_dan',
    name: 'Dan Weiss',
    email: 'dan.new@example.net',
    emailChangedAt: hoursAgo(20),
    previousEmail: 'dan@example.com',
    phone: '+4915700000012',
    createdAt: '2018-03-12T00:00:00Z',
    balance: 1_190_000,
    payees: [rent],
    transactions: [],
    story: 'His e-mail address was changed yesterday, and this device is one the bank has never seen.',
    usualDevice: 'd_dan_laptop',
    onUsualDevice: false,
    home: berlin,
    today: berlin,
    habits: [[rent.id, 2, 61_000]],
  }
}

/** The bank's people, as they are when it opens. */
export const customers = (): Customer[] => [ana(), ben(), cora(), dan()]
