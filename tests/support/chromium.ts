import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** Chromium from CHROME_PATH, else from the usual places; null when there is none. */
export const findChromium = (): string | null => {
  const given = process.env['CHROME_PATH']
  if (given !== undefined && given !== '') return existsSync(given) ? given : null
  return usualPlaces.find(existsSync) ?? null
}

/** The same, or a sentence that says what to do: a browser test never skips itself. */
const chromiumPath = (): string => {
  const path = findChromium()
  if (path === null) {
    throw new Error('No Chromium found. Install it (on Debian: apt-get install chromium) or set CHROME_PATH.')
  }
  return path
}

/** As root in a container; and without the browser's own calls home. */
const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export const launchBrowser = (more: readonly string[] = []): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath(), args: [...chromiumArguments, ...more] })
