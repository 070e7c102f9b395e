import type { Locator, Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { fillTransfer, frameOf, plumber, signIn } from './support/bank.ts'
import { reach } from './support/checkpoint.ts'
import { stage } from './support/stage.ts'

const { started, visit } = stage()

type Event = { telemetry: Record<string, unknown> }

/** What the bank sent to be judged, from its own view behind the scenes; of several the newest. */
const eventSent = async (page: Page): Promise<Event> => {
  const response = await page.request.get(`${started.demo_url}/behind-the-scenes`)
  const { entries }: { entries: { request: string; body: string }[] } = await response.json()
  const asked = entries.filter(({ request }) => request === 'POST /events/ingest').at(-1)
  return JSON.parse(asked?.body ?? '{}')
}

/** Puts the account on the clipboard and presses the keys that people press. */
const pasteAccount = async (page: Page, account: string): Promise<void> => {
  const field = page.getByLabel('Account number (IBAN)')
  await field.fill(account)
  await field.press('Control+A')
  await field.press('Control+X')
  await field.press('Control+V')
  expect(await field.inputValue()).toBe(account)
}

const fillForPlumber = (page: Page): Promise<Locator> =>
  fillTransfer(page, started, { to: plumber, amount: '320.00' })

test('what the browser says of itself reaches the event: a pasted account, the time on the form, the device', async () => {
  // Ben copies the account from the plumber's message. The bank's page notes that it was pasted, and not what.
  const { page, complaints } = await visit({ locale: 'es-ES', timezoneId: 'Europe/Madrid' })
  await signIn(page, started, 'Ben Okafor')
  const button = await fillForPlumber(page)
  await pasteAccount(page, plumber.account)
  await button.click()
  await reach(frameOf(page), 'intent')
  const { telemetry } = await eventSent(page)
  expect(telemetry).toEqual({
    device_id: expect.stringMatching(/^\d+-\d+-\d+-\d+$/),
    language: 'es-ES',
    time_zone: 'Europe/Madrid',
    screen: { width: expect.any(Number), height: expect.any(Number), pixel_ratio: expect.any(Number) },
    connection: expect.toSatisfy((value) => value === null || typeof value === 'string'),
    payee_pasted: true,
    dwell_ms: expect.toSatisfy((value) => value > 0 && value < 60_000),
  })
  expect(complaints.filter((text) => !/ 403 /.test(text))).toEqual([])
})

test('a form that the browser itself sends to the full page takes it along, too; without script there is none', async () => {
  const { page } = await visit()
  await signIn(page, started, 'Ben Okafor')
  const reloaded = page.waitForEvent('load')
  await page.getByRole('radio', { name: 'a full page' }).check()
  await reloaded
  const button = await fillForPlumber(page)
  await button.click()
  await reach(page, 'intent')
  expect((await eventSent(page)).telemetry).toMatchObject({ payee_pasted: false })

  const { page: bare } = await visit({ javaScriptEnabled: false })
  await signIn(bare, started, 'Ben Okafor')
  await (await fillForPlumber(bare)).click()
  await reach(bare, 'intent')
  expect((await eventSent(bare)).telemetry).toBeNull()
})
