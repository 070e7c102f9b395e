import { describe, expect, it } from 'vitest'
import { provisionApiKey } from '../../backend/org/provision.ts'
import { makeDraft, patched } from '../../backend/policy/draft.ts'
import { moveVersion } from '../../backend/policy/move.ts'
import { get, ingest } from '../support/client.ts'
import { worldForFile } from '../support/world-for-file.ts'
import { ask, bringHistory, landlord, openSite, person, type Site, sessionOf } from './stage.ts'

/** What an action's name means, and that a wrong one opens nothing. */

const world = await worldForFile()
const site = await openSite(world)

const euros = (value: number) => ({ value: value * 100, currency: 'EUR' })
const plumber = { name: 'A. Plumber', account: 'GB33BUKB20201555555555' }

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

/** Publishes the live policy with these changes, for this site alone. */
const publish = async (of: Site, changes: Record<string, unknown>): Promise<void> => {
  const org = await world.deps.collections.organisations.get(of.org, of.org)
  if (org === null) throw new Error('no organisation')
  const command = { change: patched(changes), note: 'A test.', author: 'test' }
  const made = await makeDraft(world.deps, { org, environment: 'live' }, command)
  if (!made.ok) throw new Error(JSON.stringify(made))
  const moved = await moveVersion(world.deps, org, 'live', {
    kind: 'publish',
    version: made.version._id,
    at: world.deps.clock(),
    by: 'test',
    note: null,
  })
  if (!moved.ok) throw new Error(moved.reason)
}

describe('a wrong action name does not fail open', () => {
  it.each([
    ['email_change', 'change_email'],
    ['delete_account', 'close_account'],
    ['exports_data', 'export_data'],
    ['pasword_reset', 'password_reset'],
  ])('%s without amount and payee is refused, and %s is named', async (action, nearest) => {
    const refused = await ingest(world, site.key, { action, user: person(), target: 'x' })
    expect([refused.status, refused.body.code]).toEqual([422, 'action_unknown'])
    expect(refused.body.detail).toMatch(new RegExp(`The nearest: .*${nearest}`))
    expect(refused.body.detail).toContain('action map')
    expect(refused.body.errors).toMatchObject([{ path: 'action' }])
  })

  it.each(['foo_bar', 'constructor', 'refund'])(
    '%s is refused with the names that there are',
    async (action) => {
      const refused = await ingest(world, site.key, { action, user: person() })
      expect([refused.status, refused.body.code]).toEqual([422, 'action_unknown'])
      expect(refused.body.detail).toMatch(/The nearest: |It knows transfer|It knows login/)
    },
  )

  it('refuses a name with a payee in which nothing can be seen', async () => {
    const refused = await ingest(world, site.key, { action: 'foo_bar', user: person(), payee: { name: ' ' } })
    expect(refused.body.code).toBe('action_unknown')
  })

  it('judges one with an amount as money going out, and says so', async () => {
    const user = person()
    const wrong = await ask(site, { action: 'tranfer', user, amount: euros(9_000), payee: plumber })
    const right = await ask(site, {
      action: 'transfer',
      user: person(),
      amount: euros(9_000),
      payee: plumber,
    })
    expect([wrong.outcome, wrong.score]).toEqual([right.outcome, right.score])
    expect(wrong.warnings).toMatchObject([
      { code: 'action_unmapped', nearest: ['transfer', 'large_transfer'] },
    ])
    expect(wrong.reasons).toContainEqual(expect.objectContaining({ code: 'ACTION_UNMAPPED', points: 0 }))
    expect(right.warnings).toBeUndefined()
    expect((await sessionOf(site, wrong.session.id)).evaluation.assessment.family).toBe('money_out')
  })

  it.each([
    ['an amount alone', { amount: euros(5) }, 'payee'],
    ['a payee alone', { payee: plumber }, 'amount'],
  ])('meets one with %s as strictly as a transfer that lacks as much', async (_what, facts, missing) => {
    const wrong = await ask(site, { action: 'refund', user: person(), ...facts })
    const right = await ask(site, { action: 'transfer', user: person(), ...facts })
    expect([wrong.outcome, right.outcome]).toEqual(['delay_verify', 'delay_verify'])
    expect(wrong.warnings).toMatchObject([
      { code: 'action_unmapped' },
      { code: 'facts_missing', facts: [missing] },
    ])
    expect(right.warnings).toMatchObject([{ code: 'facts_missing', facts: [missing] }])
  })

  it('says the same to a repeat', async () => {
    const event = { action: 'refund', user: person(), amount: euros(5), payee: plumber }
    const first = await ask(site, event, 'refund-1')
    expect(first.warnings).toHaveLength(1)
    expect(await ask(site, event, 'refund-1')).toEqual(first)
  })

  it('is refused under a test instruction too, which forces outcomes and no names', async () => {
    const { secret_key } = await provisionApiKey(world.deps, { org_id: site.org, env: 'test', name: 'test' })
    const event = { action: 'foo_bar', user: person(), test: { outcome: 'allow' } }
    expect((await ingest(world, secret_key, event)).body.code).toBe('action_unknown')
  })

  it('shows in a preview whose policy lost the action as a block, not as an allow', async () => {
    const own = await openSite(world)
    const org = await world.deps.collections.organisations.get(own.org, own.org)
    if (org === null) throw new Error('no organisation')
    const command = { change: patched({ actions: { login: null } }), note: 'No log-ins.', author: 'test' }
    const made = await makeDraft(world.deps, { org, environment: 'live' }, command)
    if (!made.ok) throw new Error(made.reason)
    const at = world.deps.clock()
    const order = { kind: 'preview', version: made.version._id, at, by: 'test', note: null } as const
    expect((await moveVersion(world.deps, org, 'live', order)).ok).toBe(true)
    const asked = await ask(own, { action: 'login', user: person() })
    expect([asked.outcome, asked.shadow_evaluation?.outcome]).toEqual(['allow', 'block_escalate'])
  })

  it('is an action like any other once somebody has mapped it', async () => {
    const own = await openSite(world)
    const refund = {
      family: 'money_out',
      sensitivity: 'low',
      wording: 'generic',
      required: [],
      floor: 'none',
    }
    await publish(own, { actions: { refund } })
    const asked = await ask(own, { action: 'refund', user: person(), amount: euros(5) })
    expect([asked.outcome, asked.warnings]).toEqual(['allow', undefined])
    expect((await ask(own, { action: 'refund', user: person() })).warnings).toBeUndefined()
  })
})

describe('GET /actions', () => {
  it('tells the default key what the live policy knows', async () => {
    const own = await openSite(world)
    const { secret_key } = await provisionApiKey(world.deps, {
      org_id: own.org,
      env: 'live',
      name: 'default',
    })
    const read = () =>
      get<{ policy_version: string; actions: { name: string }[] }>(`${world.url}/actions`, bearer(secret_key))
    const before = await read()
    expect(before.status).toBe(200)
    expect(before.body.policy_version).toBe('default-1')
    expect(before.body.actions).toContainEqual({
      name: 'export_data',
      family: 'data',
      sensitivity: 'high',
      required: ['target'],
      wording: 'export_data',
      floor: 'high',
      enforced_percent: 100,
    })
    await publish(own, { actions: { login: null, export_data: { floor: 'medium' } } })
    const { body } = await read()
    expect(body.policy_version).toBe('pol_1')
    expect(body.actions.map(({ name }) => name)).not.toContain('login')
    expect(body.actions).toContainEqual(expect.objectContaining({ name: 'export_data', floor: 'medium' }))
  })
})

describe('the least that an action meets', () => {
  /** A person whose phone and town are known: nothing but the action speaks. */
  const calm = async () => {
    const user = person()
    await bringHistory(site, user, landlord, [40, 10])
    return { user, device: { id: 'd_7f' }, place: { country: 'ES', city: 'Sevilla' } }
  }

  it('a password reset needs no target, and is asked one question', async () => {
    const asked = await ask(site, { action: 'password_reset', ...(await calm()) })
    expect([asked.outcome, asked.score < 40]).toEqual(['delay_verify', true])
    expect((await sessionOf(site, asked.session.id)).checkpoint.tier).toBe('low')
    expect(asked.reasons).toContainEqual(expect.objectContaining({ code: 'ACTION_FLOOR', points: 0 }))
  })

  it.each([
    ['password_reset', { target: 'mailbox' }, 'low'],
    ['change_password', {}, 'medium'],
    ['change_email', { target: 'new@example.com' }, 'medium'],
    ['export_data', { target: 'all' }, 'high'],
    ['close_account', { target: 'checking' }, 'high'],
    ['add_payee', { payee: landlord }, 'low'],
  ])('%s of a calm person at home', async (action, facts, tier) => {
    const asked = await ask(site, { action, ...(await calm()), ...facts })
    expect([asked.outcome, (await sessionOf(site, asked.session.id)).checkpoint.tier]).toEqual([
      'delay_verify',
      tier,
    ])
  })

  it('stays under a rule that allows, and under a score of nothing', async () => {
    const own = await openSite(world)
    await publish(own, {
      weights: { ACTION_SENSITIVE: 0 },
      rules: [
        {
          id: 'rule_trust',
          name: 'Trust everybody',
          priority: 100,
          mode: 'live',
          when: { fact: 'score', op: 'gte', value: 0 },
          then: { outcome: 'allow' },
        },
      ],
    })
    const asked = await ask(own, { action: 'export_data', user: person(), target: 'all' })
    expect([asked.outcome, (await sessionOf(own, asked.session.id)).checkpoint.tier]).toEqual([
      'delay_verify',
      'high',
    ])
  })

  it('is the policy’s to choose', async () => {
    const own = await openSite(world)
    await publish(own, { actions: { password_reset: { floor: 'high' }, add_payee: { floor: 'none' } } })
    const reset = await ask(own, { action: 'password_reset', user: person() })
    expect((await sessionOf(own, reset.session.id)).checkpoint.tier).toBe('high')
    const added = await ask(own, { action: 'add_payee', user: person(), payee: plumber })
    expect([added.outcome, added.reasons.map(({ code }) => code)]).toEqual([
      'allow',
      expect.not.arrayContaining(['ACTION_FLOOR']),
    ])
  })
})
