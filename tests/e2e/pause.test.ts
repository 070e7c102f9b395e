import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { launchBrowser } from '../support/chromium.ts'
import { frameOf, jSmith, mailboxOf, pay, signIn } from './support/bank.ts'
import { unexpected, visit } from './support/browser.ts'
import { answer, continueAfterPause, press, reach, typeCode, wrongCode } from './support/checkpoint.ts'
import { eventually } from './support/eventually.ts'
import { codeFor } from './support/mailbox.ts'
import { openHost, openPopup, settled } from './support/popup.ts'
import { askFor, mayCarryOut, payment } from './support/stranger.ts'

/** The waits of 30 seconds are real and the server's own, so these people wait side by side. */

const started = inject('started')
let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

test.concurrent('a high payment to somebody new takes question, confirmation, pause and code, and is then sent', async () => {
  // Ana buys a used car, on her own, from home. It is more money than ever, to a name never paid before, so she is asked
  // twice, made to wait half a minute, and sent a code. It is a nuisance, and it ends well.
  const { page, complaints, context } = await visit(browser)
  await signIn(page, started, 'Ana Ruiz')
  const address = await mailboxOf(page)
  await pay(page, started, { to: jSmith, amount: '9,800.00' })
  const frame = frameOf(page)
  await reach(frame, 'intent')
  const stopAt = await frame.locator('.stop').boundingBox()
  await answer(frame, 'no')
  await reach(frame, 'confirm_action')
  const facts = (await frame.locator('.summary dl').innerText()).replaceAll(/\s+/g, ' ')
  expect(facts).toBe('Amount 9,800.00 EUR To J. Smith new for you Account ending 5555 Asked from Sevilla, ES')
  await answer(frame, 'exactly')

  await reach(frame, 'pause')
  const button = frame.locator('[data-countdown="pause"]')
  expect(await button.textContent()).toMatch(/^Continue in \d+$/)
  expect(await button.getAttribute('aria-disabled')).toBe('true')
  expect((await frame.locator('.stop').boundingBox())?.y).toBe(stopAt?.y)
  await continueAfterPause(frame)
  await reach(frame, 'email_code')
  await typeCode(frame, await codeFor(started, address))
  await page.getByRole('heading', { name: 'Done.' }).waitFor()
  expect(await page.getByText('9,800.00 EUR sent to J. Smith').isVisible()).toBe(true)
  expect(unexpected(complaints)).toEqual([])
  await context.close()
})

test.concurrent('without JavaScript an early press is refused in words, and a late one goes on', async () => {
  // No script counts down here. Pressing too soon costs nothing and says so; the server keeps the time.
  const { page, context } = await visit(browser, { javaScriptEnabled: false })
  const asked = await askFor(started, payment(1_000_000))
  await page.goto(asked.url)
  await answer(page, 'no')
  await reach(page, 'confirm_action')
  await answer(page, 'exactly')
  await reach(page, 'pause')
  await press(page, 'Continue')
  await page.locator('#error', { hasText: 'A little longer, please.' }).waitFor()
  await eventually(
    async () => {
      await page.reload()
      if (await page.getByText(/You can go on after \d+ second/).isVisible())
        throw new Error('the pause goes on')
    },
    { withinMs: 45_000, everyMs: 2_000 },
  )
  await press(page, 'Continue')
  await reach(page, 'email_code')
  await typeCode(page, await codeFor(started, asked.email))
  await reach(page, 'allowed')
  expect(await mayCarryOut(started, asked)).toMatchObject({ valid: true })
  await context.close()
})

test.concurrent('a new code gives no tries back, and the old one is worth nothing', async () => {
  // Two wrong tries, then a new message. Three tries stay three, and only the newest code counts.
  const { page, context } = await visit(browser)
  const asked = await askFor(started)
  await openHost(page, started)
  await openPopup(page, asked.url)
  const frame = frameOf(page)
  await reach(frame, 'intent')
  await answer(frame, 'no')
  await reach(frame, 'email_code')
  const first = await codeFor(started, asked.email)
  await typeCode(frame, wrongCode(first))
  await frame.locator('#tries', { hasText: '4 tries left' }).waitFor()
  await typeCode(frame, wrongCode(first))
  await frame.locator('#tries', { hasText: '3 tries left' }).waitFor()

  await frame.getByRole('button', { name: 'Send a new code', exact: true }).click({ timeout: 45_000 })
  const second = await codeFor(started, asked.email, 2)
  await frame.locator('#tries', { hasText: '3 tries left' }).waitFor()
  await typeCode(frame, first === second ? wrongCode(second) : first)
  await frame.locator('#tries', { hasText: '2 tries left' }).waitFor()
  await typeCode(frame, second)
  expect(await settled(page)).toEqual({ status: 'resolved', outcome: 'allow' })
  await context.close()
})
