import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

/**
 * Anti Social Engine as its public contract describes it, with a decision that the test chooses: a real HTTP server,
 * so that the bank's own client runs as it is. It keeps the promises that the bank relies on: one answer per
 * Idempotency-Key, one success per decision, and only for the action that was asked about.
 */
export interface Received {
  path: string
  headers: IncomingMessage['headers']
  body: Json
}

export type Json = Record<string, unknown>
type Decide = (event: Json) => 'allow' | 'delay_verify' | 'block_escalate'

interface Session {
  id: string
  key: string
  token: string
  event: Json
  allowed: boolean
  usedBy: string | null
  code: string
}

export class FakeApi {
  received: Received[] = []
  decide: Decide = () => 'allow'
  /** While true every call is answered with 503. */
  down = false
  /** While true calls are carried out and their answers get lost. */
  losesAnswers = false
  /** While true verify answers `valid: true` for another session than the one it was asked about. */
  answersAboutAnother = false
  #sessions: Session[] = []
  #answers = new Map<string, { body: string; answer: Json }>()
  #verified = new Map<string, Json>()
  #server: Server
  url = ''

  constructor() {
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch((fault: unknown) =>
        response.destroy(fault instanceof Error ? fault : undefined),
      )
    })
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    const address = this.#server.address()
    this.url = typeof address === 'object' && address ? `http://127.0.0.1:${address.port}` : ''
    return this
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  calls(path: string): Received[] {
    return this.received.filter((call) => call.path === path)
  }

  /** What a person who passed the check brings back; by the session's page. */
  pass(sessionUrl: string): { token: string; sessionId: string } {
    const session = this.#sessions.find(({ key }) => sessionUrl.endsWith(key))
    if (!session) throw new Error(`no session at ${sessionUrl}`)
    session.allowed = true
    return { token: session.token, sessionId: session.id }
  }

  /** A session that ends in anything but a yes: verify will answer with this code. */
  fail(sessionUrl: string, code: string): { token: string; sessionId: string } {
    const passed = this.pass(sessionUrl)
    for (const session of this.#sessions)
      if (session.id === passed.sessionId) Object.assign(session, { allowed: false, code })
    return passed
  }

  async #handle(request: IncomingMessage, response: ServerResponse) {
    const path = new URL(request.url ?? '/', this.url).pathname
    if (request.method === 'GET') return this.#page(path, response)
    let text = ''
    for await (const chunk of request) text += String(chunk)
    const body: Json = path === '/history' ? { lines: linesOf(text) } : JSON.parse(text)
    this.received.push({ path, headers: request.headers, body })
    if (this.down) return send(response, 503, { code: 'unavailable' })
    if (path === '/history') return this.#history(request, text, response)
    if (request.headers.authorization !== 'Bearer ase_test_secret0123456789')
      return send(response, 401, { code: 'unauthenticated' })
    if (path === '/events/ingest')
      return this.#ingest(String(request.headers['idempotency-key']), text, body, response)
    if (path === '/decisions/verify') {
      const answer = this.#verify(body)
      return this.losesAnswers ? response.destroy() : send(response, 200, answer)
    }
    if (/^\/events\/[^/]+\/result$/.test(path)) return send(response, 200, { event_id: path.split('/')[2] })
    send(response, 404, { code: 'not_found' })
  }

  #history(request: IncomingMessage, text: string, response: ServerResponse) {
    if (request.headers.authorization !== 'Bearer ase_test_history0123456789')
      return send(response, 403, { code: 'forbidden', detail: 'This key may not bring history.' })
    send(response, 200, { learned: linesOf(text).length, duplicates: 0, rejected: [] })
  }

  #ingest(key: string, text: string, event: Json, response: ServerResponse) {
    const known = this.#answers.get(key)
    if (known) {
      if (known.body !== text) return send(response, 422, { code: 'idempotency_key_reused' })
      return send(response, 200, known.answer)
    }
    const outcome = this.decide(event)
    const number = this.#sessions.length + 1
    const session: Session = {
      id: `ses_${number}`,
      key: `secretkey${number}x`,
      token: `eyJhbGciOiJIUzI1NiJ9.token${number}.signature`,
      event,
      allowed: outcome === 'allow',
      usedBy: null,
      code: 'unfinished',
    }
    this.#sessions.push(session)
    const answer = {
      event_id: `evt_${number}`,
      outcome,
      score: outcome === 'allow' ? 12 : outcome === 'delay_verify' ? 63 : 96,
      reasons:
        outcome === 'allow'
          ? [{ code: 'ACTION_SENSITIVE', family: 'policy', points: 12, detail: 'A transfer.' }]
          : demoReasons,
      unknown: [],
      rule_matches: [],
      policy_version: '1',
      session: {
        id: session.id,
        url: `${this.url}/challenge/${session.key}`,
        expires_at: '2099-01-01T00:00:00Z',
      },
      ...(outcome === 'allow' ? { token: session.token } : {}),
      ...(outcome === 'block_escalate'
        ? { hold: { id: 'hold_1', ends_at: '2099-01-01T12:00:00Z', reason: 'GUIDED' } }
        : {}),
    }
    this.#answers.set(key, { body: text, answer })
    send(response, 200, answer)
  }

  #verify(body: Json): Json {
    const repeated = this.#verified.get(String(body['idempotency_key']))
    if (repeated) return repeated
    const session = this.#sessions.find(
      ({ id, token }) => id === body['session_id'] || token === body['token'],
    )
    const answer = this.#judge(session, body)
    this.#verified.set(String(body['idempotency_key']), answer)
    return answer
  }

  #judge(session: Session | undefined, body: Json): Json {
    if (!session) return { valid: false, outcome: null, code: 'invalid', session_id: null, used_at: null }
    const refused = (code: string) => ({
      valid: false,
      outcome: 'delay_verify',
      code,
      session_id: session.id,
      used_at: null,
    })
    if (!session.allowed) return refused(session.code)
    if (session.usedBy !== null) return refused('already_used')
    if (JSON.stringify(body['expected']) !== JSON.stringify(expectedFrom(session.event)))
      return refused('action_mismatch')
    session.usedBy = String(body['idempotency_key'])
    const session_id = this.answersAboutAnother ? 'ses_of_somebody_else' : session.id
    return { valid: true, outcome: 'allow', session_id, used_at: '2026-11-21T10:00:00Z' }
  }

  #page(path: string, response: ServerResponse) {
    if (path === '/v1/ase.js') {
      response.writeHead(200, {
        'content-type': 'text/javascript',
        'cross-origin-resource-policy': 'cross-origin',
      })
      response.end('')
      return
    }
    response.writeHead(200, { 'content-type': 'text/html' })
    response.end('<!doctype html><title>Checkpoint</title><h1>The checkpoint</h1>')
  }
}

const demoReasons = [
  { code: 'CALL_ACTIVE', family: 'scam', points: 15, detail: 'A call is going on.' },
  { code: 'BENEFICIARY_NEW', family: 'payment', points: 20, detail: 'Never paid before.' },
  { code: 'TRANSACTION_AMOUNT_HIGH', family: 'payment', points: 28, detail: 'Far above the usual amount.' },
]

const record = (value: unknown): Json => (typeof value === 'object' && value !== null ? { ...value } : {})

/** The action that was asked about, in the shape and order in which verify must repeat it. */
const expectedFrom = (event: Json): Json => {
  const amount = record(event['amount'])
  const { id, name, account, country } = record(event['payee'])
  return {
    action: event['action'],
    user_id: record(event['user'])['id'],
    amount: amount['value'] ?? null,
    currency: amount['currency'] ?? null,
    payee: event['payee'] ? { id, name, account, country } : null,
    target: event['target'] ?? null,
  }
}

const linesOf = (text: string): Json[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

const send = (response: ServerResponse, status: number, body: Json): void => {
  const type = status < 400 ? 'application/json' : 'application/problem+json'
  response.writeHead(status, { 'content-type': type })
  response.end(JSON.stringify(body))
}
