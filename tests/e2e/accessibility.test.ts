import type { Browser, BrowserContextOptions, Frame, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { launchBrowser } from '../support/chromium.ts'
import { findings, visitWithAxe } from './support/axe.ts'
import { fillTransfer, frameOf, signIn } from './support/bank.ts'
import type { Visitor } from './support/browser.ts'
import { reach } from './support/checkpoint.ts'
import { openHost, openPopup } from './support/popup.ts'
import { contradicted, play, scenes } from './support/scenes.ts'
import { askFor } from './support/stranger.ts'

/** WCAG 2.2 AA and axe's best practices on every screen in every dress, and contrast of 7 : 1 where it counts most. */

const started = inject('started')
let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const desktop = { width: 1280, height: 900 }
const phone = { width: 390, height: 844 }
const dresses: [string, BrowserContextOptions][] = [
  ['light on a desktop', { viewport: desktop, colorScheme: 'light' }],
  ['dark on a desktop', { viewport: desktop, colorScheme: 'dark' }],
  ['light on a phone', { viewport: phone, colorScheme: 'light' }],
  ['dark on a phone', { viewport: phone, colorScheme: 'dark' }],
  ['in forced colours', { viewport: desktop, colorScheme: 'dark', forcedColors: 'active' }],
]

type Found = { forcedColors: boolean; screens: Record<string, string[]> }

/** The checkpoint's own screens, whole or in the popup. */
const strictScreens = /^(checkpoint|popup: inside)/

/** Findings by the name of the place, so that a failure says where. */
const collect = async (found: Found, screen: string, where: Page | Frame) => {
  const list = await findings(where, { strict: strictScreens.test(screen), forcedColors: found.forcedColors })
  if (list.length > 0) found.screens[screen] = list
}

const frameIn = (page: Page): Frame => {
  const frame = page.frames().find((one) => one.url().includes('/challenge/'))
  if (frame === undefined) throw new Error('the popup has no frame')
  return frame
}

const checkpointScreens = async ({ page }: Visitor, found: Found) => {
  for (const scene of scenes) {
    await play(page, started, scene)
    await collect(found, `checkpoint: ${scene.name}`, page)
  }
}

const bankPages = async ({ page }: Visitor, found: Found) => {
  await page.goto(started.demo_url)
  await collect(found, 'bank: sign-in', page)
  await signIn(page, started, 'Ana Ruiz')
  await collect(found, 'bank: account', page)
  await fillTransfer(page, started, { to: 'Marisol Vega', amount: '480.00' })
  await collect(found, 'bank: transfer', page)
  await page.goto(`${started.demo_url}/settings`)
  await collect(found, 'bank: details', page)
  await page.getByRole('button', { name: 'The safe account' }).click()
  await page.getByRole('heading', { name: 'On the line' }).waitFor()
  await collect(found, 'bank: the caller', page)
  await page.goto(`${started.mailbox_url}/bank`)
  await collect(found, 'mailbox: the bank’s', page)
  await page.goto(started.demo_url)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.goto(started.mailbox_url)
  await page.locator('summary').first().click()
  await collect(found, 'mailbox: the customers’', page)
}

const popupOverBank = async ({ page }: Visitor, found: Found) => {
  const asked = await askFor(started)
  await openHost(page, started)
  await openPopup(page, asked.url)
  await reach(frameOf(page), 'intent')
  await collect(found, 'popup: the page around it', page)
  await collect(found, 'popup: inside', frameIn(page))
}

const adminPages = async ({ page }: Visitor, found: Found) => {
  await contradicted.open(started)
  await page.goto(started.admin_url)
  await page.getByRole('button', { name: 'Log in' }).waitFor()
  await collect(found, 'admin: log-in', page)
  await page.getByLabel('E-mail').fill(started.admin.email)
  await page.getByLabel('Password').fill(started.admin.password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('link').filter({ hasText: 'contradiction' }).first().waitFor()
  await collect(found, 'admin: sessions', page)
  await page.getByRole('link').filter({ hasText: 'contradiction' }).first().click()
  await page.getByRole('article').waitFor()
  await collect(found, 'admin: one session', page)
  await page.getByRole('link', { name: 'Incidents' }).click()
  await page.getByRole('heading', { level: 1, name: 'Incidents' }).waitFor()
  await collect(found, 'admin: incidents', page)
}

describe.each(dresses)('%s axe finds nothing', (_, dress) => {
  // The dresses are walked one after the other; each opens sessions of its own, so that every screen is a real one.
  test.each([
    ['on the checkpoint’s screens', checkpointScreens],
    ['on the bank’s pages and in the mailbox', bankPages],
    ['in the popup and around it', popupOverBank],
    ['on the analysts’ pages', adminPages],
  ] as const)('%s', async (_place, walk) => {
    const visitor = await visitWithAxe(browser, dress)
    try {
      const found: Found = { forcedColors: dress.forcedColors === 'active', screens: {} }
      await walk(visitor, found)
      expect(found.screens).toEqual({})
    } finally {
      await visitor.context.close()
    }
  })
})
