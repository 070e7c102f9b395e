import { expect, it } from 'vitest'
import { definitions } from '../../backend/collections.ts'
import { effectsOf } from '../../backend/effects/carry-out.ts'
import { createRelay } from '../../backend/outbox/relay.ts'
import { sealedBy } from '../../backend/store/define-collection.ts'
import { get, keyOfUrl } from '../support/client.ts'
import { worldForFile } from '../support/world-for-file.ts'
import { changePassword, meet, openSite, person, sessionOf } from './stage.ts'

/** While instances are upgraded one after the other, an older one meets sessions that a newer one has written. */

const world = await worldForFile()
const site = await openSite(world)

/** Sessions as the next release would declare them. */
const { upgrades = [] } = definitions.sessions
const next = { ...definitions.sessions, upgrades: [...upgrades, (stored: unknown) => stored] }
const nextSessions = world.store.collection(sealedBy(next, world.sealer))

const rewrittenByNext = async (id: string): Promise<void> => {
  const session = await nextSessions.get(site.org, id)
  if (session === null) throw new Error(`no ${id}`)
  expect((await nextSessions.replace(session, session.version)).ok).toBe(true)
}

it('the older one answers a site and a person with 503, and changes nothing', async () => {
  const { asked } = await meet(site, changePassword(person()))
  await rewrittenByNext(asked.session.id)
  const before = await nextSessions.get(site.org, asked.session.id)
  const read = await get<{ code: string; detail: string }>(`${world.url}/sessions/${asked.session.id}`, {
    authorization: `Bearer ${site.key}`,
  })
  expect([read.status, read.body.code]).toEqual([503, 'unavailable'])
  expect(read.body.detail).toContain('is being upgraded')
  const page = await fetch(`${world.url}/challenge/${keyOfUrl(asked.session.url)}`)
  expect([page.status, page.headers.get('retry-after')]).toEqual([503, '2'])
  expect(await nextSessions.get(site.org, asked.session.id)).toEqual(before)
})

it('the older one’s relay leaves a row to the newer one, as fresh as it was', async () => {
  const { asked } = await meet(site, { ...changePassword(person()), test: undefined })
  const row = {
    _id: `${asked.session.id}/99`,
    org_id: site.org,
    version: 1,
    purge_at: null,
    session_id: asked.session.id,
    effect: { kind: 'learn' },
    state: 'due',
    attempts: 0,
    due_at: world.deps.clock(),
    created_at: world.deps.clock(),
    last_error: null,
  } as const
  await world.deps.collections.outbox.insert(row)
  await rewrittenByNext(asked.session.id)
  const older = createRelay(world.deps, effectsOf(world.deps))
  const stored = () => world.deps.collections.outbox.get(site.org, row._id)
  for (let pass = 0; pass < 5; pass += 1) {
    await older.run()
    world.advance(3_000)
  }
  expect(await stored()).toMatchObject({ state: 'due', attempts: 0, last_error: null })
  const deps = { ...world.deps, collections: { ...world.deps.collections, sessions: nextSessions } }
  await createRelay(deps, effectsOf(deps)).run()
  expect(await stored()).toMatchObject({ state: 'done' })
})

it('the older one’s list of sessions shows the others', async () => {
  const [mine, theirs] = [
    await meet(site, changePassword(person())),
    await meet(site, changePassword(person())),
  ]
  await rewrittenByNext(theirs.asked.session.id)
  const faults: string[] = []
  const lines = await world.deps.collections.sessions.findLines({
    index: 'created',
    org_id: site.org,
    equals: ['live'],
    limit: 100,
    onUnreadable: ({ name }) => faults.push(name),
  })
  const ids = lines.map(({ summary }) => summary.id)
  expect(ids).toContain(mine.asked.session.id)
  expect(ids).not.toContain(theirs.asked.session.id)
  expect(new Set(faults)).toEqual(new Set(['WrittenByNewerRelease']))
  expect((await sessionOf(site, mine.asked.session.id)).status).toBe('open')
})
