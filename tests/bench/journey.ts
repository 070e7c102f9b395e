import * as z from 'zod/mini'
import type { SessionView } from '../../backend/contract/session-view.ts'
import { type Call, type Connection, openConnection } from './connection.ts'
import type { Server } from './control.ts'
import { type Round, roundOf } from './stats.ts'
import { expectedOf, scare } from './traffic.ts'

/** A whole checkpoint, request by request, as a site, its customer's browser and a mail server take part in it. */

const ingested = z.object({ outcome: z.string(), session: z.object({ url: z.string() }) })
const shown = z.object({ view: z.custom<SessionView>((view) => typeof view === 'object' && view !== null) })
const verified = z.object({ valid: z.boolean() })
const boot = /<script type="application\/json" id="view">(.*?)<\/script>/s
const code = /(\d{3}) (\d{3})\b/
const pauseMs = 31_000

type Traveller = {
  event: ReturnType<typeof scare>
  send: (call: Call) => Promise<unknown>
  key: string
  view: SessionView
}

const post = (path: string, body: unknown, headers: Record<string, string>): Call => ({
  method: 'POST',
  path,
  headers,
  body: JSON.stringify(body),
})

const submit = async (traveller: Traveller, action: string, fields: object): Promise<void> => {
  const body = { session: traveller.key, step_token: traveller.view.step_token, ...fields }
  const answer = await traveller.send(
    post(`/checkpoint/${action}`, body, { 'sec-fetch-site': 'same-origin' }),
  )
  traveller.view = shown.parse(answer).view
}

const arrive = async (server: Server, send: Traveller['send'], userId: string): Promise<Traveller> => {
  const event = scare(userId)
  const asked = ingested.parse(
    await send(post('/events/ingest', event, { authorization: `Bearer ${server.key}` })),
  )
  const key = asked.session.url.split('/').at(-1) ?? ''
  const page = z.string().parse(await send({ method: 'GET', path: `/challenge/${key}` }))
  const view = shown.parse(JSON.parse(boot.exec(page)?.[1] ?? '{}')).view
  return { event, send, key, view }
}

const answerUntilPause = async (traveller: Traveller): Promise<void> => {
  await submit(traveller, 'intent', { answer: 'no' })
  await submit(traveller, 'confirm', { answer: 'confirmed' })
}

const finish = async (server: Server, traveller: Traveller): Promise<void> => {
  const { event, send } = traveller
  await submit(traveller, 'continue', {})
  const mail = z.string().parse(await server.ask({ do: 'read_mail', to: event.user.email ?? '' }))
  await submit(traveller, 'respond', { code: code.exec(mail)?.slice(1).join('') ?? '' })
  const spent = await send(
    post(
      '/decisions/verify',
      { token: traveller.view.token, expected: expectedOf(event) },
      { authorization: `Bearer ${server.key}` },
    ),
  )
  if (!verified.parse(spent).valid)
    throw new Error(`the journey of ${event.user.id} ended without permission`)
}

export type Journeys = {
  /** Journeys a second; the latencies are of single requests. */
  round: Round
  requestsEach: number
}

/**
 * `travellers` people at once, each on a connection of their own, a new user each. The pause is passed by moving the
 * server's clock on once all stand in it, so the figure holds work and no waiting, except for the relay's message.
 */
export const travel = async (server: Server, firstUser: number, travellers: number): Promise<Journeys> => {
  const connections = await Promise.all(Array.from({ length: travellers }, () => openConnection(server.port)))
  const latencies: number[] = []
  const started = performance.now()
  const people = await Promise.all(
    connections.map((connection, i) => arrive(server, timing(connection, latencies), `j_${firstUser + i}`)),
  )
  await Promise.all(people.map(answerUntilPause))
  await server.ask({ do: 'advance_clock', ms: pauseMs })
  await Promise.all(people.map((person) => finish(server, person)))
  const seconds = (performance.now() - started) / 1000
  for (const connection of connections) connection.close()
  return {
    round: { ...roundOf(latencies, seconds), perSecond: travellers / seconds, requests: travellers },
    requestsEach: latencies.length / travellers,
  }
}

/** Sends, notes how long it took, and reads the answer: JSON where it is JSON, else text. */
const timing =
  ({ send }: Connection, latencies: number[]): Traveller['send'] =>
  async (call) => {
    const sentAt = performance.now()
    const { status, body } = await send(call)
    latencies.push(performance.now() - sentAt)
    if (status !== 200) throw new Error(`${call.path}: ${status} ${body.slice(0, 400)}`)
    return body.startsWith('{') ? JSON.parse(body) : body
  }
