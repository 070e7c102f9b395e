import { expect, test } from 'vitest'
import { answer, press, reach, screen, typeCode, wrongCode } from './support/checkpoint.ts'
import { codeFor, mailsArrived } from './support/mailbox.ts'
import { stage } from './support/stage.ts'
import { askFor, mayCarryOut } from './support/stranger.ts'

const { started, visit } = stage()

test('five wrong codes end it: the tries count down on the screen, and the right code comes too late', async () => {
  // Somebody guesses. The screen says what is left, the field keeps the focus for the next try, and after the fifth
  // nothing helps any more.
  const { page, complaints } = await visit()
  const asked = await askFor(started)
  await page.goto(asked.url)
  await answer(page, 'no')
  await reach(page, 'email_code')
  const right = await codeFor(started, asked.email)
  expect(await page.locator('#tries').textContent()).toContain('5 tries left')

  for (const left of ['4 tries left', '3 tries left', '2 tries left', 'This is the last try']) {
    await typeCode(page, wrongCode(right))
    await page.locator('#tries', { hasText: left }).waitFor()
    const field = page.getByLabel(/^Code of/)
    expect(await page.locator('#error').textContent()).toBe(
      'That code does not match. Check the newest message.',
    )
    expect(await field.getAttribute('aria-invalid')).toBe('true')
    expect(await field.inputValue()).toBe('')
    expect(await field.evaluate((input) => input === document.activeElement)).toBe(true)
  }
  await typeCode(page, wrongCode(right))
  await page.getByRole('heading', { name: 'That was the last try.' }).waitFor()
  await page.reload()
  await page.getByRole('heading', { name: 'That was the last try.' }).waitFor()
  expect(await page.getByLabel(/^Code of/).count()).toBe(0)
  expect(await mayCarryOut(started, asked)).toMatchObject({ valid: false, code: 'code_failed' })
  expect(complaints).toEqual([])
})

test('what is no code costs no try, and spaces and dashes are forgiven', async () => {
  // A thumb slips, a code is pasted as it stands in the mail. Neither is a guess.
  const { page } = await visit()
  const asked = await askFor(started)
  await page.goto(asked.url)
  await answer(page, 'no')
  await reach(page, 'email_code')
  await typeCode(page, '12')
  await page.locator('#error', { hasText: 'That is not a whole code.' }).waitFor()
  expect(await page.locator('#tries').textContent()).toContain('5 tries left')
  const right = await codeFor(started, asked.email)
  await typeCode(page, `${right.slice(0, 3)} - ${right.slice(3)}`)
  await reach(page, 'allowed')
  expect(await mayCarryOut(started, asked)).toMatchObject({ valid: true })
})

test('the mail names the action, warns before the code, and has neither code nor payee in its subject', async () => {
  // Subjects show on locked phones, and a caller may be looking. What the message is for stands before what it gives.
  const { page } = await visit()
  const asked = await askFor(started, {
    action: 'transfer',
    target: null,
    amount: { value: 500_000, currency: 'EUR' },
    payee: {
      id: 'p_9',
      name: 'J. Smith https://evil.example',
      account: 'GB33BUKB20201555555555',
      country: 'GB',
    },
  })
  await page.goto(asked.url)
  await answer(page, 'no')
  await reach(page, 'email_code')
  const [mail] = await mailsArrived(started, asked.email)
  expect(mail?.subject).toBe('Harbour Bank: your 5,000.00 EUR transfer')
  const text = mail?.text ?? ''
  expect(text).toContain('5,000.00 EUR to the name you typed: "J. Smith')
  expect(text).not.toContain('https://')
  expect(text.indexOf('Nobody at Harbour Bank will ever ask for it')).toBeGreaterThan(0)
  expect(text.indexOf('Your code:')).toBeGreaterThan(text.indexOf('will ever ask for it'))
})

test('a session whose time ran out says so and carries nothing out', async () => {
  // The tab was left open over lunch.
  const { page } = await visit()
  const asked = await askFor(started, { test: { outcome: 'expired' } })
  await page.goto(asked.url)
  await page.getByRole('heading', { name: 'Time ran out.' }).waitFor()
  expect(await screen(page, 'ended').innerText()).toContain('Nothing has been changed.')
  expect(await page.getByRole('button', { name: 'Stop this change' }).count()).toBe(0)
  expect(await mayCarryOut(started, asked)).toMatchObject({ valid: false })
})

test('two windows on one session end in one answer', async () => {
  // The link was opened twice. What was answered in one window is not asked again in the other, and a press on the old
  // step there brings the step where the session is.
  const [first, second] = [await visit(), await visit()]
  const asked = await askFor(started)
  await first.page.goto(asked.url)
  await second.page.goto(asked.url)
  await answer(first.page, 'no')
  await reach(first.page, 'email_code')
  await press(second.page, 'Yes, someone is')
  await second.page.locator('#error', { hasText: 'This step was already answered.' }).waitFor()
  await reach(second.page, 'email_code')
  await typeCode(second.page, await codeFor(started, asked.email))
  await reach(second.page, 'allowed')
  await first.page.reload()
  await reach(first.page, 'allowed')
  expect(second.complaints).toEqual([])
})
