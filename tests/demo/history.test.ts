import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newCustomer } from '../../demo-site/bank/customer.ts'
import { people } from '../../demo-site/bank/people.ts'
import { checkpointClient } from '../../demo-site/checkpoint-client.ts'
import { openPast, pastEvents } from '../../demo-site/history.ts'
import { FakeApi } from './fake-api.ts'
import { secretKey } from './opened.ts'

const historyKey = 'ase_test_history0123456789'
const now = Date.UTC(2026, 10, 21, 22, 40)
const dayMs = 86_400_000
const customers = people.map((person) => newCustomer(person, '4829133770', now))
const [ana, ben] = customers
if (ana === undefined || ben === undefined) throw new Error('somebody is missing')

let api: FakeApi
beforeEach(async () => {
  api = await new FakeApi().listen()
})
afterEach(() => api.close())

const pastOf = (customer = ana, key: string | null = historyKey) =>
  openPast(checkpointClient(api.url, secretKey, key), customer, now, () => undefined)

describe('a customer’s past', () => {
  it('is brought in one call, once, however many wait for it', async () => {
    const past = pastOf()
    expect(past.state).toBe('waiting')
    await Promise.all([past.brought(), past.brought()])
    await past.brought()
    expect(past.state).toBe('brought')
    expect(api.received).toHaveLength(1)
    expect(api.received[0]?.body['lines']).toHaveLength(past.events)
  })

  it('waits while the API is out of reach, and is brought when it is back', async () => {
    api.down = true
    const past = pastOf()
    await expect(past.brought()).rejects.toThrow('503')
    expect(past.state).toBe('waiting')
    api.down = false
    await past.brought()
    expect(past.state).toBe('brought')
  })

  it('that the API refuses leaves a stranger behind, and stops nothing', async () => {
    const past = pastOf(ana, 'ase_test_of_somebody_else')
    await past.brought()
    expect(past.state).toBe('refused')
  })

  it.each([
    ['there is none', ben, historyKey],
    ['there is no key for it', ana, null],
  ])('is not brought where %s', async (_, customer, key) => {
    const past = pastOf(customer, key)
    await past.brought()
    expect(past.state).toBe('none')
    expect(api.received).toEqual([])
  })

  it('lies in the past as it happened, and names each event once', () => {
    for (const customer of customers) {
      const events = pastEvents(customer, now)
      const times = events.map(({ event }) => Date.parse(event.occurred_at))
      expect(times).toEqual(times.toSorted((a, b) => a - b))
      for (const time of times) expect(now - time).toBeGreaterThan(dayMs)
      for (const time of times) expect(now - time).toBeLessThan(5 * 365 * dayMs)
      expect(new Set(events.map(({ key }) => key)).size).toBe(events.length)
    }
    expect(pastEvents(ana, now).length).toBeGreaterThan(40)
  })

  it('has sign-ins around the clock, so that no visitor comes at an unusual hour', () => {
    const hours = pastEvents(ana, now).map(({ event }) => new Date(event.occurred_at).getUTCHours())
    for (let hour = 0; hour < 24; hour += 1) {
      const apart = hours.map((known) => Math.min((hour - known + 24) % 24, (known - hour + 24) % 24))
      expect(Math.min(...apart), `${hour} o’clock`).toBeLessThanOrEqual(2)
    }
  })
})
