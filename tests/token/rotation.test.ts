import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { allDefinitions } from '../../backend/collections.ts'
import type { Problem } from '../../backend/contract/problem.ts'
import { resealOrganisations } from '../../backend/org/reseal.ts'
import { refuseUnknownMasters, resealPersonKeys } from '../../backend/sealing/reseal-person-keys.ts'
import { createSecrets } from '../../backend/secrets.ts'
import type { Store } from '../../backend/store/port.ts'
import { openSqlite } from '../../backend/store/sqlite.ts'
import {
  codeIn,
  get,
  ingest,
  keyOfUrl,
  openPage,
  post,
  step,
  submit,
  transfer,
  verify,
} from '../support/client.ts'
import { openWorld, ring, type World } from '../support/world.ts'
import { decide, openSite, type Site } from './allowed.ts'

/**
 * The drill: a new key in front, a restart, an hour, the old key gone. While both are there nothing that was handed out
 * is refused; when the old one is gone nothing of it opens anything, and nothing fails.
 */

const [oldMaster, newMaster, oldPepper, newPepper] = [ring('m1'), ring('m2'), ring('p1'), ring('p2')]
// An instance that still makes sessions of the old key, beside others, knows the new one already: it stands behind.
const before = createSecrets([...oldMaster, ...newMaster], [...oldPepper, ...newPepper])
const during = createSecrets([...newMaster, ...oldMaster], [...newPepper, ...oldPepper])
const after = createSecrets(newMaster, newPepper)

const clock = { now: Date.UTC(2026, 10, 21, 10) }
let store: Store
const worlds: World[] = []
const open = async (secrets: typeof before): Promise<World> => {
  const world = await openWorld({ store, secrets, clock })
  worlds.push(world)
  return world
}

const delayed = (id: string) =>
  transfer({
    action: 'change_password',
    user: { id, email: `${id}@example.com` },
    amount: undefined,
    payee: undefined,
    target: 'password',
    test: { outcome: 'delay_verify' },
  })

beforeAll(async () => {
  store = openSqlite({ path: ':memory:' })
  await store.prepare(allDefinitions)
})
afterAll(async () => {
  for (const world of worlds) await world.close()
  await store.close()
})

describe('rotating the master key and the pepper', () => {
  let site: Site
  let first: World

  beforeAll(async () => {
    first = await open(before)
    site = await openSite(first)
  })

  it('while both keys are there, tokens, links, half-finished steps, codes and replays go on', async () => {
    const unspent = await decide(first, site.testKey)
    const asked = await ingest(first, site.testKey, delayed('u_half'), 'half')
    let page = await openPage(first, asked.body.session.url)
    page = await step(first, page, 'intent', { answer: 'no' })
    expect(page.view.screen.screen).toBe('email_code')
    await first.relay()
    const code = codeIn(first)

    const both = await open(during)
    expect(await resealOrganisations(both.deps)).toEqual({ resealed: 1 })
    expect(await resealOrganisations(both.deps)).toEqual({ resealed: 0 })

    expect((await ingest(both, site.testKey, delayed('u_half'), 'half')).body).toEqual(asked.body)
    page = await step(both, await openPage(both, asked.body.session.url), 'respond', { code })
    expect(page.view.resolution).toBe('allowed')
    const { body } = await verify(both, site.testKey, { token: unspent.token, expected: unspent.expected })
    expect(body.valid).toBe(true)
    const fresh = await decide(both, site.testKey)
    expect(JSON.parse(Buffer.from(fresh.token.split('.')[0] ?? '', 'base64url').toString())).toMatchObject({
      kid: 'm2',
    })
  })

  it('a hold that was opened under the old key holds under the new one', async () => {
    const asked = await ingest(
      first,
      site.testKey,
      transfer({ user: { id: 'u_held', email: 'h@example.com' }, test: { outcome: 'delay_verify' } }),
    )
    await step(first, await openPage(first, asked.body.session.url), 'intent', { answer: 'yes' })
    // As each start of an instance with both keys does.
    await resealPersonKeys((await open(during)).deps)
    const gone = await open(after)
    const again = await ingest(
      gone,
      site.testKey,
      transfer({ user: { id: 'u_held', email: 'h@example.com' } }),
    )
    expect(again.body).toMatchObject({ outcome: 'block_escalate', hold: { reason: 'answered_yes' } })
  })

  it('when the old key is gone, its tokens are invalid, its links open nothing, and nothing fails', async () => {
    const both = await open(during)
    const [old, current] = [await decide(first, site.testKey), await decide(both, site.testKey)]
    const asked = await ingest(first, site.testKey, delayed('u_old'), 'old')
    const page = await openPage(first, asked.body.session.url)

    await resealPersonKeys(both.deps)
    const gone = await open(after)
    const authorization = `Bearer ${site.testKey}`
    const bodyOf = ({ token, expected }: typeof old) => ({ token, expected })
    expect((await verify(gone, site.testKey, bodyOf(old))).body).toMatchObject({
      valid: false,
      code: 'invalid',
    })
    expect((await verify(gone, site.testKey, bodyOf(current))).body).toMatchObject({ valid: true })

    const shown = await fetch(`${gone.url}/challenge/${keyOfUrl(asked.body.session.url)}`)
    expect([shown.status, shown.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
    const answered = await submit(gone, page, 'intent', { answer: 'no' })
    expect([answered.status, answered.body.code]).toEqual([404, 'not_found'])
    const replayed = await post<Problem>(`${gone.url}/events/ingest`, delayed('u_old'), {
      authorization,
      'idempotency-key': 'old',
    })
    expect([replayed.status, replayed.body.code]).toEqual([409, 'session_resolved'])

    // What the site may read about the session needs no key of it.
    const { id } = asked.body.session
    for (const path of [`/sessions/${id}`, `/audit?session=${id}`])
      expect((await get(`${gone.url}${path}`, { authorization })).status).toBe(200)
    const told = await post(`${gone.url}/sessions/${id}/context`, { remote_access: true }, { authorization })
    expect([told.status, told.body]).toEqual([
      200,
      { session_id: id, status: 'resolved', outcome: 'block_escalate' },
    ])
  })

  it('a pepper that went too early closes the session’s page instead of failing at its code', async () => {
    const both = await open(during)
    const asked = await ingest(first, site.testKey, delayed('u_pepper'))
    await step(both, await openPage(both, asked.body.session.url), 'intent', { answer: 'no' })
    const early = await open(createSecrets([...newMaster, ...oldMaster], newPepper))
    const shown = await fetch(`${early.url}/challenge/${keyOfUrl(asked.body.session.url)}`)
    expect(shown.status).toBe(404)
    await early.relay()
    expect(early.mails.filter((mail) => mail.to === 'u_pepper@example.com')).toEqual([])
  })

  it('a start without the key that a person’s data are sealed under refuses and names the key', async () => {
    await decide(first, site.testKey)
    const gone = await open(after)
    await expect(refuseUnknownMasters(gone.deps)).rejects.toThrow('"m1", which is not in MASTER_KEYS')
    const both = await open(during)
    await refuseUnknownMasters(both.deps)
    expect((await resealPersonKeys(both.deps)).resealed).toBeGreaterThan(0)
    expect(await resealPersonKeys(both.deps)).toEqual({ resealed: 0 })
    await refuseUnknownMasters(gone.deps)
  })

  it('a start without the key that an organisation is sealed under refuses and names the key', async () => {
    const early = await open(createSecrets(ring('m3'), ring('p3')))
    await expect(resealOrganisations(early.deps)).rejects.toThrow('"m2" is no longer in the ring')
  })
})
