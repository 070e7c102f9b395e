import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { launchBrowser } from '../support/chromium.ts'
import { askForData, frameOf, pay, signIn } from './support/bank.ts'
import { visit } from './support/browser.ts'
import { press, reach, settle } from './support/checkpoint.ts'
import { logIn, policy } from './support/policy-reel.ts'
import { openHost, openPopup } from './support/popup.ts'
import type { Camera, Reel } from './support/reel.ts'
import { contradicted, mule, play, scenes } from './support/scenes.ts'
import { askFor, mayCarryOut, payment } from './support/stranger.ts'
import { type Started, startSystem } from './support/system.ts'

/**
 * `npm run screens`: a picture of every screen that a person can meet, from a running system, in `data/screens/`: on a
 * desktop and on a phone, light and dark. For looking at, not for comparing by machine.
 */

const folder = fileURLToPath(new URL('../../data/screens/', import.meta.url))
const wanted = process.argv[2]

const dresses: Record<string, BrowserContextOptions> = {
  'desktop-light': { viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  'desktop-dark': { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
  'phone-light': { viewport: { width: 390, height: 844 }, colorScheme: 'light', deviceScaleFactor: 2 },
  'phone-dark': { viewport: { width: 390, height: 844 }, colorScheme: 'dark', deviceScaleFactor: 2 },
}

const checkpointAsPage: Reel = async (page, started, shoot) => {
  for (const scene of scenes) {
    await play(page, started, scene)
    await shoot(`page-${scene.name}`)
  }
}

/** The same screens over the bank; the endings stay in the popup until they are closed. */
const checkpointAsPopup: Reel = async (page, started, shoot) => {
  await openHost(page, started)
  for (const scene of scenes.filter(({ name }) => !['allowed', 'missing-link'].includes(name))) {
    const frame = frameOf(page)
    await openPopup(page, await scene.open(started))
    await frame.getByRole('heading', { level: 1 }).waitFor()
    await settle(frame)
    await shoot(`popup-${scene.name}`)
    // Not by the mouse: after a picture at twice the pixels, Chromium now and then takes a press on a cross-site frame at
    // half its place.
    await frame.getByRole('button', { name: 'Close', exact: true }).dispatchEvent('click')
    await page.waitForFunction(() => window.opened !== undefined)
  }
}

const bank: Reel = async (page, started, shoot) => {
  await page.goto(started.demo_url)
  await shoot('bank-sign-in', true)
  await signIn(page, started, 'Ben Okafor')
  await shoot('bank-account-new-customer', true)
  await signOutAndIn(page, started)
  await shoot('bank-account', true)
  await page.goto(`${started.demo_url}/transfer`)
  await shoot('bank-transfer', true)
  await page.getByRole('button', { name: 'The safe account' }).click()
  await page.getByRole('heading', { name: 'On the line' }).waitFor()
  await shoot('bank-transfer-with-caller', true)
  await page.goto(`${started.demo_url}/settings`)
  await shoot('bank-details', true)
}

const signOutAndIn = async (page: Page, started: Started) => {
  await page.getByRole('button', { name: 'Sign out' }).click()
  await signIn(page, started, 'Ana Ruiz')
}

/** What the bank says afterwards. */
const outcomes: Reel = async (page, started, shoot) => {
  await signIn(page, started, 'Cora Lindqvist')
  await pay(page, started, { to: 'Brf Eken', amount: '1.00' })
  await page.getByRole('heading', { name: 'Done.' }).waitFor()
  await shoot('bank-done', true)
  await askForData(page, started)
  const frame = frameOf(page)
  await reach(frame, 'intent')
  await press(frame, 'Close')
  await page.getByRole('heading', { name: 'Not confirmed. Nothing was exported.' }).waitFor()
  await shoot('bank-not-confirmed', true)
}

const mailbox: Reel = async (page, started, shoot) => {
  await page.goto(started.mailbox_url)
  await shoot('mailbox')
  await page.locator('summary').first().click()
  await shoot('mailbox-open')
  await page.getByRole('link', { name: 'Security desk' }).click()
  await page.getByRole('heading', { name: 'The bank’s security desk' }).waitFor()
  await page.locator('.mails li').first().waitFor()
  await shoot('mailbox-of-the-bank')
}

/** Somebody else has paid the same payee before; the incident says so. */
const somebodyPaid = async (started: Started) => {
  const paid = await askFor(started, { ...payment(9_000), payee: mule, test: { outcome: 'allow' } })
  await mayCarryOut(started, paid)
}

const admin: Reel = async (page, started, shoot) => {
  await somebodyPaid(started)
  await contradicted.open(started)
  await logIn(page, started, shoot)
  const line = page.getByRole('link').filter({ hasText: 'contradiction' }).first()
  await line.waitFor()
  await shoot('admin-sessions')
  await line.click()
  await page.getByRole('article').waitFor()
  await shoot('admin-session', true)
  await label(page)
  await shoot('admin-session-labelled', true)
  await page.getByRole('link', { name: 'Incidents' }).click()
  await page.getByRole('heading', { level: 1, name: 'Incidents' }).waitFor()
  await shoot('admin-incidents')
  await page
    .getByRole('link')
    .filter({ hasText: /[0-9A-Z]{2}-[0-9A-Z]{4}/ })
    .first()
    .click()
  await page.getByRole('article').waitFor()
  await shoot('admin-incident', true)
  await page.getByLabel('Confirmed scam').check()
  await page.getByLabel('How you know').fill('The receiving bank has closed the account.')
  await page.getByRole('button', { name: 'Close this incident' }).click()
  await page.getByText('Change the verdict').first().waitFor()
  await shoot('admin-incident-closed', true)
  await page.getByRole('link', { name: 'Scam reports' }).click()
  await page.getByRole('heading', { level: 1, name: 'Scam reports' }).waitFor()
  await shoot('admin-reports')
}

/** Gives one label, and leaves the form open for another. */
const label = async (page: Page) => {
  const summary = page.getByText('Label something of this event')
  await summary.click()
  await page.getByLabel('What', { exact: true }).selectOption('payee')
  await page.getByLabel('Is', { exact: true }).selectOption('known_risky')
  await page.getByLabel('How you know').selectOption('analyst_investigation')
  await page.getByLabel('Why, for whoever reads it later').fill('The account was opened last week.')
  await page.getByRole('button', { name: 'Give this label' }).click()
  await page.getByText('The payee: known to be risky').first().waitFor()
  await summary.click()
  // The page's head stands where it is scrolled to, over what is written there.
  await page.evaluate(() => scrollTo(0, 0))
}

const reels: Record<string, Reel> = {
  bank,
  checkpointAsPage,
  checkpointAsPopup,
  outcomes,
  mailbox,
  admin,
  policy,
}

/** One reel in one dress. */
const film = async (
  browser: Browser,
  started: Started,
  reel: Reel,
  dress: string,
  options: BrowserContextOptions,
) => {
  const { context, page } = await visit(browser, options)
  const shoot: Camera = async (picture, whole = false) => {
    await page.screenshot({
      path: join(folder, `${picture}.${dress}.png`),
      fullPage: whole,
      animations: 'disabled',
    })
  }
  await reel(page, started, shoot)
  await context.close()
}

if (wanted === undefined) rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const system = await startSystem()
const browser = await launchBrowser()
try {
  // A reel in every dress before the next: the last one publishes a policy that stops what the others film.
  for (const [name, reel] of Object.entries(reels)) {
    if (wanted !== undefined && wanted !== name) continue
    for (const [dress, options] of Object.entries(dresses))
      await film(browser, system.started, reel, dress, options)
    console.log(`${name} is done`)
  }
  console.log(`The pictures are in ${folder}`)
} finally {
  await browser.close()
  await system.discard()
}
