import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { frameOf, signIn } from './support/bank.ts'
import { unexpected } from './support/browser.ts'
import { answer, press, reach, typeCode } from './support/checkpoint.ts'
import { stage } from './support/stage.ts'

const { started, visit } = stage()

/** Presses a button that leads to another page, and waits until that page and its scripts are there. */
const follow = async (page: Page, name: string): Promise<void> => {
  const loaded = page.waitForEvent('load')
  await page.getByRole('button', { name }).click()
  await loaded
}

/** Picks a story and answers what the page says to expect of it. */
const pick = async (page: Page, title: string): Promise<string> => {
  await follow(page, title)
  const strip = page.getByRole('region', { name: 'The story' })
  await strip.getByText(title).waitFor()
  return strip.innerText()
}

const sendMoney = (page: Page): Promise<void> =>
  page.locator('main').getByRole('button', { name: 'Send money' }).click()

test('a story ends as the page says beforehand, the caller’s next try lands in the hold, and starting over leaves nothing of it', async () => {
  // A visitor is Ana, says yes to the safe account, lets the caller try once more, and then begins from the beginning.
  const { page, complaints } = await visit()
  const frame = frameOf(page)
  await signIn(page, started, 'Ana Ruiz')
  expect(await pick(page, 'The safe account')).toContain('Whatever you answer, nothing leaves the account.')
  await sendMoney(page)
  await reach(frame, 'intent')
  await answer(frame, 'yes')
  await reach(frame, 'break_contact')
  await press(frame, 'Close')
  await page.getByRole('heading', { name: 'We stopped this. Nothing was sent.' }).waitFor()

  await follow(page, 'The caller tries again')
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Anna Brown')
  await sendMoney(page)
  await reach(frame, 'break_contact')
  await press(frame, 'Close')
  await page.getByText('You can start it again after').waitFor()

  await follow(page, 'Start over')
  expect(await page.getByText('14,250.00').isVisible()).toBe(true)
  expect(await pick(page, 'Nobody is calling: a plumber')).toContain('One question.')
  await sendMoney(page)
  await reach(frame, 'intent')
  await answer(frame, 'no')
  await page.getByRole('heading', { name: 'Done.' }).waitFor()
  expect(unexpected(complaints)).toEqual([])
})

test('a code is found in the visitor’s own mailbox, which leads back to the bank and shows nothing of the bank’s own mail', async () => {
  // Dan's address was changed yesterday, so his code goes to the old one; the mailbox shows both, and nobody else's.
  const { page, context } = await visit()
  const frame = frameOf(page)
  await signIn(page, started, 'Dan Weiss')
  expect(await pick(page, 'Nobody is calling: a plumber')).toContain('then a code by e-mail')
  await sendMoney(page)
  await reach(frame, 'intent')
  await answer(frame, 'no')
  await reach(frame, 'email_code')

  const opened = context.waitForEvent('page')
  await page.evaluate(() => document.querySelector<HTMLElement>('a[href="/mailbox"]')?.click())
  const mailbox = await opened
  await mailbox.getByRole('heading', { name: 'Dan Weiss’s mail' }).waitFor()
  const mails = mailbox.locator('.mails > li')
  await mails.first().waitFor()
  expect(await mails.count()).toBe(1)
  await mails.locator('summary').first().click()
  const [, first, second] = /(\d{3}) (\d{3})\b/.exec(await mails.locator('.text').innerText()) ?? []
  await mailbox.getByRole('link', { name: 'Back to the bank' }).click()
  await mailbox.getByRole('heading', { name: 'Current account' }).waitFor()

  // Presses count only where they are seen.
  await page.bringToFront()
  await typeCode(frame, `${first}${second}`)
  await page.getByRole('heading', { name: 'Done.' }).waitFor()
})
