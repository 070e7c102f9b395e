import type { Page } from 'playwright-core'
import { type Desk, password } from './desk.ts'

/** Opens `path` of a desk in a browser's page and logs in there, as a person does. Resolves once `shown` is there. */
export const logInOn = async (
  page: Page,
  desk: Desk,
  email: string,
  { path = '/', shown = 'header' } = {},
): Promise<void> => {
  await page.goto(`${desk.origin}${path}`)
  await page.fill('#email', email)
  await page.fill('#password', password)
  await page.click('button[type=submit]')
  await page.waitForSelector(shown)
}
