import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { organisationWarnings } from '../../backend/org/organisation-warnings.ts'
import { changeOrganisation } from '../../backend/org/provision.ts'
import { launchBrowser } from '../support/chromium.ts'
import { post } from '../support/client.ts'
import { runningClock } from '../support/running-clock.ts'
import { openOrganisation } from '../support/world.ts'
import { buildPage } from './built-page.ts'
import { addAnalyst, type Desk, getJson, logIn, openDesk, openOffice } from './desk.ts'
import { logInOn } from './log-in-on.ts'

/** The organisation at the desk: what was changed of it, and that nobody hears of its incidents. */

const email = 'mira@harbour.example'
let desk: Desk
let browser: Browser
let page: Page
let org: { id: string; key: string }

beforeAll(async () => {
  desk = await openDesk({ files: await buildPage(), clock: runningClock(Date.now()) })
  org = await openOrganisation(desk.world, { security_email: null })
  await addAnalyst(desk, org.id, email)
  browser = await launchBrowser()
  page = await browser.newPage()
  await logInOn(page, desk, email)
}, 60_000)
afterAll(async () => {
  await browser.close()
  await desk.close()
})

test('an organisation without a security contact is told so, with what to do, until it has one', async () => {
  const words = await page.locator('.silence').textContent()
  expect(words).toContain('Nobody is told when an incident opens.')
  expect(words).toContain(`org contact --id ${org.id} --security-email`)
  const silent = async () =>
    (await organisationWarnings(desk.world.deps)).filter(({ words }) => words.includes('nobody is told'))
  expect(await silent()).toMatchObject([{ organisations: [org.id], count: 1 }])
  await changeOrganisation(desk.world.deps, org.id, () => ({ security_email: 'security@harbour.example' }))
  expect(await silent()).toEqual([])
  await page.goto(desk.origin)
  await page.waitForSelector('main h1:not(.hidden)')
  expect(await page.locator('.silence').count()).toBe(0)
})

test('the trail of the organisation is a room of the desk, newest first, and says that its chain holds', async () => {
  await page.keyboard.press('8')
  await page.waitForSelector('main table')
  await page.reload()
  await page.waitForSelector('main table')
  const actions = await page.locator('main tbody code').allTextContents()
  expect(actions).toEqual(['organisation.changed', 'admin.created', 'key.created', 'organisation.created'])
  const words = await page.locator('main').textContent()
  expect(words).toContain('The chain holds: 4 entries')
  expect(words).not.toContain('security@')
})

test('older entries follow, and a link that somebody altered breaks the stretch that it is in', async () => {
  const { collections } = desk.world.deps
  const body = { label: 'suspected_risky', reason: 'Seen in two cases.' }
  const authorization = { authorization: `Bearer ${org.key}` }
  for (let n = 0; n < 200; n += 1)
    await post(
      `${desk.world.url}/labels`,
      { ...body, subject: { type: 'user', value: `u${n}` } },
      authorization,
    )
  const cookie = await logIn(desk, email)
  const newest = await getJson(desk, '/api/trail', cookie)
  expect(newest.body).toMatchObject({ next: 4, integrity: { ok: true, length: 204 } })
  const oldest = await getJson(desk, '/api/trail?to=4', cookie)
  expect(oldest.body).toMatchObject({ next: null, integrity: { ok: true, length: 4 } })
  const second = await collections.trail.get(org.id, 'trl_2')
  if (second === null) throw new Error('no second link')
  const altered = { ...second, entry: { ...second.entry, actor: 'adm_eve' } }
  await collections.trail.replace(altered, second.version)
  expect((await getJson(desk, '/api/trail?to=4', cookie)).body).toMatchObject({
    integrity: { ok: false, fault: 'altered_entry', seq: 2 },
  })
})

test('another organisation’s trail is another one', async () => {
  const { cookie } = await openOffice(desk, 'theo@theirs.example')
  const { body } = await getJson(desk, '/api/trail', cookie)
  const entries = body['entries'] as { action: string }[]
  expect(entries.map(({ action }) => action)).toEqual([
    'admin.created',
    'key.created',
    'organisation.created',
  ])
})
