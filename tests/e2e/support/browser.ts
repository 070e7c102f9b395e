import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'

/** One person at a browser of their own: cookies, history and complaints are shared with nobody. */
export type Visitor = {
  context: BrowserContext
  page: Page
  /** Whatever any page or frame complained of: console errors and warnings, faults, CSP violations. */
  complaints: string[]
  /** Every address that was asked for, with its method. */
  requests: string[]
}

const actWithinMs = 15_000

/** Opens a browser window for a new person. */
export const visit = async (browser: Browser, options: BrowserContextOptions = {}): Promise<Visitor> => {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/Madrid',
    ...options,
  })
  context.setDefaultTimeout(actWithinMs)
  const complaints: string[] = []
  const requests: string[] = []
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()))
      complaints.push(`${message.text()} (${message.location().url})`)
  })
  context.on('weberror', (fault) => complaints.push(String(fault.error())))
  context.on('request', (request) => requests.push(`${request.method()} ${request.url()}`))
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error(`CSP: ${violatedDirective} ${blockedURI}`),
    )
  })
  return { context, page: await context.newPage(), complaints, requests }
}

/** The one complaint that nobody can avoid: a browser reports the 403 that `protect(fetch)` answers to. */
export const unexpected = (complaints: readonly string[]): string[] =>
  complaints.filter((text) => !/the server responded with a status of 403 /.test(text))
