import { mkdirSync } from 'node:fs'
import type { Page } from 'playwright-core'

/** Takes pictures of the desk for people to look at, into the folder that an environment variable names; without one, none. */
export const picturesInto =
  (variable: string) =>
  async (page: Page, name: string): Promise<void> => {
    const folder = process.env[variable]
    if (folder === undefined) return
    mkdirSync(folder, { recursive: true })
    await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
  }
