import { codeIn, expectedOf, ingest, openPage, type Page, step, transfer, verify } from '../support/client.ts'
import { openOrganisation, type World } from '../support/world.ts'

/** A morning at a bank: real sessions through the public API, so that the page shows what the system writes. */

const minute = 60_000
const secondsOf = (n: number) => n * 1000

const agent =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile Safari/604.1'

const person = (id: string, email: string) => ({
  id,
  email,
  created_at: '2019-05-01T00:00:00Z',
  locale: 'en',
  phone: '+34600000000',
})

type Story = {
  event: Record<string, unknown>
  walk?: (world: World, page: Page, think: (s: number) => void) => Promise<unknown>
}

const calm = {
  device: { id: 'd_7f', user_agent: agent },
  network: { ip: '203.0.113.7', type: 'wifi', public: false, anonymizer: false },
  place: { country: 'ES', city: 'Sevilla', lat: 37.39, lon: -5.98 },
}

const observed = (world: World, facts: Record<string, unknown>) => ({
  ...facts,
  observed_at: new Date(world.deps.clock()).toISOString(),
})

const stories = (world: World): (() => Story)[] => [
  () => ({
    event: transfer({
      ...calm,
      action: 'login',
      user: person('u_17', 'bo@example.com'),
      amount: undefined,
      payee: undefined,
    }),
  }),
  () => ({
    event: transfer({
      ...calm,
      user: person('u_42', 'ana@example.com'),
      metadata: { channel: 'app', branch: 'Sevilla 12' },
    }),
    walk: async (at, page, think) => {
      think(14)
      const asked = await step(at, page, 'intent', { answer: 'no' })
      think(9)
      const waiting = await step(at, asked, 'confirm', { answer: 'confirmed' })
      think(33)
      const mailed = await step(at, waiting, 'continue')
      await at.relay()
      think(41)
      return step(at, mailed, 'respond', { code: codeIn(at) })
    },
  }),
  () => ({
    event: transfer({
      ...calm,
      user: person('u_88', 'carmen@example.com'),
      amount: { value: 482_500, currency: 'EUR' },
      payee: { id: 'p_3', name: 'Safe Account Dept.', account: 'LT121000011101001000', country: 'LT' },
      context: observed(world, {
        call_active: true,
        remote_access: false,
        screen_shared: false,
        payee_name_match: 'match',
      }),
      telemetry: { dwell_ms: 8200, language: 'es', time_zone: 'Europe/Madrid' },
    }),
    walk: async (at, page, think) => {
      think(6)
      const answered = await step(at, page, 'intent', { answer: 'no' })
      think(30)
      return step(at, answered, 'report', {
        details: 'A man from “the fraud team” said my money was not safe and I had to move it now.',
      })
    },
  }),
  () => ({
    event: transfer({
      ...calm,
      user: person('u_19', 'dev@example.com'),
      amount: { value: 4_250, currency: 'GBP' },
      payee: { id: 'p_1', name: 'City Water', account: 'GB29NWBK60161331926819', country: 'GB' },
    }),
  }),
  () => ({
    event: transfer({
      ...calm,
      user: person('u_55', 'emil@example.com'),
      amount: { value: 96_000, currency: 'EUR' },
    }),
    walk: async (at, page, think) => {
      think(21)
      return step(at, page, 'intent', { answer: 'yes' })
    },
  }),
  () => ({
    event: transfer({
      ...calm,
      user: person('u_55', 'emil@example.com'),
      amount: { value: 48_000, currency: 'EUR' },
    }),
  }),
  () => ({
    event: transfer({
      ...calm,
      action: 'change_email',
      user: person('u_61', 'fay@example.com'),
      amount: undefined,
      payee: undefined,
      target: 'fay.new@example.net',
    }),
    walk: async (at, page, think) => {
      think(11)
      return step(at, page, 'intent', { answer: 'not_sure' })
    },
  }),
  () => ({
    event: transfer({
      ...calm,
      user: person('u_70', 'gil@example.com'),
      amount: { value: 250_000, currency: 'EUR' },
      context: observed(world, {
        call_active: false,
        remote_access: true,
        screen_shared: true,
        payee_name_match: 'close',
      }),
    }),
  }),
  () => ({
    event: transfer({
      ...calm,
      user: person('u_42', 'ana@example.com'),
      amount: { value: 120_000, currency: 'USD' },
    }),
  }),
]

/** Plays the morning into an organisation; answers the ids of its sessions, oldest first. */
export const playMorning = async (world: World, facts: { _id: string; name: string }): Promise<string[]> => {
  const { key } = await openOrganisation(world, facts)
  const ids: string[] = []
  for (const tell of stories(world)) {
    const { event, walk } = tell()
    const { body } = await ingest(world, key, event)
    ids.push(body.session.id)
    if (walk !== undefined && body.outcome === 'delay_verify')
      await walk(world, await openPage(world, body.session.url), (s) => world.advance(secondsOf(s)))
    await world.relay()
    await verify(world, key, { session_id: body.session.id, expected: expectedOf(event) })
    world.advance(3 * minute)
  }
  return ids
}
