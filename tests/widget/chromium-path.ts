import { existsSync } from 'node:fs'

const usualPlaces = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
]

/** Chromium from CHROME_PATH, else from the usual places. Throws a sentence that says what to do. */
export const chromiumPath = (): string => {
  const path = process.env['CHROME_PATH'] ?? usualPlaces.find(existsSync)
  if (!path || !existsSync(path)) {
    throw new Error('No Chromium found. Install it (on Debian: apt-get install chromium) or set CHROME_PATH.')
  }
  return path
}
