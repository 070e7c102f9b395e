import { createServer } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { openHost } from '../e2e/support/popup.ts'
import { askFor } from '../e2e/support/stranger.ts'
import { startSystem } from '../e2e/support/system.ts'
import { launchBrowser } from '../support/chromium.ts'
import { rowOf } from './row.ts'
import { type BenchRow, once, type Stage } from './stage.ts'
import { compare, type Round, roundOf } from './stats.ts'

/**
 * What a person waits for: from their click on the site's button, which opens the popup of a session, until the question stands
 * in it, live and focused. Each click is the first one of a new person: nothing is cached. Beside it a frame of the same
 * size that holds a heading and two buttons, in one document, and says when it is there.
 *
 * Host and frame share one process, so that the slow-down of the processor holds for both.
 */

type Slower = { cpu: number; addedMs: number }
/** Hands the page what to open; answers what its button does. */
type Popup = {
  open: (page: Page, url: string) => Promise<void>
  urlOf: () => Promise<string>
  /** A page that the site knows nothing of. */
  isStrange: boolean
}

declare global {
  interface Window {
    /** Milliseconds between the click and what it was for. */
    waited: Promise<number> | undefined
  }
}

const rounds = 7
const warmUps = 2

/** A button whose click opens the popup as a site's own script would. */
const oursIn = (page: Page, url: string): Promise<void> =>
  page.evaluate((address) => {
    const button = document.createElement('button')
    button.id = 'bench'
    document.body.prepend(button)
    window.waited = new Promise((resolve, reject) => {
      setTimeout(reject, 20_000, new Error('the question never came'))
      button.onclick = ({ timeStamp }) => {
        const onEvent = (_: string, { state }: { state?: unknown }) => {
          if (state === 'ready') requestAnimationFrame(() => resolve(performance.now() - timeStamp))
        }
        Object(window.AntiSocialEngine).open({ url: address, onEvent })
      }
    })
  }, url)

const floorIn = (page: Page, url: string): Promise<void> =>
  page.evaluate((address) => {
    const button = document.createElement('button')
    button.id = 'bench'
    document.body.prepend(button)
    window.waited = new Promise((resolve, reject) => {
      setTimeout(reject, 20_000, new Error('the question never came'))
      button.onclick = ({ timeStamp }) => {
        const dialog = document.createElement('dialog')
        const frame = document.createElement('iframe')
        frame.src = address
        addEventListener('message', () => {
          frame.focus()
          requestAnimationFrame(() => resolve(performance.now() - timeStamp))
        })
        dialog.append(frame)
        document.body.append(dialog)
        dialog.showModal()
      }
    })
  }, url)

const bareQuestion = `<!doctype html><title>?</title><h1>Is anyone guiding you?</h1><form><button>No</button><button>Yes</button></form>
<script>parent.postMessage('ready', '*')</script>`

const prepare = once(async (stage) => {
  const system = await startSystem()
  const bare = createServer((_, response) =>
    response.setHeader('content-type', 'text/html').end(bareQuestion),
  )
  await new Promise<void>((resolve) => bare.listen(0, 'localhost', resolve))
  const browser = await launchBrowser(['--disable-site-isolation-trials'])
  stage.later(async () => {
    await browser.close()
    bare.close()
    await system.discard()
  })
  const address = bare.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const ours = { open: oursIn, urlOf: async () => (await askFor(system.started)).url, isStrange: false }
  const floor = { open: floorIn, urlOf: async () => `http://localhost:${port}/`, isStrange: true }
  return { started: system.started, browser, ours, floor }
})

/** Of all processes of the browser, in milliseconds. */
const cpuOf = async (session: CDPSession): Promise<number> => {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo')
  return processInfo.reduce((sum, { cpuTime }) => sum + cpuTime * 1000, 0)
}

const click = async (
  { started, browser }: { started: Parameters<typeof openHost>[1]; browser: Browser },
  popup: Popup,
  slower: Slower,
): Promise<Round> => {
  // The site's policy lets its pages frame the checkpoint alone.
  const context = await browser.newContext({ bypassCSP: popup.isStrange })
  try {
    const page = await context.newPage()
    await openHost(page, started)
    const url = await popup.urlOf()
    await popup.open(page, url)
    if (slower.addedMs > 0)
      await context.route(`${new URL(url).origin}/**`, async (route) => {
        await delay(slower.addedMs)
        await route.continue()
      })
    const session = await context.newCDPSession(page)
    await session.send('Emulation.setCPUThrottlingRate', { rate: slower.cpu })
    const processes = await browser.newBrowserCDPSession()
    const before = await cpuOf(processes)
    await page.locator('#bench').dispatchEvent('click')
    const waited = await page.evaluate(() => window.waited ?? Number.NaN)
    const cpuMs = (await cpuOf(processes)) - before
    return { ...roundOf([waited], waited / 1000), cpuMs }
  } finally {
    await context.close()
  }
}

const measure = async (stage: Stage, slower: Slower) => {
  const { ours, floor, ...where } = await prepare(stage)
  const pairs: { ours: Round; floor: Round }[] = []
  for (let round = -warmUps; round < rounds; round += 1) {
    const pair = { floor: await click(where, floor, slower), ours: await click(where, ours, slower) }
    if (round >= 0) pairs.push(pair)
  }
  return compare(pairs)
}

const slowly: [string, Slower][] = [
  ['click → usable question, 4 × CPU slow-down; floor: a bare page in a frame', { cpu: 4, addedMs: 0 }],
  [
    'click → usable question, 800 ms added to each request; floor: a bare page in a frame',
    { cpu: 1, addedMs: 800 },
  ],
]

/** Needs Chromium. What follows is not in it: the half second of a new screen in which no press counts. */
export const clickRows: readonly BenchRow[] = slowly.map(([what, slower]) => ({
  what,
  run: async (stage) => ({ row: rowOf(what, 'p50', await measure(stage, slower)) }),
}))
