import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '../support/chromium.ts'
import { runningClock } from '../support/running-clock.ts'
import { openOrganisation } from '../support/world.ts'
import { buildPage } from './built-page.ts'
import { addAnalyst, type Desk, openDesk } from './desk.ts'
import { incidentFixture, sessionFixture } from './fixtures.ts'
import { logInOn } from './log-in-on.ts'

/** The search at the top of the desk, with somebody on the phone who reads out a reference. */

const email = 'mira@harbour.example'
let desk: Desk
let browser: Browser
let page: Page

beforeAll(async () => {
  desk = await openDesk({ files: await buildPage(), clock: runningClock(Date.now()) })
  const { id: org_id } = await openOrganisation(desk.world)
  await addAnalyst(desk, org_id, email)
  const at = desk.world.deps.clock()
  const { sessions, incidents } = desk.world.deps.collections
  const named = (id: string, case_reference: string, incident_id: string | null = null) => {
    const session = sessionFixture(
      { org_id, id, at },
      {
        consequences: { case_reference, incident_id },
      },
    )
    const user = { ...session.event.user, id: `u_${id}` }
    return sessions.insert({ ...session, event: { ...session.event, user } })
  }
  await named('alone', '43-7XGG')
  await named('case', 'K7-4Q9M', 'inc_case')
  await incidents.insert(
    incidentFixture({ org_id, id: 'case', at, session_id: 'ses_case' }, { case_reference: 'K7-4Q9M' }),
  )
  await named('one', 'UU-VVWW')
  await named('two', 'UU-VVWW')
  browser = await launchBrowser()
  page = await browser.newPage()
  await logInOn(page, desk, email)
}, 60_000)
afterAll(async () => {
  await browser.close()
  await desk.close()
})

const searchFor = async (text: string): Promise<void> => {
  await page.goto(desk.origin)
  await page.waitForSelector('main h1:not(.hidden)')
  await page.fill('#search', text)
  await page.press('#search', 'Enter')
}

test('a reference without an incident leads to its session, which shows it', async () => {
  await searchFor('43 7xgg')
  await page.waitForURL('**/sessions/ses_alone*')
  await page.waitForSelector('.story')
  expect(await page.locator('.story .lead').textContent()).toContain('reference 43-7XGG')
})

test('a reference with an incident leads to the incident', async () => {
  await searchFor('k74q9m')
  await page.waitForURL('**/incidents/inc_case*')
})

test('a reference that two people share leads to both, and says what to ask', async () => {
  await searchFor('UU-VVWW')
  await page.waitForURL('**reference=UU-VVWW*')
  await page.waitForSelector('.notice')
  expect(await page.locator('.notice').textContent()).toContain('2 people were given the reference UU-VVWW')
  expect(await page.locator('.rows .who').allTextContents()).toEqual(['u_two', 'u_one'])
})

test('a search that finds nothing says what can be searched, and not that there is nothing', async () => {
  await searchFor('99-AAAA')
  await page.waitForSelector('.empty')
  const words = await page.locator('.empty').textContent()
  expect(words).toContain('Nobody with the id 99-AAAA has a session in Live, and no case has this reference.')
  expect(words).toContain('takes a case reference such as K7-4Q9M in any spelling')
  expect(words).not.toContain('nothing to search in')
})

test('the slash marks what was looked for last, so that the next reference takes its place', async () => {
  await searchFor('ZZ-ZZZZ')
  await page.waitForURL('**user=ZZ-ZZZZ*')
  await page.getByText('No session fits').waitFor()
  await expect.poll(() => page.evaluate('document.activeElement?.tagName')).toBe('H1')
  await page.keyboard.press('/')
  await page.keyboard.type('K7-4Q9M')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/incidents/inc_case*')
})

test('a list that arrives late leaves the field to whoever types a reference', async () => {
  await page.goto(desk.origin)
  await page.waitForSelector('main h1:not(.hidden)')
  const list = Promise.withResolvers<void>()
  await page.route('**/api/scam-reports*', async (route) => {
    await list.promise
    await route.continue()
  })
  await page.keyboard.press('3')
  await page.keyboard.press('/')
  await page.keyboard.type('43-')
  list.resolve()
  await page.getByText('No live scam reports').waitFor()
  // The focus would follow a frame after the list.
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
  await page.keyboard.type('7XGG')
  await page.keyboard.press('Enter')
  await page.waitForURL('**/sessions/ses_alone*')
  await page.unroute('**/api/scam-reports*')
})
