import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { insertLabelled } from '../analytics/labelled-sessions.ts'
import { launchBrowser } from '../support/chromium.ts'
import { runningClock } from '../support/running-clock.ts'
import { buildPage } from './built-page.ts'
import { type Desk, openDesk, openOffice, postJson } from './desk.ts'
import { axeFindings } from './findings.ts'
import { logInOn } from './log-in-on.ts'
import { picturesInto } from './pictures.ts'

/** An analyst fits the weights to what became of events, and follows the draft to its backtest. */

const [known, few] = ['mira@ours.example', 'noor@other.example']
let desk: Desk
let browser: Browser

beforeAll(async () => {
  desk = await openDesk({ files: await buildPage(), clock: runningClock(Date.now() - 40 * 86_400_000) })
  const { id, key } = await openOffice(desk, known)
  await insertLabelled({ world: desk.world, org: id, key }, { frauds: 119, honest: 199 })
  await openOffice(desk, few)
  browser = await launchBrowser()
}, 60_000)
afterAll(async () => {
  await browser.close()
  await desk.close()
})

const visit = async (email: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> => {
  const page = await (await browser.newContext(options)).newPage()
  await logInOn(page, desk, email, { path: '/policy' })
  return page
}

const shoot = picturesInto('POLICY_PICTURES')

const phone = { viewport: { width: 390, height: 800 } }

test('where too little is known it says how much is missing, and makes nothing', async () => {
  const page = await visit(few)
  await page.getByRole('button', { name: 'Fit the weights' }).click()
  const said = page.getByText('Too little is known: 0 frauds and 0 honest events.')
  await said.waitFor()
  expect(await said.textContent()).toContain(
    'It takes 100 more frauds and 100 more honest events. Nothing was changed.',
  )
  await shoot(page, 'fit-too-few')
})

test('makes a draft, says why, and leads to the draft and to its backtest', async () => {
  const page = await visit(known, { viewport: { width: 1280, height: 900 }, colorScheme: 'light' })
  await page.getByRole('button', { name: 'Fit the weights' }).click()
  await page.getByRole('link', { name: 'Its backtest' }).waitFor()
  const table = page.getByRole('region', { name: 'Weights that changed' })
  await table.getByText('in 80 % of frauds').first().waitFor()
  expect(await axeFindings(page)).toEqual([])
  await shoot(page, 'fit-light')
  await page.locator('ol.rows').getByText('Fitted to 120 frauds and 200 honest events').waitFor()
  await page.locator('#fitted').getByRole('link', { name: 'pol_1' }).click()
  await page.getByText('weights.CALL_ACTIVE', { exact: true }).waitFor()
  await page.goBack()
  await desk.world.deps.analytics.runBacktests()
  await page.getByRole('link', { name: 'Backtests', exact: true }).click()
  await page.locator('ol.rows').getByText('pol_1').first().click()
  await page.getByRole('heading', { name: 'Precision and recall' }).waitFor()
  await page.getByText('Of 120 frauds and 200 honest events').waitFor()
  expect(await axeFindings(page)).toEqual([])
  await shoot(page, 'backtest-light')
})

test('on a phone, in the dark', async () => {
  const page = await visit(known, { ...phone, colorScheme: 'dark' })
  await page.getByRole('button', { name: 'Fit the weights' }).click()
  await page.getByRole('region', { name: 'Weights that changed' }).waitFor()
  expect(await axeFindings(page)).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  await shoot(page, 'fit-dark')
  await page.getByRole('link', { name: 'Backtests', exact: true }).click()
  await page.locator('ol.rows').getByText('pol_1').first().click()
  await page.getByRole('heading', { name: 'Precision and recall' }).waitFor()
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
  await shoot(page, 'backtest-dark')
})

test('needs a login, our own origin, and an environment that there is', async () => {
  const { cookie } = await openOffice(desk, 'theo@theirs.example')
  const ask = (body: unknown, headers: Parameters<typeof postJson>[3]) =>
    postJson(desk, '/api/policies/fit', body, headers)
  expect((await ask({ environment: 'live' }, {})).status).toBe(401)
  expect((await ask({ environment: 'live' }, { cookie, origin: 'https://evil.example' })).status).toBe(403)
  expect((await ask({ environment: 'moon' }, { cookie })).status).toBe(400)
  const answer = await ask({ environment: 'live' }, { cookie })
  expect([answer.status, answer.body['frauds'], answer.body['draft']]).toEqual([200, 0, null])
})
