import { randomInt, randomUUID } from 'node:crypto'
import type { IngestAnswer } from '#contract/ingest-answer'
import { expectedOf, ingest, trail, verify } from '../../support/client.ts'
import type { Started } from './system.ts'

/**
 * Sessions that a site opens over the API, each for a person of their own, so that the memory of one test never meets
 * another's. The site is the demo bank's organisation, with its key.
 */
export type Asked = { event: Record<string, unknown>; email: string; answer: IngestAnswer; url: string }

export const askFor = async (started: Started, change: Record<string, unknown> = {}): Promise<Asked> => {
  const id = `u_${randomUUID()}`
  const email = `${id}@example.com`
  const event = {
    action: 'change_email',
    target: 'new@example.org',
    user: { id, email, created_at: '2019-05-01T00:00:00Z' },
    return_url: `${started.demo_url}/return`,
    ...(change['action'] === 'transfer' ? { payee: somebodyNew() } : {}),
    ...change,
  }
  const { status, body } = await ingest({ url: started.api_url }, started.secret_key, event)
  if (status !== 200) throw new Error(`ingest answered ${status}: ${JSON.stringify(body)}`)
  return { event, email, answer: body, url: body.session.url }
}

/** Asks the API, as the site's backend must, whether the action may be carried out now. */
export const mayCarryOut = async (started: Started, { event, answer }: Asked) => {
  const proof = { session_id: answer.session.id, expected: expectedOf(event) }
  return (await verify({ url: started.api_url }, started.secret_key, proof)).body
}

/** What the audit trail of the session says, action by action. */
export const trailOf = async (started: Started, { answer }: Asked): Promise<string[]> => {
  const { body } = await trail({ url: started.api_url }, started.secret_key, answer.session.id)
  return body.entries.map(({ action }) => action)
}

/** Somebody whom nobody else pays: what is remembered of one payee must not reach another test. */
export const somebodyNew = () => ({
  id: 'p_9',
  name: 'J. Smith',
  account: `GB33BUKB${randomInt(1e9, 1e10)}5555`,
  country: 'GB',
})

/** To somebody new: low at 2,000, medium at 5,000, high at 10,000. */
export const payment = (minorUnits: number): Record<string, unknown> => ({
  action: 'transfer',
  target: null,
  amount: { value: minorUnits, currency: 'EUR' },
  place: { country: 'ES', city: 'Sevilla' },
})
