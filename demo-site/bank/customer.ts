import { createHash } from 'node:crypto'
import { hourMs } from '../durations.ts'
import { accountNumber } from './account-number.ts'
import type { Person, Surroundings } from './people.ts'

export interface Payee {
  id: string
  name: string
  note: string
  account: string
  country: string
  added_at: string
}

interface Transaction {
  at: string
  text: string
  amount: number
}

/** A payment that comes back every month; minor units. */
interface Habit {
  payee: Payee
  day: number
  amount: number
}

/** One of the bank's people as one visitor plays them: nobody else has this id, this mailbox or these accounts. */
export interface Customer {
  id: string
  person: Person
  /** The visit's own digits: account numbers that a story reads out are made of them, too. */
  mark: string
  name: string
  email: string
  emailChangedAt: string | null
  previousEmail: string | null
  /** Every address that is or was theirs, so that their mail can be found. */
  addresses: string[]
  phone: string
  createdAt: string
  balance: number
  payees: Payee[]
  habits: Habit[]
  transactions: Transaction[]
  usualDevice: string
  home: Surroundings
  today: Surroundings
}

/** The same person and account always give the same payee id, saved or not. */
export const payeeId = (customerId: string, account: string): string =>
  `p_${createHash('sha256')
    .update(`${customerId} ${canonicalAccount(account)}`)
    .digest('hex')
    .slice(0, 10)}`

export const canonicalAccount = (account: string): string => account.replaceAll(/\s/g, '').toUpperCase()

const emailChangedHoursAgo = 20

/**
 * A person who begins anew. What the checkpoint remembers of somebody (holds, abandonments, reports about a payee) can't be
 * taken back by a site, and should not be. So a visit that starts over is a new customer with the same past, under an
 * id, a mailbox, a device and account numbers of its own; `mark` is ten digits that nobody had before.
 */
export const newCustomer = (person: Person, mark: string, now: number): Customer => {
  const short = BigInt(mark).toString(36)
  const id = `u_${person.id}_${short}`
  const mailbox = `${person.id}.${short}@example.com`
  const email = person.emailChanged ? `${person.id}.${short}@example.net` : mailbox
  const savedPayees = person.payees.map(({ name, note, account, addedAt, monthly }) => {
    const number = accountNumber(account, mark)
    const payee = {
      id: payeeId(id, number),
      name,
      note,
      account: number,
      country: number.slice(0, 2),
      added_at: addedAt,
    }
    return { payee, habit: { payee, ...monthly } }
  })
  return {
    id,
    person,
    mark,
    name: person.name,
    email,
    emailChangedAt: person.emailChanged ? new Date(now - emailChangedHoursAgo * hourMs).toISOString() : null,
    previousEmail: person.emailChanged ? mailbox : null,
    addresses: [...new Set([mailbox, email])],
    phone: person.phone,
    createdAt: person.since(now),
    balance: person.balance,
    payees: savedPayees.map(({ payee }) => payee),
    habits: savedPayees.map(({ habit }) => habit),
    transactions: [],
    usualDevice: `d_${person.id}_${short}`,
    home: onNetworkOf(person.home, mark),
    today: onNetworkOf(person.today, mark),
  }
}

/** A network of the visit's own, in the range for documentation (RFC 3849): a label on an address stays with its visit. */
const onNetworkOf = ({ network, place }: Surroundings, mark: string): Surroundings => {
  const visit = BigInt(mark).toString(16).padStart(9, '0')
  const ip = `2001:db8:${visit.slice(0, 1)}:${visit.slice(1, 5)}:${visit.slice(5)}::${network.ip}`
  return { network: { ...network, ip, id: `${network.id}-${visit}` }, place }
}
