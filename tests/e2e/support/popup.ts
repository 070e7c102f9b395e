import type { Page } from 'playwright-core'
import type { Started } from './system.ts'

/** Opens a session's popup in the bank's page as a site's own script would, without waiting for how it ends. */

type Opened = { status: string; outcome?: string; code?: string }

declare global {
  interface Window {
    opened: Opened | undefined
    AntiSocialEngine?: { open: (options: { url: string }) => Promise<Opened> }
  }
}

/** The bank's front page: an organisation's own origin, with the loader on it. */
export const openHost = async (page: Page, { demo_url }: Started): Promise<void> => {
  await page.goto(demo_url)
  await page.waitForFunction(() => window.AntiSocialEngine !== undefined)
}

export const openPopup = (page: Page, url: string): Promise<void> =>
  page.evaluate((address) => {
    window.opened = undefined
    window.AntiSocialEngine?.open({ url: address }).then((opened) => {
      window.opened = opened
    })
  }, url)

/** What `open()` settled with, once it has. */
export const settled = async (page: Page): Promise<Opened> => {
  const handle = await page.waitForFunction(() => window.opened)
  const { status, outcome, code } = (await handle.jsonValue()) ?? { status: 'nothing' }
  return { status, ...(outcome && { outcome }), ...(code && { code }) }
}

/**
 * Esc as a person presses it. The browser may never report back, because the frame that the key went to is gone by then;
 * what matters is what happens, and the caller waits for that.
 */
export const pressEscape = (page: Page): void => {
  page.keyboard.press('Escape').catch(() => {})
}
