import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { answer, press, reach } from './support/checkpoint.ts'
import { stage } from './support/stage.ts'
import { type Asked, askFor, payment } from './support/stranger.ts'

const { started, visit } = stage()

const logIn = async (page: Page, path = '/'): Promise<void> => {
  await page.goto(`${started.admin_url}${path}`)
  await page.getByLabel('E-mail').fill(started.admin.email)
  await page.getByLabel('Password').fill(started.admin.password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('heading', { level: 1, name: 'Sessions' }).waitFor()
}

const userOf = ({ event }: Asked): string => (event['user'] as { id: string }).id

test('an analyst sees a session arrive, opens it, and reads why it was stopped and what the person said', async () => {
  // The log-in from `started.json` opens the list. A person far away is asked, contradicts what the site observed, and
  // writes a report. The line appears without reloading; the story tells score, reasons, answer, contradiction and trail.
  const analyst = await visit()
  const person = await visit()
  await logIn(analyst.page)
  const { page } = analyst
  await page.getByText('live', { exact: true }).waitFor()

  const asked = await askFor(started, {
    ...payment(1_000_000),
    context: { call_active: true, observed_at: new Date().toISOString() },
  })
  await page.getByRole('button', { name: /^Show \d+ new session/ }).click()
  const line = page.getByRole('link').filter({ hasText: userOf(asked) })
  await line.filter({ hasText: 'Open' }).waitFor()

  await person.page.goto(asked.url)
  await answer(person.page, 'no')
  await reach(person.page, 'break_contact')
  const reference = (await person.page.locator('.reference').textContent()) ?? ''
  await person.page.getByText('Tell us what happened (optional)').click()
  await person.page
    .getByLabel('What were you told, and by whom?')
    .fill('He said he was from the fraud department.')
  await press(person.page, 'Send to us')
  await person.page.getByText('Thank you. We have your report.').waitFor()
  await line.filter({ hasText: 'contradiction' }).waitFor()

  await line.click()
  const story = page.getByRole('article')
  await story.waitFor()
  const words = await story.innerText()
  expect(words).toContain('J. Smith')
  expect(words).toContain('10,000.00 EUR')
  expect(words).toContain('Beneficiary new')
  expect(words).toContain('Transaction amount high')
  expect(words).toContain('Answer contradicts signal')
  expect(words).toContain('But the site observed')
  expect(words).toContain('intent.answered')
  expect(words).toContain(reference)
  const codes = asked.answer.reasons.map(({ code }) => code)
  expect(codes.length).toBeGreaterThan(4)
  // What the answer itself added stands beside what the ingest said.
  expect(await story.locator('.reason svg.points').count()).toBe(codes.length + 1)

  await page.getByRole('link', { name: 'Incidents' }).click()
  await page.getByRole('link').filter({ hasText: reference }).waitFor()
  await page.getByRole('link', { name: 'Scam reports' }).click()
  await page.getByText('He said he was from the fraud department.').waitFor()
  // Before the log-in the page asks who is there, and is told: nobody.
  expect(analyst.complaints.filter((text) => !/ 401 .*\/api\/me\)$/.test(text))).toEqual([])
})

test('an analyst finds a case by the reference that somebody reads out, with the keyboard alone', async () => {
  // The support desk has a customer on the line who reads the reference from the screen.
  const person = await visit()
  const asked = await askFor(started)
  await person.page.goto(asked.url)
  await answer(person.page, 'yes')
  await reach(person.page, 'break_contact')
  const reference = (await person.page.locator('.reference').textContent()) ?? ''

  const { page } = await visit()
  await logIn(page)
  await page.keyboard.press('/')
  await page.keyboard.type(reference)
  await page.keyboard.press('Enter')
  await page.getByText(userOf(asked)).first().waitFor()
  await page.keyboard.press('Escape')
})

test('a wrong password opens nothing and says no more than that', async () => {
  // Nobody learns here which addresses have an account.
  const { page } = await visit()
  await page.goto(`${started.admin_url}/incidents`)
  await page.getByLabel('E-mail').fill(started.admin.email)
  await page.getByLabel('Password').fill('not the password')
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByText('Address or password is wrong. Check both and try again.').waitFor()
  expect(await page.getByRole('heading', { name: 'Incidents' }).count()).toBe(0)
})
