import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../backend/audit/entry.ts'
import { verifyTrail } from '../../backend/audit/verify.ts'
import { createAdminAccount } from '../../backend/org/create-admin-account.ts'
import { settleDueTrails } from '../../backend/org/keep-trail.ts'
import { changeOrganisation, provisionApiKey, provisionOrganisation } from '../../backend/org/provision.ts'
import { readTrail } from '../../backend/org/read-trail.ts'
import { revokeApiKey } from '../../backend/org/revoke-api-key.ts'
import { makeDraft, patched } from '../../backend/policy/draft.ts'
import { moveVersion } from '../../backend/policy/move.ts'
import type { Store } from '../../backend/store/port.ts'
import { openSqlite } from '../../backend/store/sqlite.ts'
import { organisationUpgrades } from '../../backend/upgrades/org-upgrades.ts'
import { get, post } from '../support/client.ts'
import { type InterruptibleStore, interruptible } from '../support/interruptible-store.ts'
import { upgraded } from '../support/of-before.ts'
import { openOrganisation, openWorld, type World } from '../support/world.ts'
import { openPair, type Pair } from './stage.ts'

/** Changes of an organisation itself leave a trail that an outsider can check, whatever dies in between. */

const facts = (_id: string) => ({
  _id,
  name: 'Example Bank',
  support_phone: '+44 20 7946 0000',
  support_url: null,
  security_email: 'security@bank.example',
  origins: ['https://bank.example'],
  return_urls: [],
})

const everyEntry = async (world: World, org: string): Promise<AuditEntry[]> => {
  const entries: AuditEntry[] = []
  let after: number | null = 0
  while (after !== null) {
    const page: Awaited<ReturnType<typeof readTrail>> = await readTrail(world.deps, org, after)
    entries.push(...page.entries)
    after = page.next
  }
  return entries
}

const actions = async (world: World, org: string): Promise<string[]> =>
  (await everyEntry(world, org)).map(({ action }) => action)

const headOf = (entries: AuditEntry[]) => {
  const last = entries.at(-1)
  return last === undefined ? null : { seq: last.seq, hash: last.hash }
}

const integrityOf = (entries: AuditEntry[]) => verifyTrail(entries, headOf(entries))

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

const label = (world: World, key: string, value: string) =>
  post<{ id: string }>(
    `${world.url}/labels`,
    { subject: { type: 'user', value }, label: 'suspected_risky', reason: 'Seen in two of Ana’s cases.' },
    bearer(key),
  )

const publish = async (world: World, org: string): Promise<void> => {
  const { deps } = world
  const stored = await deps.collections.organisations.get(org, org)
  if (stored === null) throw new Error('no organisation')
  const tenant = { org: stored, environment: 'live' } as const
  const command = { change: patched({ weights: { DEVICE_NEW: 20 } }), note: 'Ana wants it', author: 'key:k' }
  const draft = await makeDraft(deps, tenant, command)
  if (!draft.ok) throw new Error(draft.reason)
  const moved = await moveVersion(deps, stored, 'live', {
    kind: 'publish',
    version: draft.version._id,
    expected_live: undefined,
    at: deps.clock(),
    by: 'adm_ana',
    note: 'Ana wants it',
  })
  if (!moved.ok) throw new Error(moved.reason)
}

describe('the trail of an organisation', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())

  it('has changes of facts, keys, analysts and policies, and labels outside a session, in one chain', async () => {
    const org = 'org_all'
    await provisionOrganisation(world.deps, facts(org))
    await provisionOrganisation(world.deps, { ...facts(org), support_phone: '+44 20 7946 9999' })
    await changeOrganisation(world.deps, org, () => ({ security_email: 'ana@bank.example' }))
    const { secret_key, document } = await provisionApiKey(world.deps, {
      org_id: org,
      env: 'live',
      name: 'Ana’s key',
      scopes: ['labels:write', 'audit:read'],
    })
    const account = { org_id: org, email: 'ana@bank.example', password: 'correct horse battery' }
    await createAdminAccount(world.deps, { ...account, role: 'analyst' })
    await publish(world, org)
    const { body } = await label(world, secret_key, 'u_ana')
    await fetch(`${world.url}/labels/${body.id}`, {
      method: 'DELETE',
      headers: { ...bearer(secret_key), 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'Ana took it back.' }),
    })
    await revokeApiKey(world.deps, document._id)
    const entries = await everyEntry(world, org)
    expect(entries.map(({ action, actor_type }) => [action, actor_type])).toEqual([
      ['organisation.created', 'operator'],
      ['organisation.changed', 'operator'],
      ['organisation.changed', 'operator'],
      ['key.created', 'operator'],
      ['admin.created', 'operator'],
      ['policy.moved', 'analyst'],
      ['label.given', 'site'],
      ['label.undone', 'site'],
      ['key.revoked', 'operator'],
    ])
    expect(entries[1]?.meta).toEqual({ changed: ['support_phone'], support_phone: '+44 20 7946 9999' })
    expect(entries[2]?.meta).toEqual({ changed: ['security_email'] })
    expect(integrityOf(entries)).toEqual({ ok: true, length: 9 })
  })

  it('names the version that a roll back returns to, also when it came with the engine', async () => {
    const { id: org } = await openOrganisation(world)
    await publish(world, org)
    const stored = await world.deps.collections.organisations.get(org, org)
    const version = stored?.policies.live.live
    if (stored === null || version === null || version === undefined) throw new Error('nothing was published')
    const moved = await moveVersion(world.deps, stored, 'live', {
      kind: 'roll_back',
      version,
      expected_live: undefined,
      at: world.deps.clock(),
      by: 'adm_ana',
      note: 'Ana wants it back',
    })
    expect(moved.ok).toBe(true)
    expect((await everyEntry(world, org)).at(-1)?.meta).toEqual({
      environment: 'live',
      move: 'roll_back',
      policy: world.deps.policy.version,
    })
  })

  it('names no person, no secret and nothing that somebody typed', async () => {
    const text = JSON.stringify(await everyEntry(world, 'org_all'))
    expect(text).not.toMatch(/ana@|security@|u_ana|Ana|correct horse|ase_live_/)
    expect(text).not.toContain('secret_sha256')
  })

  it('says nothing of what changes nothing: the same facts, the same key again, a refused label, a repeat', async () => {
    const { id: org, key } = await openOrganisation(world)
    const before = await actions(world, org)
    const stored = await world.deps.collections.organisations.get(org, org)
    if (stored === null) throw new Error('no organisation')
    const { name, support_phone, support_url, security_email, origins, return_urls } = stored
    const same = { _id: org, name, support_phone, support_url, security_email, origins, return_urls }
    expect(await provisionOrganisation(world.deps, same)).toMatchObject({
      ok: true,
      doc: { version: stored.version },
    })
    const command = {
      subject: { type: 'user', value: 'u_1' },
      label: 'known_legit',
      family: 'scam',
      reason: 'No.',
    }
    expect((await post(`${world.url}/labels`, command, bearer(key))).status).toBe(422)
    expect(await actions(world, org)).toEqual(before)
    const risky = { ...command, label: 'known_risky', family: 'takeover', reason: 'A known mule.' }
    const headers = { ...bearer(key), 'idempotency-key': 'again' }
    await post(`${world.url}/labels`, risky, headers)
    await post(`${world.url}/labels`, risky, headers)
    expect(await actions(world, org)).toEqual([...before, 'label.given'])
  })

  it('leaves a session’s label to the session’s trail', async () => {
    const { id: org, key } = await openOrganisation(world)
    const asked = await post<{ session: { id: string } }>(
      `${world.url}/events/ingest`,
      { action: 'login', user: { id: 'u_9' } },
      bearer(key),
    )
    const subject = { type: 'session', value: asked.body.session.id }
    const body = { subject, label: 'suspected_risky', reason: 'Seen in two cases.' }
    expect((await post(`${world.url}/labels`, body, bearer(key))).status).toBe(200)
    expect(await actions(world, org)).toEqual(['organisation.created', 'key.created'])
  })

  it('is read a stretch at a time, and each stretch verifies against the one before', async () => {
    const { key } = await openOrganisation(world)
    for (let n = 0; n < 210; n += 1) await label(world, key, `u_${n}`)
    type Page = Awaited<ReturnType<typeof readTrail>>
    const read = (after: number) =>
      get<Page>(`${world.url}/audit/organisation?after=${after}`, bearer(key)).then(({ body }) => body)
    const first = await read(0)
    const second = await read(first.next ?? 0)
    expect([first.entries.length, second.entries.length, second.next]).toEqual([200, 12, null])
    expect(second.before).toEqual(first.head)
    expect(verifyTrail(first.entries, first.head, null)).toEqual({ ok: true, length: 200 })
    expect(verifyTrail(second.entries, second.head, first.head)).toEqual({ ok: true, length: 212 })
    expect(verifyTrail(second.entries, second.head, null)).toMatchObject({ ok: false })
    expect(verifyTrail(second.entries.slice(1), second.head, first.head)).toMatchObject({
      fault: 'sequence_gap',
    })
  })

  it('tells of an entry that somebody altered, took out or put in', async () => {
    const entries = await everyEntry(world, 'org_all')
    const [first, second, ...rest] = entries
    if (first === undefined || second === undefined) throw new Error('two entries')
    const head = headOf(entries)
    expect(verifyTrail([first, { ...second, actor: 'adm_eve' }, ...rest], head)).toMatchObject({
      fault: 'altered_entry',
    })
    expect(verifyTrail([first, ...rest], head)).toMatchObject({ fault: 'sequence_gap' })
    expect(verifyTrail(entries.slice(0, -1), head)).toMatchObject({ fault: 'cut_off' })
  })

  it('takes documents of before there was a trail', async () => {
    const { id: org } = await openOrganisation(world)
    const { trail_due: _, ...before } = (await world.deps.collections.organisations.get(org, org)) ?? {}
    const { organisationDocument } = await import('../../backend/org/organisation.ts')
    const read = organisationDocument.parse(upgraded(organisationUpgrades, before))
    expect(read.trail_due).toEqual([])
  })
})

describe('at the same moment', () => {
  let pair: Pair
  beforeAll(async () => {
    pair = await openPair()
  })
  afterAll(() => pair.close())

  it('two instances and a worker write every change once, in one chain', async () => {
    const { world, org, key } = pair.site
    const other = pair.other.world
    const before = (await everyEntry(world, org)).length
    const users = Array.from({ length: 24 }, (_, n) => `u_${n}`)
    await Promise.all([
      ...users.map((user, n) => label(n % 2 === 0 ? world : other, key, user)),
      settleDueTrails(world.deps),
      settleDueTrails(other.deps),
    ])
    await Promise.all([settleDueTrails(world.deps), settleDueTrails(other.deps)])
    const entries = await everyEntry(other, org)
    expect(entries.length).toBe(before + 24)
    expect(new Set(entries.map(({ meta }) => meta['label'] ?? meta['key'] ?? 'created')).size).toBe(
      entries.length,
    )
    expect(integrityOf(entries)).toEqual({ ok: true, length: before + 24 })
  })
})

describe('a process that dies between a change and its entry', () => {
  const dies = () => Promise.reject(new Error('the process dies here'))

  const changes: [
    string,
    string,
    (world: World, org: string) => Promise<unknown>,
    (world: World, org: string) => Promise<boolean>,
  ][] = [
    [
      'a new fact',
      'organisation.changed',
      (world, org) => changeOrganisation(world.deps, org, () => ({ security_email: 'new@bank.example' })),
      async (world, org) =>
        (await world.deps.collections.organisations.get(org, org))?.security_email === 'new@bank.example',
    ],
    [
      'a new analyst',
      'admin.created',
      (world, org) =>
        createAdminAccount(world.deps, {
          org_id: org,
          email: `${org}@bank.example`,
          password: 'correct horse battery',
          role: 'analyst',
        }),
      async (world, org) =>
        (
          await world.deps.collections.adminAccounts.find({
            index: 'email',
            equals: [`${org}@bank.example`],
            limit: 1,
          })
        ).length === 1,
    ],
    [
      'a published policy',
      'policy.moved',
      publish,
      async (world, org) =>
        (await world.deps.collections.organisations.get(org, org))?.policies.live.live !== null,
    ],
  ]

  describe.each(changes)('%s', (_name, action, make, isMade) => {
    it('is in the trail once if it was made, and not at all if it was not, wherever it stops', async () => {
      const store: Store = openSqlite({ path: ':memory:' })
      const broken: InterruptibleStore = interruptible(store)
      const world = await openWorld({ store: broken.store })
      const { id: rehearsal } = await openOrganisation(world)
      broken.arm(null, 'writes')
      await make(world, rehearsal)
      const { count } = broken.disarm()
      expect(count).toBeGreaterThan(1)
      for (let at = 1; at <= count; at += 1)
        for (const when of ['before', 'after'] as const) {
          const { id: org } = await openOrganisation(world)
          broken.arm({ at, when, run: dies }, 'writes')
          await expect(make(world, org)).rejects.toThrow('the process dies here')
          broken.disarm()
          await settleDueTrails(world.deps)
          const entries = await everyEntry(world, org)
          const recorded = entries.filter((entry) => entry.action === action).length
          expect([at, when, recorded]).toEqual([at, when, (await isMade(world, org)) ? 1 : 0])
          expect(integrityOf(entries)).toMatchObject({ ok: true })
        }
      await world.close()
      await store.close()
    })
  })
})
