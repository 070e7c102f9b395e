import type { IngestAnswer } from '../../backend/contract/ingest-answer.ts'
import { history, ingest } from './client.ts'
import type { World } from './world.ts'

/**
 * The worked example: a customer with a year of small payments sends 10,000 dollars to somebody new, from a new
 * smartphone, over the public Wi-Fi of another city. Everything goes over HTTP.
 */
export type Bank = { world: World; key: string }

const dayMs = 86_400_000

const ana = { id: 'u_ana', email: 'ana@example.com', created_at: '2019-05-01T00:00:00Z' }
const home = { country: 'ES', city: 'Sevilla' }
const anotherCity = { country: 'ES', city: 'Bilbao' }
const ownPhone = { id: 'd_own' }
export const newPhone = { id: 'd_new' }
export const publicWifi = { type: 'wifi', public: true, id: 'wifi_station', ip: '203.0.113.7' }
const homeNetwork = { type: 'wifi', public: false, id: 'wifi_home', ip: '198.51.100.4' }
const landlord = { id: 'p_rent', name: 'Rosa Landlord', account: 'ES9121000418450200051332' }
const stranger = { id: 'p_new', name: 'J. Smith', account: 'GB33BUKB20201555555555', country: 'GB' }

export const send = async (bank: Bank, event: Record<string, unknown>): Promise<IngestAnswer> => {
  const { status, body } = await ingest(bank.world, bank.key, event)
  if (status !== 200) throw new Error(`ingest: ${status} ${JSON.stringify(body)}`)
  return body
}

/** Any payment of Ana's: from her own phone, at home, unless something else is said. */
export const payment = (dollars: number, change: Record<string, unknown> = {}): Record<string, unknown> => ({
  action: 'transfer',
  user: ana,
  amount: { value: dollars * 100, currency: 'USD' },
  payee: landlord,
  device: ownPhone,
  network: homeNetwork,
  place: home,
  ...change,
})

/** The rent of twelve months, as a bank brings its history: learned as of the time at which it happened. */
export const bringHistory = async (bank: Bank): Promise<void> => {
  const start = bank.world.deps.clock()
  const ago = (days: number) => new Date(start - days * dayMs).toISOString()
  const login = { action: 'login', user: ana, device: ownPhone, network: homeNetwork, place: home }
  const past: Record<string, unknown>[] = [{ ...login, occurred_at: ago(370) }]
  for (let month = 12; month > 0; month -= 1)
    past.push(payment(120 + month, { occurred_at: ago(month * 30) }))
  const lines = past.map((event, i) => ({ key: `past-${i}`, event, result: 'completed' }))
  const { status, body } = await history(bank.world, bank.key, lines)
  if (status !== 200 || body.learned !== lines.length)
    throw new Error(`history: ${status} ${JSON.stringify(body)}`)
}

const toSomebodyNew = { payee: stranger }

/** The event of the example. */
export const riskyTransfer = (change: Record<string, unknown> = {}): Record<string, unknown> =>
  payment(10_000, {
    ...toSomebodyNew,
    device: newPhone,
    network: publicWifi,
    place: anotherCity,
    ...change,
  })

export const codesOf = ({ reasons }: IngestAnswer): string[] => reasons.map(({ code }) => code)

export const pointsOf = ({ reasons }: IngestAnswer, code: string): number | undefined =>
  reasons.find((reason) => reason.code === code)?.points
