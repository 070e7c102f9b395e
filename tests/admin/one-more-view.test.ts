import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '../support/chromium.ts'
import { openOrganisation } from '../support/world.ts'
import { buildPage } from './built-page.ts'
import { addAnalyst, type Desk, openDesk } from './desk.ts'
import { logInOn } from './log-in-on.ts'

/** A view is one file and one line: a throw-away one has everything that the others have. */

let desk: Desk
let browser: Browser
let page: Page

beforeAll(async () => {
  desk = await openDesk({ files: await buildPage('tests/admin/one-more-view/main.ts') })
  const { id } = await openOrganisation(desk.world)
  await addAnalyst(desk, id, 'mira@harbour.example')
  browser = await launchBrowser()
  page = await browser.newPage()
  const shown = 'h1:has-text("Notes")'
  await logInOn(page, desk, 'mira@harbour.example', { path: '/notes?about=payees', shown })
}, 60_000)
afterAll(async () => {
  await browser.close()
  await desk.close()
})

const footer = () => page.locator('footer').innerText()

test('its address is read, its title and its place in the header are there', async () => {
  expect(await page.locator('main li').allTextContents()).toEqual(['A note about payees'])
  expect(await page.title()).toBe('1 notes – Anti Social Engine')
  const link = page.getByRole('link', { name: 'Notes' })
  expect([await link.getAttribute('href'), await link.getAttribute('aria-current')]).toEqual([
    '/notes?about=everything',
    'page',
  ])
})

test('its key works and is explained, here alone', async () => {
  await page.keyboard.press('a')
  expect(await page.title()).toBe('2 notes – Anti Social Engine')
  expect(await footer()).toMatch(/a\s*one more/)
  expect(await footer()).toMatch(/1\s*to\s*9\s*rooms/)
  await page.keyboard.press('2')
  await page.waitForSelector('h1:has-text("Incidents")')
  expect(await footer()).not.toContain('one more')
})

test('it has a number, the focus lands on its heading, and esc leads to the first room', async () => {
  await page.keyboard.press('9')
  await page.waitForSelector('h1:has-text("Notes")')
  expect(page.url()).toBe(`${desk.origin}/notes?about=everything`)
  await expect.poll(() => page.evaluate('document.activeElement?.tagName')).toBe('H1')
  await page.keyboard.press('Escape')
  await page.waitForSelector('h1:has-text("Sessions")')
})

test('what was filled in stays while it is read again, and is gone after a visit elsewhere', async () => {
  await page.keyboard.press('9')
  await page.fill('#draft', 'half a thought')
  await page.waitForSelector('#typed')
  await page.keyboard.press('Escape')
  await page.keyboard.press('r')
  await page.waitForTimeout(100)
  expect(await page.locator('#typed').textContent()).toBe('half a thought')
  await page.keyboard.press('2')
  await page.waitForSelector('h1:has-text("Incidents")')
  await page.goBack()
  await page.waitForSelector('h1:has-text("Notes")')
  expect(await page.locator('#typed').count()).toBe(0)
  expect(await page.inputValue('#draft')).toBe('')
})

test('an address that no view has says so', async () => {
  await page.goto(`${desk.origin}/nothing-of-ours`)
  await page.getByText('There is no such page.').waitFor()
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Nothing here')
})
