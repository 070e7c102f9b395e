import type { VerifyRequest } from '../../backend/contract/decision.ts'
import type { IngestEvent } from '../../backend/contract/event.ts'

/** Events as a bank would send them, every part filled in, so that nothing is cheap by being absent. */

const surroundings = {
  device: {
    id: 'd_7f',
    user_agent: 'Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile',
  },
  network: { ip: '203.0.113.7', type: 'wifi', public: false, anonymizer: false, id: 'home-ssid-hash' },
  place: { country: 'ES', city: 'Sevilla', lat: 37.39, lon: -5.98 },
  context: { call_active: false, remote_access: false, screen_shared: false },
  telemetry: { language: 'es-ES', time_zone: 'Europe/Madrid', payee_pasted: false, dwell_ms: 41_000 },
  return_url: 'https://bank.example/transfer/done',
  metadata: { channel: 'mobile', app_version: '7.31.2', basket: ['a', 'b', 'c'], branch: 1204 },
} satisfies Partial<IngestEvent>

const landlord = { id: 'p_1', name: 'M. Lopez', account: 'ES9121000418450200051332', country: 'ES' }
const stranger = { id: 'p_9', name: 'J. Smith', account: 'GB33BUKB20201555555555', country: 'GB' }

const userOf = (id: string) => ({
  id,
  email: `${id}@example.com`,
  created_at: '2019-05-01T00:00:00Z',
  locale: 'es',
})

/** The rent, as every month: let through at once. */
export const rent = (userId: string): IngestEvent => ({
  action: 'transfer',
  user: userOf(userId),
  amount: { value: 14_000, currency: 'USD' },
  payee: landlord,
  ...surroundings,
})

/** Much money to somebody new: meets the checkpoint with question, confirmation, pause and code. */
export const scare = (userId: string): IngestEvent => ({
  ...rent(userId),
  amount: { value: 1_000_000, currency: 'USD' },
  payee: stranger,
})

/** What the site says it is about to carry out. */
export const expectedOf = ({ action, user, amount, payee }: IngestEvent): VerifyRequest['expected'] => ({
  action,
  user_id: user.id,
  amount: amount?.value ?? null,
  currency: amount?.currency ?? null,
  payee: payee ?? null,
})

/** How many users have a year behind them; the load goes round them, so that nobody is in a hurry. */
export const knownUsers = 8_000

export const userAt = (index: number): string => `u_${index % knownUsers}`

/** One event in five is stopped. That is far more than a site would see: the dearer path is not left out. */
export const isScare = (index: number): boolean => index % 5 === 4
