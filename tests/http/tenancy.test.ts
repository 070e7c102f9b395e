import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../backend/app.ts'
import { scope } from '../../backend/org/api-key.ts'
import { createAdminAccount } from '../../backend/org/create-admin-account.ts'
import { provisionApiKey } from '../../backend/org/provision.ts'
import { strictDraft } from '../analytics/analytics-stage.ts'
import { expectedOf, ingest, openPage, step, transfer } from '../support/client.ts'
import { noFiles, openOrganisation, type World } from '../support/world.ts'
import { expectProblem, jsonCall, type Sent, send } from './send.ts'
import { type ObservedWorld, openObserved } from './stored.ts'

/** Whatever names a thing of another organisation, or of the other environment, gets what a thing that isn't there gets. */

type Theirs = {
  reference: string
  sessionId: string
  eventId: string
  token: string
  expected: Record<string, unknown>
  holdId: string
  incidentId: string
  labelId: string
  policyId: string
  ruleId: string
  backtestId: string
  listName: string
  importId: string
}
type Operation = {
  sent: (theirs: Theirs, key: string) => Sent
  /** `not_found_elsewhere`: an organisation's environments share it, other organisations don't. */
  answer: 'not_found' | 'not_found_elsewhere' | 'conflict' | 'invalid' | 'own'
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

/** Every keyed route, with a call that names what is theirs. A route that is missing here fails the first test. */
const operations: Record<string, Operation[]> = {
  'POST /events/ingest': [
    // Names no thing of anybody; the same Idempotency-Key is another one in another organisation.
    {
      sent: (_theirs, key) => ({
        ...jsonCall('/events/ingest', key, event),
        headers: { ...bearer(key), 'content-type': 'application/json', 'idempotency-key': 'shared' },
      }),
      answer: 'own',
    },
  ],
  'GET /actions': [{ sent: (_theirs, key) => ({ path: '/actions', headers: bearer(key) }), answer: 'own' }],
  'POST /history': [
    // The same key of a line is another line in another organisation.
    {
      sent: (_theirs, key) => ({
        method: 'POST',
        path: '/history',
        headers: { ...bearer(key), 'content-type': 'application/x-ndjson' },
        body: JSON.stringify({
          key: 'shared',
          event: { ...event, occurred_at: '2026-10-01T10:00:00Z' },
          result: 'completed',
        }),
      }),
      answer: 'own',
    },
  ],
  'POST /events/:id/result': [
    {
      sent: ({ eventId }, key) => jsonCall(`/events/${eventId}/result`, key, { result: 'reported_scam' }),
      answer: 'not_found',
    },
  ],
  'POST /decisions/verify': [
    {
      sent: ({ sessionId, expected }, key) =>
        jsonCall('/decisions/verify', key, { session_id: sessionId, expected }),
      answer: 'invalid',
    },
    {
      sent: ({ token, expected }, key) => jsonCall('/decisions/verify', key, { token, expected }),
      answer: 'invalid',
    },
  ],
  'GET /incidents': [
    { sent: (_theirs, key) => ({ path: '/incidents', headers: bearer(key) }), answer: 'own' },
  ],
  'GET /incidents/:id': [
    {
      sent: ({ incidentId }, key) => ({ path: `/incidents/${incidentId}`, headers: bearer(key) }),
      answer: 'not_found',
    },
  ],
  'GET /incidents/:id/exposure': [
    {
      sent: ({ incidentId }, key) => ({ path: `/incidents/${incidentId}/exposure`, headers: bearer(key) }),
      answer: 'not_found',
    },
  ],
  'POST /incidents/:id/disposition': [
    {
      sent: ({ incidentId }, key) =>
        jsonCall(`/incidents/${incidentId}/disposition`, key, {
          disposition: 'confirmed_scam',
          reason: 'A known mule.',
        }),
      answer: 'not_found',
    },
  ],
  'GET /audit/organisation': [
    // Both environments of an organisation share it; another organisation reads its own.
    { sent: (_theirs, key) => ({ path: '/audit/organisation', headers: bearer(key) }), answer: 'own' },
  ],
  'GET /sessions': [
    {
      sent: ({ reference }, key) => ({ path: `/sessions?reference=${reference}`, headers: bearer(key) }),
      answer: 'own',
    },
  ],
  'GET /sessions/:id': [
    {
      sent: ({ sessionId }, key) => ({ path: `/sessions/${sessionId}`, headers: bearer(key) }),
      answer: 'not_found',
    },
  ],
  'POST /sessions/:id/context': [
    {
      sent: ({ sessionId }, key) => jsonCall(`/sessions/${sessionId}/context`, key, { remote_access: true }),
      answer: 'not_found',
    },
  ],
  'GET /holds': [
    // People are found by a keyed digest: the same id is somebody else in another organisation or environment.
    { sent: (_theirs, key) => ({ path: '/holds?user_id=u_shared', headers: bearer(key) }), answer: 'own' },
  ],
  'POST /holds/:id/release': [
    { sent: ({ holdId }, key) => jsonCall(`/holds/${holdId}/release`, key, release), answer: 'not_found' },
  ],
  'POST /labels': [
    {
      sent: ({ sessionId }, key) =>
        jsonCall('/labels', key, { ...label, subject: { type: 'session', value: sessionId } }),
      answer: 'not_found',
    },
    // A person of the same id is somebody else here, and so is the label that this key wrote there.
    {
      sent: (_theirs, key) => ({
        ...jsonCall('/labels', key, label),
        headers: { ...bearer(key), 'content-type': 'application/json', 'idempotency-key': 'shared' },
      }),
      answer: 'own',
    },
  ],
  'GET /labels': [
    {
      sent: ({ sessionId }, key) => ({
        path: `/labels?subject_type=session&subject_value=${sessionId}`,
        headers: bearer(key),
      }),
      answer: 'not_found',
    },
    { sent: (_theirs, key) => ({ path: '/labels', headers: bearer(key) }), answer: 'own' },
    {
      sent: (_theirs, key) => ({
        path: '/labels?subject_type=user&subject_value=u_shared',
        headers: bearer(key),
      }),
      answer: 'own',
    },
  ],
  'GET /labels/:id': [
    {
      sent: ({ labelId }, key) => ({ path: `/labels/${labelId}`, headers: bearer(key) }),
      answer: 'not_found',
    },
  ],
  'DELETE /labels/:id': [
    {
      sent: ({ labelId }, key) => ({
        ...jsonCall(`/labels/${labelId}`, key, { reason: 'It is not ours.' }),
        method: 'DELETE',
      }),
      answer: 'not_found',
    },
  ],
  // A version of the policy is tried in test and published in live: both environments of an organisation know it.
  'GET /policies': [{ sent: (_theirs, key) => ({ path: '/policies', headers: bearer(key) }), answer: 'own' }],
  'POST /policies': [
    {
      sent: ({ policyId }, key) =>
        jsonCall('/policies', key, { base: policyId, changes: { client_cap: 4 }, note: 'less' }),
      answer: 'not_found_elsewhere',
    },
  ],
  'GET /policies/:id': [
    {
      sent: ({ policyId }, key) => ({ path: `/policies/${policyId}`, headers: bearer(key) }),
      answer: 'not_found_elsewhere',
    },
  ],
  'DELETE /policies/:id': [
    {
      sent: ({ policyId }, key) => ({
        method: 'DELETE',
        path: `/policies/${policyId}0`,
        headers: bearer(key),
      }),
      answer: 'not_found',
    },
  ],
  'POST /policies/:id/withdraw': [
    { sent: ({ policyId }, key) => jsonCall(`/policies/${policyId}/withdraw`, key, {}), answer: 'conflict' },
  ],
  'POST /policies/:id/preview': [
    {
      sent: ({ policyId }, key) => jsonCall(`/policies/${policyId}/preview`, key, {}),
      answer: 'not_found_elsewhere',
    },
  ],
  'POST /policies/:id/publish': [
    {
      sent: ({ policyId }, key) => jsonCall(`/policies/${policyId}/publish`, key, { note: 'now' }),
      answer: 'not_found_elsewhere',
    },
  ],
  'POST /policies/:id/rollback': [
    {
      sent: ({ policyId }, key) => jsonCall(`/policies/${policyId}0/rollback`, key, { note: 'back' }),
      answer: 'conflict',
    },
  ],
  'GET /rules': [{ sent: (_theirs, key) => ({ path: '/rules', headers: bearer(key) }), answer: 'own' }],
  'POST /rules': [
    {
      sent: ({ policyId }, key) => jsonCall('/rules', key, { base: policyId, rule: aRule }),
      answer: 'not_found_elsewhere',
    },
  ],
  'DELETE /rules/:id': [
    {
      sent: ({ policyId, ruleId }, key) => ({
        method: 'DELETE',
        path: `/rules/${ruleId}?base=${policyId}`,
        headers: bearer(key),
      }),
      answer: 'not_found_elsewhere',
    },
  ],
  'GET /events/:id/rules': [
    {
      sent: ({ eventId }, key) => ({ path: `/events/${eventId}/rules`, headers: bearer(key) }),
      answer: 'not_found',
    },
  ],
  'POST /rules/backtest': [
    { sent: (_theirs, key) => jsonCall('/rules/backtest', key, backtest), answer: 'own' },
  ],
  'GET /rules/backtest': [
    { sent: (_theirs, key) => ({ path: '/rules/backtest', headers: bearer(key) }), answer: 'own' },
  ],
  'GET /rules/backtest/:id': [
    {
      sent: ({ backtestId }, key) => ({ path: `/rules/backtest/${backtestId}`, headers: bearer(key) }),
      answer: 'not_found',
    },
  ],
  'DELETE /rules/backtest/:id': [
    {
      sent: ({ backtestId }, key) => ({
        method: 'DELETE',
        path: `/rules/backtest/${backtestId}`,
        headers: bearer(key),
      }),
      answer: 'not_found',
    },
  ],
  'GET /lists': [{ sent: (_theirs, key) => ({ path: '/lists', headers: bearer(key) }), answer: 'own' }],
  'POST /lists': [{ sent: (_theirs, key) => jsonCall('/lists', key, aList), answer: 'own' }],
  'GET /lists/:id': [
    {
      sent: ({ listName }, key) => ({ path: `/lists/${listName}`, headers: bearer(key) }),
      answer: 'not_found',
    },
  ],
  'DELETE /lists/:id': [
    {
      sent: ({ listName }, key) => ({ method: 'DELETE', path: `/lists/${listName}`, headers: bearer(key) }),
      answer: 'not_found',
    },
  ],
  'POST /lists/:id/entries': [
    {
      sent: ({ listName }, key) => jsonCall(`/lists/${listName}/entries`, key, entries),
      answer: 'not_found',
    },
    {
      sent: ({ importId }, key) => jsonCall(`/lists/own/entries?import=${importId}`, key, entries),
      answer: 'not_found',
    },
  ],
  'POST /lists/:id/imports': [
    { sent: ({ listName }, key) => jsonCall(`/lists/${listName}/imports`, key, {}), answer: 'not_found' },
  ],
  'POST /lists/:id/imports/:import/commit': [
    {
      sent: ({ listName, importId }, key) =>
        jsonCall(`/lists/${listName}/imports/${importId}/commit`, key, {}),
      answer: 'not_found',
    },
  ],
  'POST /lists/:id/imports/:import/undo': [
    {
      sent: ({ importId }, key) => jsonCall(`/lists/own/imports/${importId}/undo`, key, {}),
      answer: 'not_found',
    },
  ],
  'GET /reports/effectiveness': [
    {
      sent: (_theirs, key) => ({
        path: `/reports/effectiveness?from=${backtest.from}&to=${backtest.to}&by=action`,
        headers: bearer(key),
      }),
      answer: 'own',
    },
  ],
  'GET /audit': [
    {
      sent: ({ sessionId }, key) => ({ path: `/audit?session=${sessionId}`, headers: bearer(key) }),
      answer: 'not_found',
    },
  ],
}
const aRule = {
  id: 'rule_theirs',
  name: 'Anybody on the line',
  priority: 1,
  mode: 'live',
  when: { signal: 'CALL_ACTIVE' },
  then: { points: 1 },
}
const release = {
  user_id: 'u_shared',
  reason: 'Spoken with them.',
  call_back: {
    at: new Date().toISOString(),
    claimed_agent: 'Ana',
    number_used: 'on_file',
    outcome: 'own_decision',
  },
}
const label = {
  subject: { type: 'user', value: 'u_shared' },
  label: 'suspected_risky',
  reason: 'Seen twice.',
}
const aList = { name: 'own', kind: 'user', owner: 'Fraud desk' }
const entries = { entries: [{ value: 'u_shared' }] }
const backtest = { policy: strictDraft, from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' }
const event = transfer({ user: { id: 'u_shared', email: 'shared@example.com' } })

/** The person says *yes* once: a hold stands. */
const openHold = async (
  world: World,
  owner: { id: string; key: string },
): Promise<{ holdId: string; incidentId: string; reference: string }> => {
  const { body } = await ingest(world, owner.key, event)
  await step(world, await openPage(world, body.session.url), 'intent', { answer: 'yes' })
  const session = await world.deps.collections.sessions.get(owner.id, body.session.id)
  await world.relay()
  return {
    holdId: session?.consequences.hold?.id ?? '',
    incidentId: session?.consequences.incident_id ?? '',
    reference: session?.consequences.case_reference ?? '',
  }
}

const giveLabel = async (world: World, key: string): Promise<string> => {
  const got = await send(world.url, {
    ...jsonCall('/labels', key, label),
    headers: { ...bearer(key), 'content-type': 'application/json', 'idempotency-key': 'shared' },
  })
  return JSON.parse(got.text).id
}

const draftRule = async (key: string): Promise<string> =>
  JSON.parse((await send(observed.world.url, jsonCall('/rules', key, { rule: aRule }))).text).id
const askForBacktest = async (world: World, key: string): Promise<string> =>
  JSON.parse((await send(world.url, jsonCall('/rules/backtest', key, backtest))).text).id

/** A list with one entry; answers the import that brought it. */
const fillList = async (world: World, key: string, name: string): Promise<string> => {
  await send(world.url, jsonCall('/lists', key, { ...aList, name }))
  const brought = await send(world.url, jsonCall(`/lists/${name}/entries`, key, entries))
  return JSON.parse(brought.text).import.id
}

let observed: ObservedWorld
let theirs: Theirs
const sameOrganisation = 'the same organisation, live'
let strangers: [name: string, key: string][]

beforeAll(async () => {
  observed = await openObserved()
  const { world } = observed
  const owner = await openOrganisation(world, {}, 'test')
  const { body } = await ingest(world, owner.key, { ...event, test: { outcome: 'allow' } }, 'shared')
  theirs = {
    sessionId: body.session.id,
    eventId: body.event_id,
    token: body.token ?? '',
    expected: expectedOf(event),
    ...(await openHold(world, owner)),
    labelId: await giveLabel(world, owner.key),
    policyId: await draftRule(owner.key),
    ruleId: aRule.id,
    backtestId: await askForBacktest(world, owner.key),
    listName: 'theirs',
    importId: await fillList(world, owner.key, 'theirs'),
  }
  const live = await provisionApiKey(world.deps, {
    org_id: owner.id,
    env: 'live',
    name: 'live',
    scopes: scope.options,
  })
  strangers = [
    ['another organisation', (await openOrganisation(world, {}, 'test')).key],
    ['another organisation, live', (await openOrganisation(world)).key],
    [sameOrganisation, live.secret_key],
  ]
})
afterAll(() => observed.close())

describe('the tenancy matrix', () => {
  it('has a call for every keyed route', () => {
    const { deps, store } = observed.world
    const noEntry = () => ({ script: '/x.js', styles: [] })
    const files = { middleware: () => Promise.resolve(), frame: noEntry, admin: noEntry }
    const { routes } = createApp(deps, { store, waived: [], draining: () => false }, files, 'test')
    const keyed = routes.filter((route) => route.access.kind === 'key')
    expect(keyed.map((route) => `${route.method} ${route.path}`).toSorted()).toEqual(
      Object.keys(operations).toSorted(),
    )
  })

  it.each(
    Object.entries(operations).flatMap(([name, calls]) =>
      calls.map((call, index) => [`${name} (${index + 1})`, call] as const),
    ),
  )('%s', async (_name, { sent, answer }) => {
    for (const [stranger, key] of strangers) {
      const before = observed.written()
      const got = await send(observed.world.url, sent(theirs, key))
      for (const secret of [
        theirs.sessionId,
        theirs.eventId,
        theirs.token,
        theirs.holdId,
        theirs.incidentId,
        theirs.labelId,
      ])
        expect(got.text, stranger).not.toContain(secret)
      if (answer === 'not_found_elsewhere' && stranger === sameOrganisation) {
        expect(got.status).toBeLessThan(300)
        continue
      }
      if (answer.startsWith('not_found')) expectProblem(got, 404, 'not_found')
      if (answer === 'conflict') expectProblem(got, 409, 'policy_conflict')
      if (answer === 'invalid')
        expect(JSON.parse(got.text)).toMatchObject({ valid: false, outcome: null, session_id: null })
      if (answer === 'own')
        expect([got.status === 202 ? 200 : got.status, got.headers['idempotent-replayed']]).toEqual([
          200,
          undefined,
        ])
      else expect(observed.written(), stranger).toBe(before)
    }
  })

  it('a foreign id and an id that nobody has get the same words', async () => {
    const words = async (sent: Sent) =>
      (await send(observed.world.url, sent)).text.replace(/"request_id":"[^"]+"/, '')
    const [, key] = strangers[0] ?? ['', '']
    const nobodys = {
      ...theirs,
      sessionId: `ses_${'0'.repeat(32)}`,
      eventId: `evt_${'0'.repeat(32)}`,
      holdId: 'hold_0',
      incidentId: 'inc_0',
      labelId: `lbl_${'0'.repeat(43)}_${'0'.repeat(16)}`,
      policyId: 'pol_99',
      ruleId: 'rule_nobody',
      backtestId: `bt_${'0'.repeat(32)}`,
      listName: 'nobodys',
      importId: `imp_${'0'.repeat(16)}`,
    }
    for (const { sent, answer } of Object.values(operations).flat()) {
      if (answer === 'own') continue
      const mine = { ...nobodys, token: theirs.token }
      expect(await words(sent(theirs, key))).toBe(await words(sent(mine, key)))
    }
  })

  it('what two organisations know of a person with one id never meets', async () => {
    const { world } = observed
    const [one, other] = [await openOrganisation(world), await openOrganisation(world)]
    const asked = await ingest(world, one.key, event, 'a')
    const page = await send(world.url, { path: new URL(asked.body.session.url).pathname })
    const boot = /id="view">(.*?)<\/script>/s.exec(page.text)?.[1] ?? '{}'
    const { view } = JSON.parse(boot)
    await send(world.url, {
      method: 'POST',
      path: '/checkpoint/intent',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ session: view.session_key, step_token: view.step_token, answer: 'yes' }),
    })
    expect((await ingest(world, one.key, event)).body.hold).toBeDefined()
    expect((await ingest(world, other.key, event)).body.hold).toBeUndefined()
  })
})

/** An analyst sees both environments of their organisation, and nothing of any other. */
type DeskOperation = { sent: (theirs: Theirs) => DeskSent; answer: 'not_found' | 'own' }
type DeskSent = { path: string; body?: unknown }

const read = (path: (theirs: Theirs) => string, answer: DeskOperation['answer']): DeskOperation => ({
  sent: (theirs) => ({ path: path(theirs) }),
  answer,
})

const deskOperations: Record<string, DeskOperation[]> = {
  'GET /api/me': [read(() => '/api/me', 'own')],
  'GET /api/sessions': [
    read(() => '/api/sessions?environment=test', 'own'),
    read(() => '/api/sessions?environment=test&user=u_shared', 'own'),
    read(({ reference }) => `/api/sessions?environment=test&reference=${reference}`, 'own'),
  ],
  'GET /api/sessions/:id': [read(({ sessionId }) => `/api/sessions/${sessionId}`, 'not_found')],
  'GET /api/sessions/:id/rules': [read(({ sessionId }) => `/api/sessions/${sessionId}/rules`, 'not_found')],
  'GET /api/cases/:reference': [read(({ reference }) => `/api/cases/${reference}`, 'own')],
  'GET /api/search': [
    read(({ sessionId }) => `/api/search?q=${sessionId}`, 'own'),
    read(({ eventId }) => `/api/search?q=${eventId}`, 'own'),
    read(({ incidentId }) => `/api/search?q=${incidentId}`, 'own'),
    read(({ reference }) => `/api/search?q=${reference}`, 'own'),
  ],
  'GET /api/trail': [read(() => '/api/trail', 'own')],
  'GET /api/scam-reports': [read(() => '/api/scam-reports?environment=test', 'own')],
  'GET /api/effectiveness': [read(() => '/api/effectiveness?environment=test&by=action&days=30', 'own')],
  'POST /api/holds/release': [
    {
      sent: ({ sessionId, holdId }) => ({
        path: '/api/holds/release',
        body: { session_id: sessionId, hold_id: holdId, reason: 'Spoken with them.', call_back: spoken },
      }),
      answer: 'not_found',
    },
  ],
  'POST /api/labels': [
    {
      sent: ({ sessionId }) => ({ path: '/api/labels', body: { ...labelled, session_id: sessionId } }),
      answer: 'not_found',
    },
  ],
  'POST /api/labels/undo': [
    {
      sent: ({ sessionId, labelId }) => ({
        path: '/api/labels/undo',
        body: { session_id: sessionId, label_id: labelId, reason: 'It is not ours.' },
      }),
      answer: 'not_found',
    },
  ],
  'GET /api/incidents': [read(() => '/api/incidents?environment=test', 'own')],
  'GET /api/incidents/:id': [read(({ incidentId }) => `/api/incidents/${incidentId}`, 'not_found')],
  'POST /api/incidents/:id/disposition': [
    {
      sent: ({ incidentId }) => ({
        path: `/api/incidents/${incidentId}/disposition`,
        body: { disposition: 'confirmed_scam', reason: 'A known mule.' },
      }),
      answer: 'not_found',
    },
  ],
  'GET /api/policies': [read(() => '/api/policies?environment=test', 'own')],
  'GET /api/policies/:id': [
    read(({ policyId }) => `/api/policies/${policyId}?environment=test`, 'not_found'),
  ],
  'POST /api/policies/move': [
    {
      sent: ({ policyId }) => ({
        path: '/api/policies/move',
        body: {
          environment: 'test',
          kind: 'publish',
          policy: policyId,
          expected_live: 'default-1',
          note: 'now',
        },
      }),
      answer: 'not_found',
    },
  ],
  // Without enough labels of their own they are told so; other organisations' count for nothing.
  'POST /api/policies/fit': [
    { sent: () => ({ path: '/api/policies/fit', body: { environment: 'test' } }), answer: 'own' },
  ],
  'GET /api/enforcement': [read(() => '/api/enforcement?environment=test', 'own')],
  'POST /api/enforcement': [
    {
      sent: () => ({
        path: '/api/enforcement',
        body: { environment: 'test', mode: 'enforce', note: 'as it is' },
      }),
      answer: 'own',
    },
  ],
  'POST /api/enforcement/share': [
    {
      sent: () => ({
        path: '/api/enforcement/share',
        body: {
          environment: 'test',
          action: 'transfer',
          percent: 100,
          expected_live: 'default-1',
          note: 'as it is',
        },
      }),
      answer: 'own',
    },
  ],
  'GET /api/backtests': [read(() => '/api/backtests?environment=test', 'own')],
  'POST /api/backtests': [
    {
      sent: () => ({
        path: '/api/backtests',
        body: { environment: 'test', policy: strictDraft, against: 'stored', days: 7 },
      }),
      answer: 'own',
    },
  ],
  'GET /api/backtests/:id': [read(({ backtestId }) => `/api/backtests/${backtestId}`, 'not_found')],
  'POST /api/backtests/:id/cancel': [
    {
      sent: ({ backtestId }) => ({ path: `/api/backtests/${backtestId}/cancel`, body: {} }),
      answer: 'not_found',
    },
  ],
  'GET /api/lists': [read(() => '/api/lists?environment=test', 'own')],
  'POST /api/lists': [{ sent: () => ({ path: '/api/lists?environment=test', body: aList }), answer: 'own' }],
  'POST /api/lists/:id/remove': [
    {
      sent: ({ listName }) => ({ path: `/api/lists/${listName}/remove?environment=test`, body: {} }),
      answer: 'not_found',
    },
  ],
  'POST /api/lists/:id/imports': [
    {
      sent: ({ listName }) => ({ path: `/api/lists/${listName}/imports?environment=test`, body: {} }),
      answer: 'not_found',
    },
  ],
  'POST /api/lists/:id/entries': [
    {
      sent: ({ listName, importId }) => ({
        path: `/api/lists/${listName}/entries?environment=test&import=${importId}`,
        body: entries,
      }),
      answer: 'not_found',
    },
  ],
  'POST /api/lists/:id/imports/:import/commit': [
    {
      sent: ({ listName, importId }) => ({
        path: `/api/lists/${listName}/imports/${importId}/commit?environment=test`,
        body: {},
      }),
      answer: 'not_found',
    },
  ],
  'POST /api/lists/:id/imports/:import/undo': [
    {
      sent: ({ listName, importId }) => ({
        path: `/api/lists/${listName}/imports/${importId}/undo?environment=test`,
        body: {},
      }),
      answer: 'not_found',
    },
  ],
  'POST /api/backtests/:id/remove': [
    {
      sent: ({ backtestId }) => ({ path: `/api/backtests/${backtestId}/remove`, body: {} }),
      answer: 'not_found',
    },
  ],
}
const spoken = { at: Date.now(), number_used: 'on_file', outcome: 'own_decision' }
const labelled = {
  subject: 'user',
  label: 'suspected_risky',
  family: null,
  provenance: 'not_stated',
  reason: 'Seen twice.',
  expires_at: null,
}

/** A desk on the observed store, and an analyst of an organisation that has nothing yet. */
const openDeskOf = async (world: World) => {
  const app = createApp(
    world.deps,
    { store: world.store, waived: [], draining: () => false },
    noFiles,
    'test',
  )
  const server = createServer(app.desk.callback())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { adminOrigin } = world.deps.config
  const call = ({ path, body }: DeskSent, cookie: string): Sent => ({
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    path,
    headers: {
      cookie,
      origin: adminOrigin,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
  })
  const account = { email: 'theo@theirs.example', password: 'correct horse battery staple' }
  const { id: org_id } = await openOrganisation(world)
  const created = await createAdminAccount(world.deps, { org_id, ...account, role: 'analyst' })
  if (!created.ok) throw new Error(created.reason)
  const login = await fetch(`${url}/api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: adminOrigin },
    body: JSON.stringify(account),
  })
  const cookie = (login.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  return {
    routes: app.routes,
    ask: (sent: DeskSent) => send(url, call(sent, cookie)),
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

describe('the tenancy matrix of the desk', () => {
  let desk: Awaited<ReturnType<typeof openDeskOf>>
  beforeAll(async () => {
    desk = await openDeskOf(observed.world)
  })
  afterAll(() => desk.close())

  it('has a call for every route that takes a login, but for the live view, which has tests of its own', () => {
    const analysts = desk.routes.filter(({ access }) => access.kind === 'analyst')
    const names = analysts.map(({ method, path }) => `${method} ${path}`)
    expect(names.filter((name) => name !== 'GET /api/live').toSorted()).toEqual(
      Object.keys(deskOperations).toSorted(),
    )
  })

  it.each(
    Object.entries(deskOperations).flatMap(([name, calls]) =>
      calls.map((call, index) => [`${name} (${index + 1})`, call] as const),
    ),
  )('%s', async (_name, { sent, answer }) => {
    const before = observed.written()
    const got = await desk.ask(sent(theirs))
    const { sessionId, eventId, holdId, incidentId, labelId, reference } = theirs
    for (const secret of [sessionId, eventId, holdId, incidentId, labelId, reference])
      expect(got.text).not.toContain(secret)
    if (answer === 'own') return expect(got.status).toBe(200)
    expectProblem(got, 404, 'not_found')
    expect(observed.written()).toBe(before)
    // An id that nobody has gets the same words.
    const nobodys = { ...theirs, sessionId: `ses_${'0'.repeat(32)}`, incidentId: 'inc_0', policyId: 'pol_99' }
    const never = await desk.ask(sent({ ...nobodys, backtestId: `bt_${'0'.repeat(32)}` }))
    const words = (text: string) => text.replace(/"request_id":"[^"]+"/, '')
    expect(words(never.text)).toBe(words(got.text))
  })
})
