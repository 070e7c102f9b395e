import type { FrameLocator, Locator, Page } from 'playwright-core'
import type { Started } from './system.ts'

/** The bank as its customers use it: sign in, pick a story, fill in a form, press its button. */

export type CustomerName = 'Ana Ruiz' | 'Ben Okafor' | 'Cora Lindqvist' | 'Dan Weiss'

export const signIn = async (page: Page, { demo_url }: Started, name: CustomerName): Promise<void> => {
  await page.goto(demo_url)
  await page.getByRole('button', { name }).click()
  await page.getByRole('heading', { name: 'Current account' }).waitFor()
  // Or a caller that waits for the next page's load would take this page's for it.
  await page.waitForLoadState()
}

/** Where this visit's mail goes, as the account's page says: every visit has a mailbox of its own. */
export const mailboxOf = async (page: Page): Promise<string> => {
  const line = await page.locator('.balance .quiet').innerText()
  const [address] = /\S+@\S+/.exec(line) ?? []
  if (address === undefined) throw new Error(`no address in: ${line}`)
  return address
}

export type Payment = { to: string | { name: string; account: string; country: string }; amount: string }

/** Fills in the transfer form; nothing is sent before its button is pressed. */
export const fillTransfer = async (
  page: Page,
  started: Started,
  { to, amount }: Payment,
): Promise<Locator> => {
  await page.goto(`${started.demo_url}/transfer`)
  if (typeof to === 'string') await page.getByRole('radio', { name: to }).check()
  else {
    await page.getByRole('radio', { name: 'Someone new' }).check()
    await page.getByLabel('Name', { exact: true }).fill(to.name)
    await page.getByLabel('Account number (IBAN)').fill(to.account)
    await page.getByLabel('Country').selectOption(to.country)
  }
  await page.getByLabel('Amount in EUR').fill(amount)
  return page.locator('main').getByRole('button', { name: 'Send money' })
}

export const pay = async (page: Page, started: Started, payment: Payment): Promise<void> => {
  await (await fillTransfer(page, started, payment)).click()
}

export const newAddress = 'somebody.new@example.org'

/** Fills in another e-mail address: an action of the medium tier, so a question and a code. Answers the button. */
export const fillNewAddress = async (page: Page, { demo_url }: Started): Promise<Locator> => {
  await page.goto(`${demo_url}/settings`)
  await page.getByLabel('New address').fill(newAddress)
  return page.getByRole('button', { name: 'Change address' })
}

/** Asks for all of one's data: an action of the high tier. */
export const askForData = async (page: Page, { demo_url }: Started): Promise<Locator> => {
  await page.goto(`${demo_url}/settings`)
  const button = page.getByRole('button', { name: 'Export my data' })
  await button.click()
  return button
}

export type CallerSwitch = 'On a call' | 'Remote access' | 'Screen sharing'

/** Sets what the bank can observe, as a visitor does in *The caller*. */
export const observe = async (page: Page, started: Started, ...switches: CallerSwitch[]): Promise<void> => {
  await page.goto(`${started.demo_url}/settings`)
  for (const name of switches) {
    const taken = page.waitForResponse((response) => response.url().endsWith('/caller'))
    await page.getByRole('switch', { name }).check()
    await taken
  }
}

/** The popup over the bank's page; one that was closed may linger, unseen, until its last key press is over. */
export const dialogOf = (page: Page): Locator =>
  page.getByRole('dialog', { name: 'A short check before you go on' })
export const frameOf = (page: Page): FrameLocator => page.frameLocator('dialog[open] iframe')

/** What went out and came back behind the scenes, newest first: `POST /events/ingest`. */
export const behindTheScenes = (page: Page): Promise<string[]> =>
  page.locator('#scenes .call .line code').allTextContents()

export const jSmith = { name: 'J. Smith', account: 'GB33BUKB20201555555555', country: 'GB' }
export const plumber = { name: 'Ines Moreno', account: 'ES6000491500051234567892', country: 'ES' }
