import { expect, test } from 'vitest'
import {
  behindTheScenes,
  dialogOf,
  fillNewAddress,
  frameOf,
  mailboxOf,
  newAddress,
  signIn,
} from './support/bank.ts'
import { unexpected } from './support/browser.ts'
import { answer, press, reach, settle, typeCode } from './support/checkpoint.ts'
import { focusInHost, hasFocus } from './support/focus.ts'
import { codeFor } from './support/mailbox.ts'
import { openHost, openPopup, pressEscape, settled } from './support/popup.ts'
import { stage } from './support/stage.ts'
import { askFor, mayCarryOut } from './support/stranger.ts'

const { started, visit } = stage()

test('an honest customer answers one question, types the code from the mailbox, and gets what they asked for', async () => {
  // Ben changes his e-mail address. The check opens over the bank, on another site; it takes one answer and one code. Then the
  // bank repeats his request at once, with the token; the thanks stay to be read meanwhile, and go by themselves.
  const { page, complaints, requests } = await visit()
  await signIn(page, started, 'Ben Okafor')
  const address = await mailboxOf(page)
  let repeated = () => {}
  const held = new Promise<void>((resolve) => {
    repeated = resolve
  })
  const sent: (string | null)[] = []
  await page.route('**/change-email', async (route) => {
    sent.push(await route.request().headerValue('checkpoint-token'))
    if (sent.length > 1) await held
    await route.continue()
  })
  const opener = await fillNewAddress(page, started)
  await opener.click()
  const frame = frameOf(page)

  await reach(frame, 'intent')
  expect(new URL(started.api_url).hostname).not.toBe(new URL(page.url()).hostname)
  expect(await frame.locator('#action').textContent()).toBe(`Change your e-mail address to ${newAddress}`)
  await answer(frame, 'no')
  await reach(frame, 'email_code')
  await typeCode(frame, await codeFor(started, address))

  await reach(frame, 'allowed')
  await expect.poll(() => sent.length).toBe(2)
  expect(await hasFocus(opener)).toBe(true)
  expect(await frame.getByRole('heading', { name: 'Thank you. You can go on.' }).isVisible()).toBe(true)
  await dialogOf(page).waitFor({ state: 'detached' })
  repeated()
  await page.getByRole('heading', { name: 'Done.' }).waitFor()
  expect(sent).toEqual([null, expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/)])
  await expect
    .poll(() => behindTheScenes(page))
    .toEqual([
      'POST /events/evt_…/result',
      'POST /change-email',
      'POST /decisions/verify',
      'POST /change-email',
      'POST /events/ingest',
    ])
  expect(complaints.filter((text) => / 403 /.test(text))).toHaveLength(1)
  expect(unexpected(complaints)).toEqual([])
  expect(requests.filter((line) => line.includes(sent[1] ?? 'no token'))).toEqual([])
})

test('the keyboard alone leads through the popup: heading, answers, code, and back to the button', async () => {
  // This time Ben touches no mouse. At each step the heading is read to him first; Tab walks the answers, Enter presses;
  // whatever he does, the focus never lands on the page behind.
  const { page } = await visit()
  await signIn(page, started, 'Ben Okafor')
  const address = await mailboxOf(page)
  const opener = await fillNewAddress(page, started)
  await opener.focus()
  await page.keyboard.press('Enter')
  const frame = frameOf(page)
  const tabTo = async (name: string) => {
    const target = frame.getByRole('button', { name, exact: true })
    for (let presses = 0; presses < 12 && !(await hasFocus(target)); presses += 1) {
      await page.keyboard.press('Tab')
      expect(['dialog', 'body']).toContain(await focusInHost(page))
    }
    expect(await hasFocus(target)).toBe(true)
  }

  await reach(frame, 'intent')
  await expect.poll(() => hasFocus(frame.getByRole('heading', { level: 1 }))).toBe(true)
  const choices = frame.locator('main > :not(header)').getByRole('button')
  expect(await choices.count()).toBe(4)
  for (const choice of await choices.all()) {
    await page.keyboard.press('Tab')
    expect(await hasFocus(choice)).toBe(true)
  }
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await tabTo('No, this is my own idea')
  await settle(frame)
  await page.keyboard.press('Enter')

  await reach(frame, 'email_code')
  await expect.poll(() => hasFocus(frame.getByRole('heading', { level: 1 }))).toBe(true)
  await page.keyboard.press('Tab')
  expect(await hasFocus(frame.getByLabel(/^Code of/))).toBe(true)
  await page.keyboard.type(await codeFor(started, address))
  await settle(frame)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Done.' }).waitFor()
})

test('Esc closes the popup and nothing else: the same step waits when it is opened again', async () => {
  // Somebody presses Esc by habit, inside the check and, another time, with the bank's own page listening; then uses the
  // close button. Each closes the window, none ends the session, and the page learns that nothing was decided.
  const { page, complaints } = await visit()
  const asked = await askFor(started)
  await openHost(page, started)
  const frame = frameOf(page)
  const askAgain = async () => {
    await openPopup(page, asked.url)
    await reach(frame, 'email_code')
  }

  await openPopup(page, asked.url)
  await reach(frame, 'intent')
  await answer(frame, 'no')
  await reach(frame, 'email_code')
  await frame.getByLabel(/^Code of/).focus()
  pressEscape(page)
  expect(await settled(page)).toEqual({ status: 'cancelled', code: 'cancelled' })
  expect(await dialogOf(page).count()).toBe(0)

  await askAgain()
  await page.evaluate(() => {
    const { activeElement } = document
    const inside = activeElement?.shadowRoot?.activeElement
    if (inside instanceof HTMLElement) inside.blur()
  })
  pressEscape(page)
  expect(await settled(page)).toEqual({ status: 'cancelled', code: 'cancelled' })

  await askAgain()
  await press(frame, 'Close')
  expect(await settled(page)).toEqual({ status: 'cancelled', code: 'cancelled' })

  await askAgain()
  await typeCode(frame, await codeFor(started, asked.email))
  expect(await settled(page)).toEqual({ status: 'resolved', outcome: 'allow' })
  expect(complaints).toEqual([])
})

test('Stop ends it for good', async () => {
  // Doubt is reason enough. One press, no question asked; what was stopped can't be opened again or carried out.
  const { page } = await visit()
  const asked = await askFor(started)
  await openHost(page, started)
  await openPopup(page, asked.url)
  const frame = frameOf(page)
  await reach(frame, 'intent')
  await press(frame, 'Stop this change')
  await frame.getByRole('heading', { name: 'You have stopped this.' }).waitFor()
  expect(await frame.getByText('Nothing has been changed.').isVisible()).toBe(true)
  pressEscape(page)
  expect(await settled(page)).toEqual({ status: 'cancelled', code: 'cancelled' })
  expect(await mayCarryOut(started, asked)).toMatchObject({ valid: false, code: 'stopped' })

  await openPopup(page, asked.url)
  await frame.getByRole('heading', { name: 'You have stopped this.' }).waitFor()
})

test('the way back from an ended check closes the popup; the site does not appear a second time inside it', async () => {
  // Whoever stopped is offered the way back. The bank is already there, behind the dialog.
  const { page } = await visit()
  const asked = await askFor(started)
  await openHost(page, started)
  await openPopup(page, asked.url)
  const frame = frameOf(page)
  await reach(frame, 'intent')
  await press(frame, 'Stop this change')
  await frame.getByRole('link', { name: 'Back to Harbour Bank' }).click()
  expect(await settled(page)).toEqual({ status: 'cancelled', code: 'cancelled' })
  expect(await dialogOf(page).count()).toBe(0)
})
