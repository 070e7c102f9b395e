import type { Browser, BrowserContextOptions } from 'playwright-core'
import { afterAll, afterEach, beforeAll, inject } from 'vitest'
import { launchBrowser } from '../../support/chromium.ts'
import { type Visitor, visit } from './browser.ts'
import type { Started } from './system.ts'

/** What a test file works with: the running system and a browser; windows are closed after each test. */
export const stage = (): {
  started: Started
  visit: (options?: BrowserContextOptions) => Promise<Visitor>
} => {
  const started = inject('started')
  let browser: Browser
  const open: Visitor[] = []
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterEach(async () => {
    for (const { context } of open.splice(0)) await context.close()
  })
  afterAll(() => browser.close())
  const visitOnStage = async (options?: BrowserContextOptions) => {
    const visitor = await visit(browser, options)
    open.push(visitor)
    return visitor
  }
  return { started, visit: visitOnStage }
}
