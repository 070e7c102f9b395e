import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createApp } from '../../backend/app.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { actionLines } from '../../backend/risk/list-actions.ts'
import { strictDraft } from '../analytics/analytics-stage.ts'
import { codeIn, expectedOf, ingest, keyOfUrl, openPage, step, transfer } from '../support/client.ts'
import { openOrganisation } from '../support/world.ts'
import { worldForFile } from '../support/world-for-file.ts'
import { expectDocumented, operationIn, operationsOf, readDocument } from './documented.ts'
import { type Got, jsonCall, type Sent, send } from './send.ts'

/**
 * `/openapi.json` is what a customer generates a client from: it must name every route, and nothing that a journey hears
 * may differ from what it says.
 */

const world = await worldForFile()
const key = (await openOrganisation(world, {}, 'test')).key
const document = await readDocument(world.url)
const operationOf = (method: string, template: string) => operationIn(document, method, template)

const heard = new Set<string>()

/** Sends and holds the answer to the document. `template` is the path as the document writes it. */
const say = async (template: string, sent: Sent): Promise<Got> => {
  const method = sent.method ?? 'GET'
  const got = await send(world.url, sent)
  heard.add(`${method} ${template}`)
  const type = got.headers['content-type'] ?? ''
  expectDocumented(document, method, template, { status: got.status, type, text: got.text })
  return got
}

describe('the document', () => {
  it('names every action that comes with the engine, where actions are sent and where they are listed', () => {
    for (const { name } of actionLines(defaultPolicy, 'enforce'))
      for (const operation of [operationOf('POST', '/events/ingest'), operationOf('GET', '/actions')])
        expect(operation.description).toContain(`\`${name}\``)
  })

  it('has every route that runs and no other', () => {
    const noEntry = () => ({ script: '/x.js', styles: [] })
    const files = { middleware: () => Promise.resolve(), frame: noEntry, admin: noEntry }
    const health = { store: world.store, waived: [], draining: () => false }
    const { routes } = createApp(world.deps, health, files, 'test')
    const served = routes.map((route) => `${route.method} ${route.path.replaceAll(/:(\w+)/g, '{$1}')}`)
    const documented = Object.entries(document.paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(documented.toSorted()).toEqual(served.toSorted())
    expect(document.openapi).toBe('3.1.0')
  })

  it('holds an answer with one field too many, or one too few, to be another answer', () => {
    const answer = operationOf('POST', '/decisions/verify').responses['200']?.content?.['application/json']
      ?.schema
    const schema = z.fromJSONSchema(answer ?? false)
    const good = {
      valid: true,
      outcome: 'allow',
      event_id: 'evt_1',
      session_id: 'ses_1',
      used_at: '2026-11-21T10:00:00Z',
    }
    expect(schema.safeParse(good).success).toBe(true)
    expect(schema.safeParse({ ...good, secret: 1 }).success).toBe(false)
    expect(schema.safeParse({ ...good, valid: undefined }).success).toBe(false)
    expect(schema.safeParse({ ...good, code: 'because' }).success).toBe(false)
  })

  it('says which operations need a key', async () => {
    for (const [path, item] of Object.entries(document.paths))
      for (const [method, { security, servers }] of Object.entries(item)) {
        if (servers !== undefined) continue
        const sent = { method: method.toUpperCase(), path: path.replaceAll(/\{\w+\}/g, 'x') }
        // A minute bears twenty wrong keys, and there are more routes than that.
        world.advance(4_000)
        const { status } = await send(world.url, sent)
        expect(status === 401, `${method} ${path}`).toBe(security.length > 0)
      }
  })
})

describe('every answer of a journey is the documented one', () => {
  const authorization = () => ({ authorization: `Bearer ${key}` })
  const json = { 'content-type': 'application/json' }
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const person = (id: string) => ({ id, email: `${id}@example.com`, created_at: '2019-05-01T00:00:00Z' })
  const ask = async (id: string, change: Record<string, unknown> = {}) => {
    const got = await say(
      '/events/ingest',
      jsonCall('/events/ingest', key, transfer({ user: person(id), ...change })),
    )
    return JSON.parse(got.text)
  }
  const answer = async (action: string, fields: Record<string, unknown>, headers = {}): Promise<Got> =>
    say(`/checkpoint/${action}`, {
      method: 'POST',
      path: `/checkpoint/${action}`,
      headers: { ...json, ...headers },
      body: JSON.stringify(fields),
    })

  it('from a risky transfer over every screen to a spent token', async () => {
    const event = transfer({ user: person('u_story') })
    const asked = await ask('u_story')
    const url: string = asked.session.url
    let page = await openPage(world, url)
    await say('/challenge/{key}', { path: `/challenge/${keyOfUrl(url)}` })
    await answer('opened', { session: page.key, step_token: page.view.step_token })
    const submit = async (action: string, fields: Record<string, unknown> = {}) => {
      const got = await answer(action, { session: page.key, step_token: page.view.step_token, ...fields })
      page = { key: page.key, view: JSON.parse(got.text).view }
      return got
    }
    await submit('intent', { answer: 'no' })
    await submit('confirm', { answer: 'confirmed' })
    await submit('continue')
    world.advance(31_000)
    await submit('continue')
    await world.relay()
    await submit('resend')
    await submit('respond', { code: '0000000' })
    await submit('respond', { code: codeIn(world) })
    expect(page.view.resolution).toBe('allowed')
    const body = { token: page.view.token, expected: expectedOf(event), idempotency_key: 'pay' }
    for (const change of [
      { expected: { ...body.expected, amount: 1 } },
      {},
      {},
      { idempotency_key: 'other' },
    ])
      await say('/decisions/verify', jsonCall('/decisions/verify', key, { ...body, ...change }))
    await say(
      '/events/{id}/result',
      jsonCall(`/events/${asked.event_id}/result`, key, { result: 'completed' }),
    )
    const { id } = asked.session
    await say('/sessions/{id}', { path: `/sessions/${id}`, headers: authorization() })
    await say('/audit/organisation', { path: '/audit/organisation?after=0', headers: authorization() })
    await say('/sessions', { path: '/sessions?reference=K7-4Q9M', headers: authorization() })
    await say('/audit', { path: `/audit?session=${id}`, headers: authorization() })
  })

  it('through a broken contact, a hold, a report and second thoughts', async () => {
    const asked = await ask('u_guided')
    const page = await openPage(world, asked.session.url)
    const context = jsonCall(`/sessions/${asked.session.id}/context`, key, { call_active: true })
    await say('/sessions/{id}/context', context)
    await answer('intent', { session: page.key, step_token: page.view.step_token, answer: 'yes' })
    const broken = await openPage(world, asked.session.url)
    await answer('report', {
      session: broken.key,
      step_token: broken.view.step_token,
      details: 'They said police.',
    })
    const held = await ask('u_guided')
    expect(held).toMatchObject({ outcome: 'block_escalate', hold: { reason: 'answered_yes' } })
    await say('/sessions/{id}', { path: `/sessions/${held.session.id}`, headers: authorization() })
    await say('/holds', { path: '/holds?user_id=u_guided', headers: authorization() })
    const at = new Date(world.deps.clock()).toISOString()
    const release = (id: string) =>
      say(
        '/holds/{id}/release',
        jsonCall(`/holds/${id}/release`, key, {
          user_id: 'u_guided',
          reason: 'Spoken with her.',
          call_back: { at, claimed_agent: 'Ana', number_used: 'on_file', outcome: 'contact_ended' },
        }),
      )
    expect((await release(held.hold.id)).status).toBe(200)
    expect((await release('hold_nobody')).status).toBe(404)
    await say('/holds', { path: '/holds?user_id=u_guided', headers: authorization() })
    await world.relay()
    const listed = JSON.parse(
      (await say('/incidents', { path: '/incidents', headers: authorization() })).text,
    )
    const [{ id }] = listed.incidents
    await say('/incidents/{id}', { path: `/incidents/${id}`, headers: authorization() })
    const disposition = { disposition: 'unclear', reason: 'Nobody answers.' }
    const judged = await say(
      '/incidents/{id}/disposition',
      jsonCall(`/incidents/${id}/disposition`, key, disposition),
    )
    expect(JSON.parse(judged.text)).toMatchObject({ status: 'closed', disposition: 'unclear' })
    const exposure = { path: `/incidents/${id}/exposure`, headers: authorization() }
    expect(JSON.parse((await say('/incidents/{id}/exposure', exposure)).text).allowed).not.toEqual([])
    const allowed = await ask('u_second', { test: { outcome: 'allow' } })
    const undo = await openPage(world, allowed.session.url)
    await answer('cancel', { session: undo.key, step_token: undo.view.step_token })
  })

  it('a label given, read, refused and taken back', async () => {
    const asked = await ask('u_labelled')
    const give = async (body: Record<string, unknown>) =>
      JSON.parse((await say('/labels', jsonCall('/labels', key, { reason: 'Seen twice.', ...body }))).text)
    const subject = { type: 'payee', value: { account: 'GB33 BUKB 2020 1555 5555 55' } }
    const { id } = await give({ subject, label: 'known_risky' })
    await give({ subject: { type: 'session', value: asked.session.id }, label: 'suspected_risky' })
    expect(await give({ subject, label: 'known_legit' })).toMatchObject({ code: 'label_refused' })
    expect(await give({ subject: { type: 'payee', value: {} } })).toMatchObject({ code: 'invalid_request' })
    const one = { path: `/labels/${id}`, headers: authorization() }
    expect((await say('/labels/{id}', one)).status).toBe(200)
    const undo = { ...jsonCall(`/labels/${id}`, key, { reason: 'It was a mix-up.' }), method: 'DELETE' }
    expect((await say('/labels/{id}', undo)).status).toBe(200)
    for (const query of ['', '?subject_type=payee&subject_value=account:GB33BUKB20201555555555', '?cursor=x'])
      await say('/labels', { path: `/labels${query}`, headers: authorization() })
  })

  it('a list made, filled in one call and in parts, undone and removed', async () => {
    const post = (template: string, path: string, body: unknown) => say(template, jsonCall(path, key, body))
    const read = (template: string, path: string) => say(template, { path, headers: authorization() })
    await post('/lists', '/lists', { name: 'watched', kind: 'user', owner: 'Fraud desk' })
    const entries = { entries: [{ value: 'u_1' }, { value: '' }] }
    expect(
      JSON.parse((await post('/lists/{id}/entries', '/lists/watched/entries', entries)).text),
    ).toMatchObject({
      entries: 1,
      rejected: 1,
    })
    const { id } = JSON.parse(
      (await post('/lists/{id}/imports', '/lists/watched/imports', { mode: 'replace' })).text,
    )
    const lines = {
      ...jsonCall(`/lists/watched/entries?import=${id}&part=0`, key, {}),
      headers: { ...authorization(), 'content-type': 'text/csv' },
      body: 'value\nu_2\n',
    }
    expect((await say('/lists/{id}/entries', lines)).status).toBe(200)
    const one = (verb: string) =>
      post(`/lists/{id}/imports/{import}/${verb}`, `/lists/watched/imports/${id}/${verb}`, {})
    expect([(await one('commit')).status, (await one('undo')).status, (await one('undo')).status]).toEqual([
      200, 200, 409,
    ])
    await read('/lists', '/lists')
    expect(JSON.parse((await read('/lists/{id}', '/lists/watched')).text)).toMatchObject({ entries: 1 })
    const drop = { path: '/lists/watched', method: 'DELETE', headers: authorization() }
    expect([(await say('/lists/{id}', drop)).status, (await say('/lists/{id}', drop)).status]).toEqual([
      204, 404,
    ])
  })

  it('from a rule to a version that judges by it, and back', async () => {
    const rule = {
      id: 'rule_yen',
      name: 'Yen are unusual here',
      priority: 10,
      mode: 'live',
      when: { all: [{ fact: 'amount.currency', op: 'eq', value: 'JPY' }, { not: { signal: 'DEVICE_NEW' } }] },
      then: { minimum_tier: 'medium' },
    }
    const post = (template: string, path: string, body: unknown) => say(template, jsonCall(path, key, body))
    const read = (template: string, path: string) => say(template, { path, headers: authorization() })
    const drafted = JSON.parse((await post('/rules', '/rules', { rule })).text)
    expect(drafted).toMatchObject({ id: 'pol_1', state: 'draft', base: 'default-1' })
    const changes = { weights: { DEVICE_NEW: 20 }, lists: { vip: ['JPY'] } }
    const next = JSON.parse(
      (await post('/policies', '/policies', { base: drafted.id, changes, note: 'vip' })).text,
    )
    for (const id of [next.id, 'default-1']) await read('/policies/{id}', `/policies/${id}`)
    await post('/policies/{id}/preview', `/policies/${next.id}/preview`, {})
    expect(await ask('u_ridden')).toMatchObject({ shadow_evaluation: { policy_version: 'pol_2' } })
    await read('/rules', '/rules')
    await post('/policies/{id}/withdraw', `/policies/${next.id}/withdraw`, { note: 'not yet' })
    await post('/policies/{id}/publish', `/policies/${next.id}/publish`, { note: 'now' })
    const asked = await ask('u_ruled')
    const explained = await read('/events/{id}/rules', `/events/${asked.event_id}/rules`)
    expect(JSON.parse(explained.text).rules[0]).toMatchObject({ rule_id: rule.id, result: 'false' })
    await post('/policies/{id}/rollback', `/policies/${next.id}/rollback`, { note: 'back' })
    await read('/policies', '/policies')
    const drop = { path: `/policies/${drafted.id}`, method: 'DELETE', headers: authorization() }
    await say('/policies/{id}', drop)
    const deleted = await say('/rules/{id}', {
      method: 'DELETE',
      path: `/rules/${rule.id}?base=${next.id}`,
      headers: authorization(),
    })
    expect(deleted.status).toBe(201)
    await post('/policies', '/policies', { changes: { thresholds: { low: 99 } }, note: 'impossible' })
  })

  it('a history brought, with a line that is wrong', async () => {
    const event = { ...transfer(), occurred_at: '2026-10-01T00:00:00Z' }
    const lines = [{ key: 'past', event, result: 'completed' }, { key: 'wrong' }].map((line) =>
      JSON.stringify(line),
    )
    const brought = await say('/history', {
      method: 'POST',
      path: '/history',
      headers: { ...authorization(), 'content-type': 'application/x-ndjson' },
      body: lines.join('\n'),
    })
    expect(JSON.parse(brought.text)).toMatchObject({ learned: 1, rejected: [{ line: 2, key: 'wrong' }] })
  })

  it('a backtest begun, read, refused and called off, and a report', async () => {
    await ask('u_judged_again')
    const range = { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' }
    const begin = async (body: Record<string, unknown>) =>
      JSON.parse((await say('/rules/backtest', jsonCall('/rules/backtest', key, { ...range, ...body }))).text)
    const { id } = await begin({ policy: strictDraft })
    expect(await begin({ policy: {} })).toMatchObject({ code: 'invalid_request' })
    await world.deps.analytics.runBacktests()
    const one = { path: `/rules/backtest/${id}`, headers: authorization() }
    expect(JSON.parse((await say('/rules/backtest/{id}', one)).text).result.samples).not.toEqual([])
    const all = { path: '/rules/backtest', headers: authorization() }
    expect(JSON.parse((await say('/rules/backtest', all)).text).backtests).toHaveLength(1)
    expect((await say('/rules/backtest/{id}', { ...one, method: 'DELETE' })).status).toBe(200)
    await say('/rules/backtest/{id}', { ...one, path: '/rules/backtest/bt_nobody' })
    for (const by of ['tier', 'text_version', 'rule', 'action', 'mood'])
      await say('/reports/effectiveness', {
        path: `/reports/effectiveness?${new URLSearchParams({ ...range, by })}`,
        headers: authorization(),
      })
  })

  it('refusals too: a stale step, a form, a link that opens nothing, a wrong key, a wrong body', async () => {
    const asked = await ask('u_refused')
    const page = await openPage(world, asked.session.url)
    await step(world, page, 'intent', { answer: 'no' })
    const stale = { session: page.key, step_token: page.view.step_token ?? '', answer: 'yes' }
    expect((await answer('intent', stale)).status).toBe(409)
    const asForm = {
      method: 'POST',
      path: '/checkpoint/intent',
      headers: form,
      body: new URLSearchParams(stale).toString(),
    }
    expect((await say('/checkpoint/{x}'.replace('{x}', 'intent'), asForm)).status).toBe(409)
    const now = await openPage(world, asked.session.url)
    const confirm = new URLSearchParams({
      session: now.key,
      step_token: now.view.step_token ?? '',
      answer: 'confirmed',
    })
    const moved = await say('/checkpoint/confirm', {
      method: 'POST',
      path: '/checkpoint/confirm',
      headers: form,
      body: confirm.toString(),
    })
    expect(moved.status).toBe(303)
    await answer('questions', { ...stale, step_token: 'x' })
    await say('/challenge/{key}', { path: '/challenge/nobody' })
    await answer('intent', { session: 'nobody', step_token: 'x', answer: 'no' })
    await answer(
      'intent',
      { session: page.key, step_token: 'x', answer: 'no' },
      { origin: 'https://evil.example' },
    )
    await say('/events/ingest', { ...jsonCall('/events/ingest', 'wrong', {}) })
    await say('/events/ingest', jsonCall('/events/ingest', key, {}))
    const someone = { id: 'u_refused' }
    for (const facts of [{}, { amount: { value: 500, currency: 'EUR' } }])
      await say(
        '/events/ingest',
        jsonCall('/events/ingest', key, { action: 'refund', user: someone, ...facts }),
      )
    await say('/actions', { path: '/actions', headers: authorization() })
    await say('/sessions/{id}', { path: '/sessions/nobody', headers: authorization() })
  })

  it('and the open documents', async () => {
    for (const path of ['/healthz', '/readyz', '/metrics', '/openapi.json'])
      expect((await say(path, { path })).status).toBe(200)
  })

  it('leaves no operation unheard', async () => {
    await ingest(world, key, transfer())
    // The desk's are heard where the desk is tested.
    const documented = operationsOf(document, 'public')
    expect(documented.length).toBeGreaterThan(40)
    expect(documented.filter((operation) => !heard.has(operation))).toEqual([])
  })
})
