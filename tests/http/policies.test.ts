import { describe, expect, it } from 'vitest'
import { provisionApiKey } from '../../backend/org/provision.ts'
import { openOrganisation } from '../support/world.ts'
import { worldForFile } from '../support/world-for-file.ts'
import { type Got, jsonCall, send } from './send.ts'

/** What the routes of policies and rules refuse, and in which words. */

const world = await worldForFile()
const owner = await openOrganisation(world)
const key = owner.key
const reader = await provisionApiKey(world.deps, {
  org_id: owner.id,
  env: 'live',
  name: 'reads',
  scopes: ['policies:read'],
})
const readKey = reader.secret_key

const rule = {
  id: 'rule_guided',
  name: 'Guided, to anybody new',
  priority: 5,
  mode: 'live',
  when: { all: [{ signal: 'CALL_ACTIVE' }, { fact: 'payee.known', op: 'eq', value: false }] },
  then: { outcome: 'block_escalate' },
}

const say = (path: string, body: unknown, by = key): Promise<Got> => send(world.url, jsonCall(path, by, body))
const told = (got: Got) => ({ status: got.status, ...JSON.parse(got.text) })

const invalid = { status: 422, code: 'policy_invalid' }
const malformed = { status: 400, code: 'invalid_request' }
const missing = { status: 404, code: 'not_found' }
const conflict = { status: 409, code: 'policy_conflict' }
const note = 'because'
const deep = (levels: number): unknown =>
  levels === 0 ? { signal: 'DEVICE_NEW' } : { not: deep(levels - 1) }
const leaves = (count: number) => ({ all: Array.from({ length: count }, () => ({ signal: 'DEVICE_NEW' })) })
const manyRules = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ ...rule, id: `rule_${at}`, when: leaves(100) }))

/** What is sent, what is answered, and the place that it names. */
type Refusal = [why: string, path: string, body: unknown, answer: Record<string, unknown>, errorPath?: string]
const refusals: Refusal[] = [
  ['a draft without a note', '/policies', { changes: {} }, malformed, 'note'],
  ['a draft whose note says nothing', '/policies', { changes: {}, note: ' ' }, malformed, 'note'],
  [
    'a draft that names its version',
    '/policies',
    { changes: { version: 'v9' }, note },
    malformed,
    'changes.version',
  ],
  ['a draft of nothing known', '/policies', { base: 'pol_99', changes: {}, note }, missing],
  [
    'a draft with a mistake',
    '/policies',
    { changes: { weights: { MOON: 1 } }, note },
    invalid,
    'weights.MOON',
  ],
  [
    'a draft that takes away what must be there',
    '/policies',
    { changes: { thresholds: null }, note },
    invalid,
    'thresholds',
  ],
  [
    'a rule with a mistake, at its place in the policy',
    '/rules',
    { rule: { ...rule, when: { fact: 'moon.phase', op: 'eq', value: 1 } } },
    invalid,
    'rules[0].when.fact',
  ],
  ['a rule with an id of its own kind', '/rules', { rule: { ...rule, id: 'mine' } }, invalid, 'rules[0].id'],
  ['a rule that is nested too deeply', '/rules', { rule: { ...rule, when: deep(12) } }, invalid],
  [
    'a rule of ten thousand conditions',
    '/rules',
    { rule: { ...rule, when: leaves(10_000) } },
    invalid,
    'rules[0].when.all[199]',
  ],
  [
    'ten thousand conditions in rules that are each small enough',
    '/policies',
    { changes: { rules: manyRules(100) }, note },
    invalid,
    'rules[49].when.all[50]',
  ],
  [
    'a rule over an unknown signal',
    '/rules',
    { rule: { ...rule, when: { signal: 'MOON_FULL' } } },
    invalid,
    'rules[0].when.signal',
  ],
  [
    'a floor under an unknown signal',
    '/policies',
    { changes: { signal_floors: [{ signal: 'MOON_FULL', families: ['money_out'], tier: 'low' }] }, note },
    invalid,
    'signal_floors[0].signal',
  ],
  [
    'a threshold that no score reaches',
    '/policies',
    { changes: { thresholds: { critical: 101 } }, note },
    invalid,
    'thresholds.critical',
  ],
  [
    'thresholds that cross',
    '/policies',
    { changes: { thresholds: { low: 70 } }, note },
    invalid,
    'thresholds.medium',
  ],
  [
    'a condition on a score that there is not',
    '/rules',
    { rule: { ...rule, when: { fact: 'score', op: 'gte', value: 101 } } },
    invalid,
    'rules[0].when',
  ],
  [
    'a tier that asks the same step twice',
    '/policies',
    { changes: { steps: { high: ['intent', 'confirm_action', 'pause', 'email_code', 'intent'] } }, note },
    invalid,
    'steps.high[4]',
  ],
  [
    'a tier whose steps run backwards',
    '/policies',
    { changes: { steps: { medium: ['email_code', 'intent'] } }, note },
    invalid,
    'steps.medium[1]',
  ],
  [
    'a rule that adds a step twice',
    '/rules',
    { rule: { ...rule, then: { add_steps: ['pause', 'pause'] } } },
    invalid,
    'rules[0].then.add_steps[1]',
  ],
  ...['(a+)+$', '(.*)*x', '^(\\w+\\s?)*$', '(?=(a+))b', '(a)\\1', '(?:(?:a{10}){10}){10}'].map(
    (value): Refusal => [
      `an expression that blows up: ${value}`,
      '/rules',
      { rule: { ...rule, when: { fact: 'target', op: 'matches', value } } },
      invalid,
      'rules[0].when.value',
    ],
  ),
  ['a rule without a rule', '/rules', {}, malformed, 'rule'],
  ['a version that is not there', '/policies/pol_99/publish', { note }, missing],
  ['a version without a reason', '/policies/default-1/publish', {}, malformed, 'note'],
  ['what is live already', '/policies/default-1/publish', { note }, conflict],
  ['a preview of what is not there', '/policies/pol_99/preview', {}, missing],
  ['a preview of the engine’s own', '/policies/default-1/preview', {}, conflict],
  ['a withdrawal of what is not in preview', '/policies/pol_99/withdraw', {}, conflict],
  [
    'a publication over another than expected',
    '/policies/default-1/publish',
    { note, expected_live: 'pol_7' },
    conflict,
  ],
  ['going back without a reason', '/policies/default-1/rollback', {}, malformed, 'note'],
  ['going back from what is not live', '/policies/pol_7/rollback', { note }, conflict],
  ['going back when nothing was before', '/policies/default-1/rollback', { note }, conflict],
]

describe('refused', () => {
  it.each(refusals)('%s', async (_why, path, body, answer, errorPath) => {
    const refused = told(await say(path, body))
    expect(refused).toMatchObject(answer)
    expect(refused.detail.length).toBeGreaterThan(10)
    if (errorPath !== undefined)
      expect(refused.errors.map((one: { path: string }) => one.path)).toContain(errorPath)
    expect(
      told(await send(world.url, { path: '/policies', headers: { authorization: `Bearer ${key}` } }))
        .policies,
    ).toHaveLength(1)
  })

  it('every mistake is named, not only the first', async () => {
    const { errors, detail } = told(
      await say('/policies', { changes: { weights: { MOON: 1 }, pause_seconds: { high: 3 } }, note }),
    )
    expect(errors.map(({ path }: { path: string }) => path).toSorted()).toEqual([
      'pause_seconds.high',
      'weights.MOON',
    ])
    expect(detail).toMatch(/: .+ \(and 1 more in errors\)$/)
  })

  it('a key that may only read moves nothing', async () => {
    const made = await say('/policies', { changes: {}, note }, readKey)
    expect(told(made)).toMatchObject({ status: 403, code: 'forbidden_scope' })
    const read = await send(world.url, { path: '/rules', headers: { authorization: `Bearer ${readKey}` } })
    expect(read.status).toBe(200)
  })

  it('a key that may not read about people learns no fact of an event from a rule that asks for it', async () => {
    const read = await send(world.url, {
      path: '/events/evt_any/rules',
      headers: { authorization: `Bearer ${readKey}` },
    })
    expect(told(read)).toMatchObject({ status: 403, code: 'forbidden_scope' })
  })
})

describe('rules', () => {
  const get = async (path: string) =>
    told(await send(world.url, { path, headers: { authorization: `Bearer ${key}` } }))
  const remove = async (path: string) =>
    told(await send(world.url, { method: 'DELETE', path, headers: { authorization: `Bearer ${key}` } }))

  it('are added, replaced by id, and taken away, each time in another draft', async () => {
    const first = told(await say('/rules', { rule }))
    expect(first).toMatchObject({ status: 201, state: 'draft', note: 'Rule rule_guided' })
    const { id: _, ...nameless } = rule
    const second = told(await say('/rules', { rule: nameless, base: first.id, note: 'another' }))
    const third = told(await say('/rules', { rule: { ...rule, priority: 9 }, base: second.id }))
    const { policy, changes } = await get(`/policies/${third.id}`)
    expect(policy.rules.map(({ priority }: { priority: number }) => priority)).toEqual([9, 5])
    expect(policy.rules[1].id).toMatch(/^rule_[0-9a-f]{16}$/)
    expect(changes).toEqual([{ path: 'rules.rule_guided', before: rule, after: { ...rule, priority: 9 } }])
    const fourth = await remove(`/rules/rule_guided?base=${third.id}`)
    expect((await get(`/policies/${fourth.id}`)).policy.rules).toHaveLength(1)
    expect(await remove(`/rules/rule_guided?base=${fourth.id}`)).toMatchObject(missing)
    expect(await remove('/rules/rule_guided')).toMatchObject(missing)
  })

  it('that count are those of the live version and of the preview, the most powerful first', async () => {
    const low = { ...rule, id: 'rule_low', priority: 1, mode: 'preview' }
    const one = told(await say('/rules', { rule: low }))
    const two = told(await say('/rules', { rule, base: one.id }))
    await say(`/policies/${two.id}/preview`, {})
    expect(await get('/rules')).toMatchObject({
      live: { policy_version: 'default-1', rules: [] },
      preview: { policy_version: two.id, rules: [rule, low] },
    })
    await say(`/policies/${two.id}/withdraw`, {})
    expect((await get('/rules')).preview).toBe(null)
  })

  it('explain themselves for a stored event, by its own version and by any other', async () => {
    const event = {
      action: 'transfer',
      user: { id: 'u_1', email: 'ana@example.com' },
      amount: { value: 10_000, currency: 'USD' },
      payee: { name: 'J. Smith', account: 'GB33BUKB20201555555555' },
      context: { call_active: false, observed_at: new Date(world.deps.clock()).toISOString() },
    }
    const { event_id } = told(await say('/events/ingest', event))
    expect(await get(`/events/${event_id}/rules`)).toMatchObject({ policy_version: 'default-1', rules: [] })
    const { id } = told(await say('/rules', { rule }))
    const explained = await get(`/events/${event_id}/rules?policy=${id}`)
    expect(explained).toMatchObject({
      event_id,
      policy_version: id,
      rules: [
        {
          rule_id: rule.id,
          result: 'false',
          when: { all: [{ result: 'false' }, { result: 'true', value: false }] },
        },
      ],
    })
    expect(await get(`/events/${event_id}/rules?policy=pol_99`)).toMatchObject(missing)
    expect(await get('/events/evt_nobody/rules')).toMatchObject(missing)
  })
})

describe('removing a version', () => {
  it('that was live and decided nothing is refused for having been live, not for events', async () => {
    const draft = told(await say('/policies', { changes: {}, note }))
    told(await say('/policies', { changes: {}, note: 'a newer one' }))
    await say(`/policies/${draft.id}/publish`, { note })
    await say(`/policies/${draft.id}/rollback`, { note })
    const refused = told(
      await send(world.url, {
        method: 'DELETE',
        path: `/policies/${draft.id}`,
        headers: { authorization: `Bearer ${key}` },
      }),
    )
    expect(refused).toMatchObject({ status: 409, code: 'policy_conflict' })
    expect(refused.detail).toMatch(/^This version was live within/)
  })
})
