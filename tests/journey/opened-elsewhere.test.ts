import { describe, expect, it } from 'vitest'
import { expectedOf, type Page, post, verify } from '../support/client.ts'
import { worldForFile } from '../support/world-for-file.ts'
import {
  actionsOf,
  count,
  lowTransfer,
  meet,
  openSite,
  person,
  reload,
  screensOf,
  sessionOf,
  walk,
} from './stage.ts'

/** An action asked for on one device, and a checkpoint that another one answers. */

const phone = 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/156.0.0.0 Mobile Safari/537.36'
const laptop = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'
const onPhone = { device: { id: 'd_7f', user_agent: phone } }

const world = await worldForFile()
const site = await openSite(world)

/** Answers the question as the browser of that name would. */
const sayNo = (page: Page, userAgent: string) =>
  post<{ view: Page['view'] }>(
    `${world.url}/checkpoint/intent`,
    { session: page.key, step_token: page.view.step_token, answer: 'no' },
    { 'sec-fetch-site': 'same-origin', 'user-agent': userAgent },
  )

describe('a checkpoint that is answered on another device', () => {
  it('asks for a code on top, lets the person go on, and says why on the trail', async () => {
    const event = lowTransfer(person(), onPhone)
    const { asked, page } = await meet(site, event)
    await sayNo(page, laptop)
    const code = await reload(site, asked)
    expect(screensOf(code)).toBe('email_code')
    const passed = await walk(site, code)
    expect(screensOf(passed)).toBe('allowed')

    const session = await sessionOf(site, asked.session.id)
    expect(session.evaluation.assessment.score).toBe(asked.score)
    expect(session.checkpoint.reasons.map(({ code: name, points }) => [name, points])).toEqual([
      ['LINK_OPENED_ELSEWHERE', 5],
      ['ANSWER_INDEPENDENT', -10],
    ])
    expect(count(await actionsOf(site, asked.session.id), 'link.opened_elsewhere')).toBe(1)
    const spent = await verify(world, site.key, {
      session_id: asked.session.id,
      expected: expectedOf(event),
    })
    expect(spent.body.valid).toBe(true)
  })

  it('asks for nothing on the same kind of device', async () => {
    const { asked, page } = await meet(site, lowTransfer(person(), onPhone))
    await sayNo(page, phone)
    expect(screensOf(await reload(site, asked))).toBe('allowed')
    expect(await actionsOf(site, asked.session.id)).not.toContain('link.opened_elsewhere')
  })

  it('never ends by that alone: somebody without a mailbox goes on without a code', async () => {
    const { asked, page } = await meet(site, lowTransfer({ ...person(), email: null }, onPhone))
    await sayNo(page, laptop)
    expect(screensOf(await reload(site, asked))).toBe('allowed')
    expect(await actionsOf(site, asked.session.id)).toContain('link.opened_elsewhere')
  })

  it('is judged once, by whoever answers first, however many do at the same moment', async () => {
    const { asked, page } = await meet(site, lowTransfer(person(), onPhone))
    await Promise.all([laptop, phone, laptop, laptop].map((userAgent) => sayNo(page, userAgent)))
    const session = await sessionOf(site, asked.session.id)
    const noted = count(await actionsOf(site, asked.session.id), 'link.opened_elsewhere')
    const reasons = session.checkpoint.reasons.filter(({ code }) => code === 'LINK_OPENED_ELSEWHERE')
    expect(noted).toBeLessThanOrEqual(1)
    expect(reasons).toHaveLength(noted)
    expect(screensOf(await reload(site, asked))).toBe(noted === 1 ? 'email_code' : 'allowed')
  })

  it('is not judged by a submit that was refused', async () => {
    const { asked, page } = await meet(site, lowTransfer(person(), onPhone))
    await sayNo({ ...page, view: { ...page.view, step_token: 'stale' } }, laptop)
    await sayNo(page, phone)
    expect(screensOf(await reload(site, asked))).toBe('allowed')
  })
})
