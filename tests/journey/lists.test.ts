import { describe, expect, it } from 'vitest'
import type { EntriesAnswer, ListAnswer, ListImport } from '../../backend/contract/list.ts'
import type { Problem } from '../../backend/contract/problem.ts'
import { sweepLists } from '../../backend/list/sweep-lists.ts'
import { defaultScopes } from '../../backend/org/api-key.ts'
import { get, post } from '../support/client.ts'
import { worldForFile } from '../support/world-for-file.ts'
import { ask, lowTransfer, openPair, openSite, person, type Site, sessionOf } from './stage.ts'

/** Lists that rules look subjects up in: filled, used, undone, removed. */

const world = await worldForFile()
const bearer = ({ key }: Site) => ({ authorization: `Bearer ${key}` })
const call = <Body>(site: Site, path: string, body?: unknown) =>
  post<Body & Problem>(`${site.world.url}${path}`, body, bearer(site))
const read = <Body>(site: Site, path: string) => get<Body>(`${site.world.url}${path}`, bearer(site))

const csv = async <Body = EntriesAnswer>(site: Site, path: string, text: string) => {
  const response = await fetch(`${site.world.url}${path}`, {
    method: 'POST',
    headers: { ...bearer(site), 'content-type': 'text/csv' },
    body: text,
  })
  const body: Body & Problem = JSON.parse(await response.text())
  return { status: response.status, body }
}

const make = async (site: Site, name: string, kind: string, rest: Record<string, unknown> = {}) => {
  const made = await call<ListAnswer>(site, '/lists', { name, kind, owner: 'Fraud desk', ...rest })
  expect(made.status).toBe(200)
}

const rule = (id: string, when: unknown, then: unknown) => ({
  id: `rule_${id}`,
  name: `Rule ${id}`,
  priority: 5,
  mode: 'live',
  when,
  then,
})

const publish = async (site: Site, rules: unknown[]) => {
  const made = await call<{ id: string }>(site, '/policies', { changes: { rules }, note: 'lists' })
  if (made.status !== 201) return made
  return call(site, `/policies/${made.body.id}/publish`, { note: 'lists' })
}

const mule = { account: 'GB33BUKB20201555550001', name: 'M. Ule', country: 'GB' }
const matched = async (site: Site, change: Record<string, unknown> = {}) => {
  const asked = await ask(site, lowTransfer(person(), { payee: mule, ...change }))
  return { outcome: asked.outcome, rules: asked.rule_matches.map(({ rule_id }) => rule_id) }
}
const inMules = (site: Site) => matched(site).then(({ rules }) => rules.includes('rule_mules'))
const blockMules = rule('mules', { fact: 'payee', in_list: 'mules' }, { outcome: 'block_escalate' })

const openWithMules = async () => {
  const site = await openSite(world)
  await make(site, 'mules', 'payee')
  expect((await publish(site, [blockMules])).status).toBe(200)
  return site
}

describe('a list of payees', () => {
  it('blocks whoever is in it, from the moment of the import, and not any more once that is undone', async () => {
    const site = await openWithMules()
    expect(await inMules(site)).toBe(false)
    const brought = await csv(
      site,
      '/lists/mules/entries',
      'account,name\n"gb33 bukb 2020 1555 5500 01",Mule\nGB33BUKB20201555550002,\n,\n',
    )
    expect(brought.body).toMatchObject({
      lines: 3,
      entries: 2,
      rejected: 1,
      rejections: [{ line: 4, detail: expect.stringContaining('account') }],
      import: { state: 'committed', entries: 2 },
    })
    expect(await matched(site)).toEqual({ outcome: 'block_escalate', rules: ['rule_mules'] })
    const undone = await call<ListImport>(site, `/lists/mules/imports/${brought.body.import.id}/undo`)
    expect(undone.body.state).toBe('undone')
    expect(await inMules(site)).toBe(false)
  })

  it('keeps no account, and stores with the event what was found', async () => {
    const site = await openWithMules()
    await csv(site, '/lists/mules/entries', `account\n${mule.account}\n`)
    const asked = await ask(site, lowTransfer(person(), { payee: mule }))
    const { evaluation } = await sessionOf(site, asked.session.id)
    expect(evaluation.input?.facts.listed).toEqual([{ fact: 'payee', list: 'mules', is: true }])
    const [list] = await world.deps.collections.lists.find({
      index: 'standing',
      org_id: site.org,
      equals: ['live'],
      limit: 1,
    })
    const buckets = await Promise.all(
      ['A', 'Z', '_'].map((one) => world.deps.collections.listBuckets.get(site.org, `${list?.uid}.${one}`)),
    )
    expect(JSON.stringify([list, buckets])).not.toContain('55550001')
    const explained = await read<{ rules: unknown[] }>(site, `/events/${asked.event_id}/rules`)
    expect(explained.body.rules).toMatchObject([{ result: 'true', when: { value: true } }])
  })

  it('is of its environment and its organisation alone', async () => {
    const site = await openWithMules()
    await csv(site, '/lists/mules/entries', `account\n${mule.account}\n`)
    const other = await openWithMules()
    expect(await inMules(other)).toBe(false)
    expect((await read<{ lists: ListAnswer[] }>(other, '/lists')).body.lists[0]?.entries).toBe(0)
    expect((await call(other, '/lists/strangers/imports', {})).status).toBe(404)
  })

  it('ends when it says so: conditions on it are unknown then', async () => {
    const site = await openWithMules()
    await csv(site, '/lists/mules/entries', `account\n${mule.account}\n`)
    const expires_at = new Date(world.deps.clock() + 60_000).toISOString()
    await make(site, 'mules', 'payee', { expires_at })
    expect(await inMules(site)).toBe(true)
    world.advance(61_000)
    const asked = await ask(site, lowTransfer(person(), { payee: mule }))
    const { evaluation } = await sessionOf(site, asked.session.id)
    expect(evaluation.input?.facts.listed).toEqual([{ fact: 'payee', list: 'mules', is: null }])
  })

  it('a single entry goes by an import that removes it, until that is undone', async () => {
    const site = await openWithMules()
    await csv(site, '/lists/mules/entries', `account\n${mule.account}\n`)
    const removed = await call<EntriesAnswer>(site, '/lists/mules/entries?mode=remove', {
      entries: [{ account: mule.account }],
    })
    expect(await inMules(site)).toBe(false)
    await call(site, `/lists/mules/imports/${removed.body.import.id}/undo`)
    expect(await inMules(site)).toBe(true)
  })

  it('an entry has an end of its own', async () => {
    const site = await openWithMules()
    const ends = new Date(world.deps.clock() + 60_000).toISOString()
    await csv(site, '/lists/mules/entries', `account,expires_at\n${mule.account},${ends}\n`)
    expect(await inMules(site)).toBe(true)
    world.advance(121_000)
    expect(await inMules(site)).toBe(false)
  })
})

describe('an import of several parts', () => {
  const part = (n: number) => `account\nGB33BUKB2020155556${String(n).padStart(4, '0')}\n`

  it('is met by nobody before it is committed, and then whole', async () => {
    const site = await openWithMules()
    const begun = await call<ListImport>(site, '/lists/mules/imports', { mode: 'replace' })
    const { id } = begun.body
    await csv(site, `/lists/mules/entries?import=${id}&part=0`, `account\n${mule.account}\n`)
    await csv(site, `/lists/mules/entries?import=${id}&part=1&first_line=3`, part(1))
    // A lost answer: the part comes again.
    await csv(site, `/lists/mules/entries?import=${id}&part=1&first_line=3`, part(1))
    expect(await inMules(site)).toBe(false)
    const committed = await call<ListImport>(site, `/lists/mules/imports/${id}/commit`)
    expect(committed.body).toMatchObject({ state: 'committed', entries: 2 })
    expect(await inMules(site)).toBe(true)
    expect((await call<ListImport>(site, `/lists/mules/imports/${id}/commit`)).body.entries).toBe(2)
    expect((await csv(site, `/lists/mules/entries?import=${id}&part=2`, part(2))).status).toBe(409)
  })

  it('killed half-way leaves nothing that anybody meets; begun again it works, and the rest is swept away', async () => {
    const site = await openWithMules()
    const first = await call<ListImport>(site, '/lists/mules/imports', {})
    await csv(site, `/lists/mules/entries?import=${first.body.id}&part=0`, `account\n${mule.account}\n`)
    const again = await csv(site, '/lists/mules/entries', part(7))
    expect(again.body.import.state).toBe('committed')
    expect(await inMules(site)).toBe(false)
    world.advance(25 * 3_600_000)
    await call(site, '/lists/mules/imports', {})
    for (let swept = 1; swept > 0; ) swept = await sweepLists(world.deps)
    expect(await stored(site)).toEqual([expect.stringMatching(/ 2 \+ $/)])
  })

  it('two imports at once both count', async () => {
    const site = await openWithMules()
    const both = await Promise.all([
      csv(site, '/lists/mules/entries', part(1)),
      csv(site, '/lists/mules/entries', part(1)),
    ])
    expect(both.map(({ body }) => body.import.state)).toEqual(['committed', 'committed'])
    expect((await read<ListAnswer>(site, '/lists/mules')).body).toMatchObject({ entries: 2 })
  })

  it('two instances that import and undo at once leave what was committed and not undone', async () => {
    const { site, other, close } = await openPair()
    await make(site, 'mules', 'payee')
    const kept = await csv(site, '/lists/mules/entries', part(0))
    const gone = await csv(site, '/lists/mules/entries', part(0))
    await Promise.all([
      call(site, `/lists/mules/imports/${gone.body.import.id}/undo`),
      csv(other, '/lists/mules/entries', part(1)),
      csv(site, '/lists/mules/entries', part(2)),
      call(other, `/lists/mules/imports/${gone.body.import.id}/undo`),
    ])
    const { body } = await read<ListAnswer>(other, '/lists/mules')
    expect(body.entries).toBe(3)
    expect(body.imports.find(({ id }) => id === kept.body.import.id)?.state).toBe('committed')
    await close()
  })
})

/** Every entry of every list of the organisation, as it is stored. */
const stored = async (site: Site): Promise<string[]> => {
  const [list] = await world.deps.collections.lists.find({
    index: 'standing',
    org_id: site.org,
    equals: ['live'],
    limit: 1,
  })
  const { prefixes } = await import('../../backend/list/bucket.ts')
  const buckets = await Promise.all(
    prefixes.map((prefix) => world.deps.collections.listBuckets.get(site.org, `${list?.uid}.${prefix}`)),
  )
  return buckets.flatMap((bucket) => bucket?.entries ?? [])
}

describe('lists of other kinds', () => {
  it.each<[string, string, string, Record<string, unknown>, Record<string, unknown>]>([
    ['device', 'device', 'd_7f', { device: { id: 'd_7f' } }, { device: { id: 'd_8f' } }],
    [
      'network',
      'network',
      '203.0.113.0/24',
      { network: { ip: '203.0.113.9' } },
      { network: { ip: '203.0.114.9' } },
    ],
    [
      'network',
      'network',
      '2001:db8::/64',
      { network: { ip: '2001:0db8::1' } },
      { network: { ip: '2001:db8:0:1::1' } },
    ],
    [
      'email_domain',
      'user.email_domain',
      'Mail.Example',
      { user: { id: 'u_x', email: 'ana@MAIL.example' } },
      { user: { id: 'u_x', email: 'ana@mail2.example' } },
    ],
    ['country', 'place.country', 'es', { place: { country: 'ES' } }, { place: { country: 'PT' } }],
  ])('%s: what is in it is found, and nothing else', async (kind, fact, value, inside, outside) => {
    const site = await openSite(world)
    await make(site, 'watched', kind)
    await publish(site, [rule('in', { fact, in_list: 'watched' }, { points: 1 })])
    await csv(site, '/lists/watched/entries', `value\n${value}\n`)
    expect((await matched(site, inside)).rules).toEqual(['rule_in'])
    expect((await matched(site, outside)).rules).toEqual([])
  })

  it('a device that only the browser names is in no list, so that no browser can claim one', async () => {
    const site = await openSite(world)
    await make(site, 'trusted', 'device')
    await publish(site, [rule('in', { fact: 'device', in_list: 'trusted' }, { outcome: 'allow' })])
    await csv(site, '/lists/trusted/entries', 'value\nd_7f\n')
    expect((await matched(site, { device: { id: 'd_7f' } })).rules).toEqual(['rule_in'])
    expect((await matched(site, { device: null, telemetry: { device_id: 'd_7f' } })).rules).toEqual([])
  })

  it('who is allowed by a list is still met by what stands above rules', async () => {
    const site = await openSite(world)
    await make(site, 'trusted', 'user')
    await publish(site, [rule('in', { fact: 'user', in_list: 'trusted' }, { outcome: 'allow' })])
    const user = person()
    await csv(site, '/lists/trusted/entries', `value\n${user.id}\n`)
    const calm = await ask(site, lowTransfer(user))
    expect(calm.outcome).toBe('allow')
    const context = { remote_access: true }
    expect((await ask(site, lowTransfer(user, { context }))).outcome).not.toBe('allow')
  })
})

describe('what is refused', () => {
  it('publishing a rule that names a list which is not there, or is of another kind', async () => {
    const site = await openSite(world)
    const refused = await publish(site, [blockMules])
    expect(refused.body).toMatchObject({
      code: 'policy_invalid',
      errors: [{ path: 'rules[0].when.in_list', message: expect.stringContaining('no list mules') }],
    })
    await make(site, 'mules', 'device')
    expect((await publish(site, [blockMules])).body.errors?.[0]?.message).toContain('of kind device')
  })

  it('removing a list that a live rule names, by the rule; afterwards it goes, and comes back empty', async () => {
    const site = await openWithMules()
    await csv(site, '/lists/mules/entries', `account\n${mule.account}\n`)
    const remove = () => fetch(`${world.url}/lists/mules`, { method: 'DELETE', headers: bearer(site) })
    const refused = await remove()
    expect([refused.status, await refused.json()]).toMatchObject([
      409,
      { code: 'list_conflict', detail: expect.stringContaining('rule rule_mules (“Rule mules”)') },
    ])
    await publish(site, [])
    expect((await remove()).status).toBe(204)
    expect((await remove()).status).toBe(404)
    await make(site, 'mules', 'payee')
    await publish(site, [blockMules])
    expect(await inMules(site)).toBe(false)
    for (let swept = 1; swept > 0; ) swept = await sweepLists(world.deps)
    expect(await stored(site)).toEqual([])
  })

  it('a key without the scope, and no default key has it', async () => {
    expect(defaultScopes).not.toContain('lists:write')
  })

  it.each<[string, string, number, string]>([
    ['no header', 'GB33BUKB20201555550001\n', 400, 'must name the columns'],
    ['a header alone', 'account\n', 400, 'no line behind the header'],
    ['no line that can be read', 'account,name\nx\ny\n', 400, 'None of 2 lines can be read'],
  ])('a file with %s, which leaves nothing', async (_, text, status, detail) => {
    const site = await openWithMules()
    await csv(site, '/lists/mules/entries', `account\n${mule.account}\n`)
    const refused = await csv(site, '/lists/mules/entries?mode=replace', text)
    expect([refused.status, refused.body.detail]).toEqual([status, expect.stringContaining(detail)])
    expect(await inMules(site)).toBe(true)
  })

  it('another kind under the same name', async () => {
    const site = await openWithMules()
    const other = await call(site, '/lists', { name: 'mules', kind: 'user', owner: 'Fraud desk' })
    expect([other.status, other.body.code]).toEqual([409, 'list_conflict'])
  })
})

it('every change of a list is in the trail of the organisation, without an entry', async () => {
  const site = await openWithMules()
  const brought = await csv(site, '/lists/mules/entries', `account\n${mule.account}\n`)
  await call(site, `/lists/mules/imports/${brought.body.import.id}/undo`)
  const trail = await read<{ entries: { action: string; meta: Record<string, unknown> }[] }>(
    site,
    '/audit/organisation',
  )
  const about = trail.body.entries.filter(({ action }) => action.startsWith('list.'))
  expect(about.map(({ action }) => action).toSorted()).toEqual([
    'list.created',
    'list.import_committed',
    'list.import_undone',
  ])
  expect(about.every(({ meta }) => meta['list'] === 'mules' && meta['environment'] === 'live')).toBe(true)
  expect(JSON.stringify(about)).not.toContain('55550001')
})

it('without a rule that names one, no list is read', async () => {
  const site = await openSite(world)
  await make(site, 'mules', 'payee')
  const { lists } = world.deps.collections
  const getList = lists.get.bind(lists)
  let reads = 0
  lists.get = (org, id) => {
    reads += 1
    return getList(org, id)
  }
  await matched(site)
  lists.get = getList
  expect(reads).toBe(0)
})
