import { describe, expect, test } from 'vitest'
import { strictDraft } from '../analytics/analytics-stage.ts'
import { expectDocumented, operationIn, operationsOf, readDocument } from '../http/documented.ts'
import { ingest, openPage, step, transfer } from '../support/client.ts'
import { openOrganisation } from '../support/world.ts'
import { addAnalyst, cookieOf, logIn, password } from './desk.ts'
import { deskForFile } from './desk-for-file.ts'

/** The desk's API as the document has it: on its own listener alone, for whoever is logged in, in the documented words. */

const desk = await deskForFile()
const { world } = desk
const { id: org, key } = await openOrganisation(world)
await addAnalyst(desk, org, 'mira@ours.example')
const cookie = await logIn(desk, 'mira@ours.example')
const document = await readDocument(world.url)

type Call = { method: string; path: string; body?: unknown; headers?: Record<string, string> }

const send = async (base: string, { method, path, body, headers = {} }: Call) => {
  const response = await fetch(`${base}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'GET' ? {} : { origin: world.deps.config.adminOrigin }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const type = response.headers.get('content-type') ?? ''
  return { status: response.status, type, headers: response.headers, response }
}

const sentBy = (...headers: Record<string, string>[]): Record<string, string>[] => headers

/** Sends to where an operation is, or is not, with something in the place of each parameter. */
const ask = async (base: string, operation: string, headers: Record<string, string>) => {
  const [method = '', template = ''] = operation.split(' ')
  const path = template.replaceAll(/\{\w+\}/g, 'x')
  const got = await send(base, { method, path, headers, ...(method === 'GET' ? {} : { body: {} }) })
  await got.response.body?.cancel()
  return got
}

const ofDesk = operationsOf(document, 'desk')
const ofPublic = operationsOf(document, 'public')

describe('each listener answers its own', () => {
  test.each(ofDesk)('%s is unknown on the public listener', async (operation) => {
    for (const headers of sentBy({ cookie }, { authorization: `Bearer ${key}` })) {
      const got = await ask(world.url, operation, headers)
      expect([got.status, got.type]).toEqual([404, 'application/problem+json'])
    }
  })

  test.each(ofPublic)('%s is unknown on the desk’s listener', async (operation) => {
    const got = await ask(desk.origin, operation, { cookie, authorization: `Bearer ${key}` })
    // Where a view has the path of a list, the desk's own document is there.
    const isView = got.type.startsWith('text/html') && operation.startsWith('GET ')
    expect(isView || got.status === 404, `${got.status} ${got.type}`).toBe(true)
  })
})

describe('each operation of the desk', () => {
  test.each(ofDesk)('%s asks for a login where the document says so', async (operation) => {
    const [method = '', template = ''] = operation.split(' ')
    const { security, tags } = operationIn(document, method, template)
    expect(tags).toEqual(['Desk'])
    const needsLogin = security.length > 0
    for (const headers of sentBy({}, { cookie: 'ase_analyst=x' }, { authorization: `Bearer ${key}` })) {
      const got = await ask(desk.origin, operation, headers)
      expect(got.status === 401, `${got.status}`).toBe(needsLogin)
      expect(got.headers.get('www-authenticate')).toBeNull()
    }
  })

  test.each(ofDesk)('%s is refused to another site, whoever is logged in', async (operation) => {
    const foreign = sentBy(
      { origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    )
    for (const headers of foreign) {
      const got = await ask(desk.origin, operation, { cookie, ...headers })
      expect(got.status).toBe(403)
    }
  })
})

describe('every answer of a day at the desk is the documented one', () => {
  const heard = new Set<string>()

  /** Sends and holds the answer to the document. */
  const say = async (template: string, call: Call, as = cookie) => {
    const got = await send(desk.origin, { ...call, headers: { cookie: as, ...call.headers } })
    const text = await got.response.text()
    heard.add(`${call.method} ${template}`)
    expectDocumented(document, call.method, template, { status: got.status, type: got.type, text })
    return { status: got.status, headers: got.headers, body: text === '' ? null : JSON.parse(text) }
  }
  const get = (template: string, path: string) => say(template, { method: 'GET', path })
  const post = (template: string, path: string, body: unknown) =>
    say(template, { method: 'POST', path, body })

  test('from the login to a released hold, a label and a closed incident', async () => {
    const event = transfer({
      user: { id: 'u_desk', email: 'd@example.com', created_at: '2019-05-01T00:00:00Z' },
    })
    const { body: asked } = await ingest(world, key, event)
    const page = await openPage(world, asked.session.url)
    const broken = await step(world, page, 'intent', { answer: 'yes' })
    await step(world, broken, 'report', { details: 'They said police.' })
    await world.relay()

    const right = { email: 'mira@ours.example', password }
    const logIn = (body: unknown) => say('/api/login', { method: 'POST', path: '/api/login', body }, '')
    expect((await logIn({ ...right, password: 'wrong password' })).status).toBe(401)
    const other = cookieOf((await logIn(right)).headers)
    expect((await say('/api/me', { method: 'GET', path: '/api/me' }, other)).status).toBe(200)
    expect((await say('/api/logout', { method: 'POST', path: '/api/logout' }, other)).status).toBe(204)
    expect((await say('/api/me', { method: 'GET', path: '/api/me' }, other)).status).toBe(401)

    const listed = await get('/api/sessions', '/api/sessions?environment=live')
    expect(listed.body.sessions).toHaveLength(1)
    const { id } = asked.session
    const session = await get('/api/sessions/{id}', `/api/sessions/${id}`)
    expect(session.body.holds).toHaveLength(1)
    await get('/api/sessions/{id}/rules', `/api/sessions/${id}/rules`)
    await get('/api/sessions/{id}', '/api/sessions/ses_nobody')
    await get('/api/search', `/api/search?q=${id}`)
    await get('/api/cases/{reference}', `/api/cases/${session.body.case_reference}`)
    await get('/api/scam-reports', '/api/scam-reports?environment=live')

    const call_back = { at: world.deps.clock(), number_used: 'on_file', outcome: 'contact_ended' }
    const release = {
      session_id: id,
      hold_id: session.body.holds[0].id,
      reason: 'Spoken with her.',
      call_back,
    }
    expect((await post('/api/holds/release', '/api/holds/release', release)).status).toBe(200)
    expect(
      (await post('/api/holds/release', '/api/holds/release', { ...release, hold_id: 'x' })).status,
    ).toBe(404)

    const form = {
      session_id: id,
      subject: 'user',
      label: 'suspected_risky',
      family: null,
      reason: 'Seen twice.',
    }
    const given = await post('/api/labels', '/api/labels', {
      ...form,
      provenance: 'analyst_investigation',
      expires_at: null,
    })
    const undo = { session_id: id, label_id: given.body.label.id, reason: 'It was a mix-up.' }
    expect((await post('/api/labels/undo', '/api/labels/undo', undo)).status).toBe(200)

    const incidents = await get('/api/incidents', '/api/incidents?environment=live')
    const [{ id: incident }] = incidents.body.incidents
    const disposition = { disposition: 'unclear', reason: 'Nobody answers.' }
    const closed = await post(
      '/api/incidents/{id}/disposition',
      `/api/incidents/${incident}/disposition`,
      disposition,
    )
    expect(closed.body.incident.status).toBe('closed')
    expect((await get('/api/incidents/{id}', `/api/incidents/${incident}`)).status).toBe(200)
    await get('/api/trail', '/api/trail')
  })

  test('a policy read and moved, a backtest begun, called off and removed, a report', async () => {
    const policies = await get('/api/policies', '/api/policies?environment=live')
    const { live } = policies.body
    await get('/api/policies/{id}', `/api/policies/${live}?environment=live`)
    const move = { environment: 'live', kind: 'publish', policy: live, expected_live: live, note: 'Again.' }
    expect((await post('/api/policies/move', '/api/policies/move', move)).status).toBe(409)

    await get('/api/enforcement', '/api/enforcement?environment=live')
    const again = { environment: 'live', mode: 'enforce', note: 'As it is.' }
    expect((await post('/api/enforcement', '/api/enforcement', again)).body).toEqual({ came_to: 'unchanged' })

    const share = {
      environment: 'live',
      action: 'transfer',
      percent: 100,
      expected_live: live,
      note: 'As it is.',
    }
    expect((await post('/api/enforcement/share', '/api/enforcement/share', share)).body).toEqual({
      came_to: 'unchanged',
    })

    const fit = await post('/api/policies/fit', '/api/policies/fit', { environment: 'live' })
    expect(fit.body.draft).toBeNull()

    const wanted = { environment: 'live', policy: strictDraft, against: 'stored', days: 7 }
    const begun = await post('/api/backtests', '/api/backtests', wanted)
    const path = `/api/backtests/${begun.body.id}`
    await get('/api/backtests', '/api/backtests?environment=live')
    await get('/api/backtests/{id}', path)
    const cancel = await say('/api/backtests/{id}/cancel', { method: 'POST', path: `${path}/cancel` })
    expect(cancel.body.state).toBe('cancelled')
    expect((await say('/api/backtests/{id}/remove', { method: 'POST', path: `${path}/remove` })).status).toBe(
      204,
    )
    await get('/api/effectiveness', '/api/effectiveness?environment=live&by=tier&days=7')
  })

  test('a list made, filled, undone and removed', async () => {
    const at = (path: string) => `/api/lists${path}environment=live`
    await post('/api/lists', at('?'), { name: 'watched', kind: 'user', owner: 'Fraud desk' })
    const begun = await post('/api/lists/{id}/imports', at('/watched/imports?'), {})
    const { id } = begun.body
    const brought = await post('/api/lists/{id}/entries', at(`/watched/entries?import=${id}&`), {
      entries: [{ value: 'u_1' }],
    })
    expect(brought.body).toMatchObject({ entries: 1, import: { state: 'staged' } })
    for (const verb of ['commit', 'undo']) {
      const path = at(`/watched/imports/${id}/${verb}?`)
      expect((await post(`/api/lists/{id}/imports/{import}/${verb}`, path, {})).status).toBe(200)
    }
    expect((await get('/api/lists', at('?'))).body.lists[0]).toMatchObject({ name: 'watched', entries: 0 })
    expect((await post('/api/lists/{id}/remove', at('/watched/remove?'), {})).status).toBe(204)
  })

  test('the live view, and a login that has to wait', async () => {
    const live = await send(desk.origin, {
      method: 'GET',
      path: '/api/live?environment=live',
      headers: { cookie },
    })
    heard.add('GET /api/live')
    expect([live.status, live.type]).toEqual([200, 'text/event-stream; charset=utf-8'])
    const described = operationIn(document, 'GET', '/api/live').responses['200']?.content
    expect(Object.keys(described ?? {})).toEqual([live.type])
    await live.response.body?.cancel()
    expect((await get('/api/live', '/api/live')).status).toBe(400)
    expect(operationIn(document, 'POST', '/api/login').responses['202']).toBeDefined()
  })

  test('leaves no operation unheard', () => {
    expect(ofDesk.length).toBeGreaterThan(20)
    expect(ofDesk.filter((operation) => !heard.has(operation))).toEqual([])
  })
})
