import { describe, expect, it } from 'vitest'
import { expireDue } from '../../backend/checkpoint.ts'
import { sessionDetailOf } from '../../backend/http/session-detail-answer.ts'
import { get, keyOfUrl, type Page, post, step, trail } from '../support/client.ts'
import { stateIn } from '../support/step-state.ts'
import { worldForFile } from '../support/world-for-file.ts'
import { ask, highTransfer, meet, minute, openSite, person, sessionOf, walk } from './stage.ts'

/** *Shown* means shown: a question that nobody opened is prepared, and says so everywhere. */

const world = await worldForFile()
const site = await openSite(world)

const second = 1000

const opened = async (page: Page, stepToken = page.view.step_token) =>
  fetch(`${world.url}/checkpoint/opened`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ session: page.view.session_key, step_token: stepToken }),
  })

const entries = async (id: string, action: string) =>
  (await trail(world, site.key, id)).body.entries.filter((entry) => entry.action === action)

const storySteps = async (id: string) =>
  sessionDetailOf(await sessionOf(site, id), { holds: [], incident: null, labelable: [], labels: [] }).steps

const reportedStart = async (id: string) => {
  const { body } = await get<{
    session: { report: { node_reports: { started_at: string | null }[] } }
  }>(`${world.url}/sessions/${id}`, { authorization: `Bearer ${site.key}` })
  return body.session.report.node_reports[0]?.started_at
}

const nobodySaw = async (id: string) => {
  expect(await entries(id, 'step.prepared')).toHaveLength(1)
  expect(await entries(id, 'step.started')).toEqual([])
  expect((await storySteps(id))[0]).toMatchObject({ type: 'intent', shown_at: null, dwell_ms: null })
  expect(await reportedStart(id)).toBeNull()
}

describe('a question that was prepared', () => {
  it('is not shown while nobody has opened the page', async () => {
    const asked = await ask(site, highTransfer(person()))
    await nobodySaw(asked.session.id)
  })

  it('is not shown because somebody, or a mail scanner, has read the link: reading writes nothing', async () => {
    const { asked } = await meet(site, highTransfer(person()))
    const before = await sessionOf(site, asked.session.id)
    await fetch(`${world.url}/challenge/${keyOfUrl(asked.session.url)}`)
    expect(await sessionOf(site, asked.session.id)).toEqual(before)
    await nobodySaw(asked.session.id)
  })

  it('was not shown when its time ran out unopened', async () => {
    const asked = await ask(site, highTransfer(person()))
    world.advance(16 * minute)
    await expireDue(world.deps)
    await nobodySaw(asked.session.id)
  })

  it('is shown from the moment that the page’s script says so, once', async () => {
    const { asked, page } = await meet(site, highTransfer(person()))
    world.advance(40 * second)
    const at = world.deps.clock()
    expect((await opened(page)).status).toBe(204)
    world.advance(second)
    expect((await opened(page)).status).toBe(204)
    const started = await entries(asked.session.id, 'step.started')
    expect(started).toMatchObject([
      { at, actor_type: 'person', meta: { step: 'intent', evidence: 'script' } },
    ])
    expect(await reportedStart(asked.session.id)).toBe(new Date(at).toISOString())
    world.advance(8 * second)
    await step(world, page, 'intent', { answer: 'no' })
    expect((await storySteps(asked.session.id))[0]).toMatchObject({ shown_at: at, dwell_ms: 9 * second })
  })

  it('is shown by its first submit where there is no script, and how long it stood is not made up', async () => {
    const { asked, page } = await meet(site, highTransfer(person()))
    const prepared = world.deps.clock()
    world.advance(20 * second)
    await step(world, page, 'intent', { answer: 'no' })
    const at = world.deps.clock()
    const [first, next] = await storySteps(asked.session.id)
    expect(first).toMatchObject({ prepared_at: prepared, shown_at: at, finished_at: at })
    expect(next).toMatchObject({ prepared_at: at, shown_at: at })
    expect(await entries(asked.session.id, 'step.started')).toMatchObject([
      { at, meta: { step: 'intent', evidence: 'submit' } },
      { at, meta: { step: 'confirm_action' } },
    ])
  })
})

describe('the page’s call', () => {
  it('prolongs nothing, weighs nothing and closes no turn', async () => {
    const { asked, page } = await meet(site, highTransfer(person()))
    const before = await sessionOf(site, asked.session.id)
    world.advance(minute)
    await opened(page)
    const after = await sessionOf(site, asked.session.id)
    const kept = ({ checkpoint: { deadline_at, turn, score, tier, steps }, status }: typeof before) => ({
      deadline_at,
      turn,
      score,
      tier,
      steps,
      status,
    })
    expect(kept(after)).toEqual(kept(before))
    expect((await walk(site, page)).view.resolution).toBe('allowed')
  })

  it('changes nothing with a token of another step, after the end, or after an answer', async () => {
    const { asked, page } = await meet(site, highTransfer(person()))
    await opened(page, 'made-up')
    await nobodySaw(asked.session.id)
    const next = await step(world, page, 'intent', { answer: 'no' })
    const answered = await sessionOf(site, asked.session.id)
    await opened(next)
    expect(await sessionOf(site, asked.session.id)).toEqual(answered)
    const late = await meet(site, highTransfer(person()))
    world.advance(16 * minute)
    expect((await opened(late.page)).status).toBe(204)
    await nobodySaw(late.asked.session.id)
  })

  it('opens nothing with a key that is none, and is refused from another site', async () => {
    const { page } = await meet(site, highTransfer(person()))
    const body = { session: 'nobody', step_token: 'x' }
    expect((await post(`${world.url}/checkpoint/opened`, body)).status).toBe(404)
    const foreign = { session: page.view.session_key, step_token: page.view.step_token }
    const refused = await post(`${world.url}/checkpoint/opened`, foreign, { 'sec-fetch-site': 'cross-site' })
    expect(refused.status).toBe(403)
  })

  it('and an answer at the same moment: both stand, and the page was opened once', async () => {
    const { asked, page } = await meet(site, highTransfer(person()))
    await Promise.all([opened(page), step(world, page, 'intent', { answer: 'no' }), opened(page)])
    const starts = await entries(asked.session.id, 'step.started')
    expect(starts.filter(({ meta }) => meta['step'] === 'intent')).toHaveLength(1)
    expect(stateIn(await sessionOf(site, asked.session.id), 'intent')).toMatchObject({ answer: 'no' })
  })
})
