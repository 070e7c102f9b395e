import { expect, test } from 'vitest'
import { overlapMs } from '../../backend/http/admin/live-feed.ts'
import type { Session } from '../../backend/session/document.ts'
import { StoreUnavailable } from '../../backend/store/port.ts'
import { openOrganisation } from '../support/world.ts'
import { addAnalyst, logIn, postJson } from './desk.ts'
import { deskForFile } from './desk-for-file.ts'
import { sessionFixture } from './fixtures.ts'

const desk = await deskForFile()
const org = (await openOrganisation(desk.world)).id
await addAnalyst(desk, org, 'mira@ours.example')

const now = () => desk.world.deps.clock()
const insert = (id: string, at = now(), orgId = org) =>
  desk.world.deps.collections.sessions.insert(sessionFixture({ org_id: orgId, id, at }))

const change = async (id: string, patch: Partial<Session> = {}) => {
  const { sessions } = desk.world.deps.collections
  const before = await sessions.get(org, `ses_${id}`)
  if (before === null) throw new Error(id)
  await sessions.replace({ ...before, updated_at: now(), ...patch }, before.version)
}

type Frame = { id: string | null; event: string; data: { id: string; version: number } }

/** A reader of server-sent events, one frame at a time. */
const watch = async (cookie: string, lastEventId?: string) => {
  const response = await fetch(`${desk.origin}/api/live?environment=live`, {
    headers: { cookie, ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) },
  })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  if (reader === undefined) throw new Error('no body')
  let text = ''
  const next = async (): Promise<Frame | 'end'> => {
    for (;;) {
      const end = text.indexOf('\n\n')
      const block = end < 0 ? null : text.slice(0, end)
      if (block !== null) {
        text = text.slice(end + 2)
        const fields = new Map(
          block.split('\n').map((line) => [line.split(': ', 1)[0], line.slice(line.indexOf(': ') + 2)]),
        )
        const data = fields.get('data')
        if (data !== undefined)
          return { id: fields.get('id') ?? null, event: fields.get('event') ?? '', data: JSON.parse(data) }
        continue
      }
      const chunk = await reader.read()
      if (chunk.done) return 'end'
      text += chunk.value
    }
  }
  const take = async (count: number): Promise<Frame[]> => {
    const frames: Frame[] = []
    while (frames.length < count) {
      const frame = await next()
      if (frame === 'end') throw new Error('the stream ended')
      frames.push(frame)
    }
    return frames
  }
  /** Reads to the end of the stream; a stream that goes on runs into the test's time limit. */
  const end = async (): Promise<'end'> => {
    while ((await next()) !== 'end');
    return 'end'
  }
  return { response, take, end, stop: () => reader.cancel() }
}

const nameOf = ({ data }: Frame) => `${data.id}@${data.version}`

test('a change reaches whoever watches, each version once, with only what a list line holds', async () => {
  const cookie = await logIn(desk, 'mira@ours.example')
  const live = await watch(cookie)
  expect(live.response.headers.get('content-type')).toContain('text/event-stream')
  expect(live.response.headers.get('cache-control')).toBe('no-store')
  await insert('live1')
  const [first] = await live.take(1)
  await change('live1')
  const [second] = await live.take(1)
  await insert('live2')
  const [third] = await live.take(1)
  expect([first, second, third].map((frame) => frame && nameOf(frame))).toEqual([
    'ses_live1@1',
    'ses_live1@2',
    'ses_live2@1',
  ])
  expect(JSON.stringify([first, second, third])).not.toContain('SECRET')
  await live.stop()
})

test('a page that was cut off goes on behind its last event: nothing lost, nothing twice', async () => {
  const cookie = await logIn(desk, 'mira@ours.example')
  desk.world.advance(60_000)
  const live = await watch(cookie)
  await insert('cut1')
  const [last] = await live.take(1)
  await live.stop()
  const seen = new Set([last && nameOf(last)])

  desk.world.advance(overlapMs + 1)
  await insert('cut2')
  desk.world.advance(overlapMs + 1)
  await insert('cut3')
  await change('cut2')
  const again = await watch(cookie, last?.id ?? '')
  // The overlap brings the last event once more; the page drops it by id and version, as it would any other.
  const frames = (await again.take(3)).filter((frame) => !seen.has(nameOf(frame)))
  await insert('cut4')
  frames.push(...(await again.take(1)))
  expect(frames.map(nameOf).sort()).toEqual(['ses_cut2@2', 'ses_cut3@1', 'ses_cut4@1'])
  await again.stop()
})

test('a write that arrives late, behind newer ones, is not lost', async () => {
  const cookie = await logIn(desk, 'mira@ours.example')
  desk.world.advance(60_000)
  const live = await watch(cookie)
  await insert('newer')
  await live.take(1)
  await insert('late', now() - overlapMs + 1)
  expect((await live.take(1)).map(nameOf)).toEqual(['ses_late@1'])
  await live.stop()
})

test('an instance whose clock runs ahead does not hide what the others write', async () => {
  const cookie = await logIn(desk, 'mira@ours.example')
  desk.world.advance(60_000)
  const live = await watch(cookie)
  await insert('ahead', now() + 120_000)
  await live.take(1)
  await insert('ontime')
  expect((await live.take(1)).map(nameOf)).toEqual(['ses_ontime@1'])
  await live.stop()
})

test('a cursor from too long ago tells the page to read its list again', async () => {
  const cookie = await logIn(desk, 'mira@ours.example')
  const live = await watch(cookie)
  await insert('old')
  const frames = await live.take(1)
  await live.stop()
  desk.world.advance(14 * 60_000)
  const fresh = await logIn(desk, 'mira@ours.example')
  desk.world.advance(2 * 60_000)
  const again = await watch(fresh, frames.at(-1)?.id ?? '')
  expect((await again.take(1)).map(({ event }) => event)).toEqual(['reset'])
  await again.stop()
})

test('two watchers see the same, and neither sees another organisation', async () => {
  const cookie = await logIn(desk, 'mira@ours.example')
  desk.world.advance(60_000)
  const [one, two] = [await watch(cookie), await watch(cookie)]
  await insert('foreign', now(), (await openOrganisation(desk.world)).id)
  await insert('shared')
  expect((await one.take(1)).map(nameOf)).toEqual(['ses_shared@1'])
  expect((await two.take(1)).map(nameOf)).toEqual(['ses_shared@1'])
  await Promise.all([one.stop(), two.stop()])
})

test('logging out ends the live view', async () => {
  const cookie = await logIn(desk, 'mira@ours.example')
  const live = await watch(cookie)
  await postJson(desk, '/api/logout', {}, { cookie })
  expect(await live.end()).toBe('end')
})

test('watching does not prolong a login: the live view ends with it', async () => {
  const cookie = await logIn(desk, 'mira@ours.example')
  const live = await watch(cookie)
  desk.world.advance(15 * 60_000)
  expect(await live.end()).toBe('end')
})

test('a store that does not answer ends the live view rather than trusting an old login', async () => {
  const cookie = await logIn(desk, 'mira@ours.example')
  const live = await watch(cookie)
  const { adminLogins } = desk.world.deps.collections
  const works = adminLogins.get
  adminLogins.get = () => Promise.reject(new StoreUnavailable('disk gone'))
  expect(await live.end()).toBe('end')
  adminLogins.get = works
})

test('a process that stops ends the live views itself: they are requests that never finish', async () => {
  const live = await watch(await logIn(desk, 'mira@ours.example'))
  desk.drain()
  expect(await live.end()).toBe('end')
})

test('one login can hold eight live views and no more', async () => {
  const cookie = await logIn(desk, 'mira@ours.example')
  const views = await Promise.all(Array.from({ length: 8 }, () => watch(cookie)))
  expect((await watch(cookie)).response.status).toBe(429)
  await Promise.all(views.map((view) => view.stop()))
})
