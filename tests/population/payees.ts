import type { Chance } from './chance.ts'

/** Who is paid. An account is a payee, whoever pays it: a utility has thousands of payers, a seller of a sofa one. */
export type Payee = { name: string; account: string; country: string }

const given = [
  'Ana',
  'Luis',
  'Marta',
  'Jon',
  'Nuria',
  'Pablo',
  'Elena',
  'Iker',
  'Sara',
  'Hugo',
  'Lucia',
  'Omar',
]
const family = [
  'Garcia',
  'Romero',
  'Vega',
  'Navarro',
  'Molina',
  'Serra',
  'Ibarra',
  'Costa',
  'Prieto',
  'Nieto',
]
const trades = [
  'Energia',
  'Aguas',
  'Telecom',
  'Hogar',
  'Muebles',
  'Motor',
  'Viajes',
  'Clinica',
  'Taller',
  'Moda',
]

/** Letters and digits of the part of an IBAN behind its check digits. */
const lengths: Record<string, number> = { ES: 20, DE: 18, FR: 23, LT: 16, PT: 21, IT: 23, RO: 20, MA: 24 }

/** ISO 7064 over the rearranged account, 10 for A to 35 for Z. */
const checkDigits = (country: string, rest: string): string => {
  const digits = [...`${rest}${country}00`].map((character) => Number.parseInt(character, 36)).join('')
  return String(98n - (BigInt(digits) % 97n)).padStart(2, '0')
}

const accountIn = (country: string, chance: Chance): string => {
  const rest = Array.from({ length: lengths[country] ?? 20 }, () => chance.whole(0, 9)).join('')
  return `${country}${checkDigits(country, rest)}${rest}`
}

export const nameOfPerson = (chance: Chance): string =>
  `${chance.pick(given)} ${chance.pick(family)} ${chance.pick(family)}`

/** A private person's account, at home unless said otherwise. */
export const person = (chance: Chance, country = 'ES'): Payee => ({
  name: nameOfPerson(chance),
  account: accountIn(country, chance),
  country,
})

/** A company's account. */
export const company = (chance: Chance, country = 'ES'): Payee => ({
  name: `${chance.pick(trades)} ${chance.pick(family)} ${chance.whole(2, 99)}`,
  account: accountIn(country, chance),
  country,
})

/** Another account of somebody who keeps the name. */
export const anotherAccount = (chance: Chance, name: string, country = 'ES'): Payee => ({
  name,
  account: accountIn(country, chance),
  country,
})

/** Those whom many customers of the bank pay. */
export type Town = {
  utilities: readonly Payee[]
  shops: readonly Payee[]
  tradespeople: readonly Payee[]
  agencies: readonly Payee[]
  cardIssuers: readonly Payee[]
  brokers: readonly Payee[]
  charities: readonly Payee[]
  clubs: readonly Payee[]
  travel: readonly Payee[]
  solicitors: readonly Payee[]
  taxOffice: Payee
}

const several = (count: number, make: () => Payee): Payee[] => Array.from({ length: count }, make)

export const buildTown = (chance: Chance): Town => ({
  utilities: several(9, () => company(chance)),
  shops: several(60, () => company(chance, chance.happens(0.85) ? 'ES' : chance.pick(['DE', 'FR', 'PT']))),
  tradespeople: several(90, () => (chance.happens(0.5) ? person(chance) : company(chance))),
  agencies: several(6, () => company(chance)),
  cardIssuers: several(3, () => company(chance)),
  brokers: several(6, () => company(chance, chance.pick(['ES', 'DE', 'LT']))),
  charities: several(8, () => company(chance)),
  clubs: several(40, () => company(chance)),
  travel: several(25, () => company(chance, chance.pick(['ES', 'ES', 'FR', 'IT', 'PT']))),
  solicitors: several(4, () => company(chance)),
  taxOffice: company(chance),
})
