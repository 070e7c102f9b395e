import type { IngestEvent } from '#contract/event'
import { dayMs, isWithin } from './calendar.ts'
import type { Chance } from './chance.ts'
import { type Customer, type Device, devicesAt, type Network, type Place } from './customer.ts'
import type { Payee } from './payees.ts'

/**
 * What the bank's backend knows and sends. Nobody who is cheated says so, and a page in a browser sees no call: what a bank
 * can't see is left out, as a bank would.
 */

type Context = NonNullable<IngestEvent['context']>
export type NameMatch = 'match' | 'close' | 'no_match' | 'unknown'

/** From where somebody acts at a moment. */
export type Surroundings = { device: Device; network: Network; place: Place; anonymizer: boolean }

export const surroundingsOf = (customer: Customer, at: number, chance: Chance): Surroundings => {
  const devices = devicesAt(customer, at)
  const device = devices.length === 0 ? customer.devices.at(-1) : chance.favourite(devices)
  if (device === undefined) throw new Error(`${customer.id} has no device`)
  const trip = customer.trips.find((one) => isWithin(one, at))
  const anonymizer = customer.usesVpn && chance.happens(0.5)
  // Abroad half of the phones roam, and the rest uses what the hotel has.
  if (trip !== undefined) {
    const roams = device.channel === 'app' && chance.happens(0.5)
    return { device, network: roams ? customer.mobile : trip.network, place: trip.place, anonymizer }
  }
  const moving = device.channel === 'app' && chance.happens(0.35)
  return { device, network: moving ? customer.mobile : customer.home, place: customer.place, anonymizer }
}

/** What an objective observer would have seen; what the bank sees of it is another matter. */
export type Scene = {
  onCall: boolean
  remoteControl: boolean
  screenShared: boolean
  nameMatch: NameMatch | null
}

export const quietScene: Scene = { onCall: false, remoteControl: false, screenShared: false, nameMatch: null }

/** An app sees a call on its own phone, and most remote-control tools; a page sees neither, but sometimes the tool. */
const observed = (scene: Scene, { channel }: Device, at: number, chance: Chance): Context => {
  const isApp = channel === 'app'
  const seesTool = chance.happens(isApp ? 0.8 : 0.35)
  return {
    ...(isApp ? { call_active: scene.onCall && chance.happens(0.8) } : {}),
    ...(seesTool ? { remote_access: scene.remoteControl } : {}),
    ...(isApp ? { screen_shared: scene.screenShared && chance.happens(0.6) } : {}),
    ...(scene.nameMatch === null ? {} : { payee_name_match: scene.nameMatch }),
    observed_at: new Date(at).toISOString(),
  }
}

export type Acted = {
  at: number
  customer: Customer
  surroundings: Surroundings
  chance: Chance
  scene?: Scene
  /** The address on file, where an earlier change made it another. */
  mailbox?: { email: string; changed_at: number; previous: string }
}

const common = ({ at, customer, surroundings, chance, scene, mailbox }: Acted) => {
  const { device, network, place, anonymizer } = surroundings
  const isFresh = mailbox !== undefined && mailbox.changed_at <= at && at - mailbox.changed_at < 90 * dayMs
  return {
    user: {
      id: customer.id,
      email: isFresh ? mailbox.email : customer.email,
      ...(isFresh
        ? { email_changed_at: new Date(mailbox.changed_at).toISOString(), previous_email: mailbox.previous }
        : {}),
      created_at: new Date(customer.opened_at).toISOString(),
    },
    device: { id: device.id, user_agent: device.user_agent },
    network: { ip: network.ip, id: network.id, type: network.type, public: network.public, anonymizer },
    place,
    context: observed(scene ?? quietScene, device, at, chance),
    telemetry: { time_zone: 'Europe/Madrid' },
    occurred_at: new Date(at).toISOString(),
  } satisfies Partial<IngestEvent>
}

/** A payment as the bank sends it: to the account alone, since a bank keeps no ids of other people's payees. */
export const transferEvent = (acted: Acted, payee: Payee, euros: number): IngestEvent => ({
  action: 'transfer',
  ...common(acted),
  amount: { value: Math.max(100, Math.round(euros * 100)), currency: 'EUR' },
  payee: { name: payee.name, account: payee.account, country: payee.country },
})

/** Signing in, or changing what one signs in with. */
export const accountEvent = (
  acted: Acted,
  action: 'login' | 'change_email' | 'change_password',
  target: string | null,
): IngestEvent => ({ action, ...common(acted), ...(target === null ? {} : { target }) })

/** How an honest name check ends at a first payment: people write names as they know them. */
export const honestNameMatch = (chance: Chance): NameMatch =>
  chance.weighted(['match', 'close', 'no_match', 'unknown'], (match) =>
    match === 'match' ? 0.83 : match === 'close' ? 0.08 : match === 'unknown' ? 0.07 : 0.02,
  )
