import { expect, test } from 'vitest'
import { frameOf, jSmith, observe, pay, plumber, signIn } from './support/bank.ts'
import { unexpected } from './support/browser.ts'
import { answer, press, reach, screen } from './support/checkpoint.ts'
import { codeFor, mailsTo } from './support/mailbox.ts'
import { stage } from './support/stage.ts'
import { askFor, mayCarryOut, payment, trailOf } from './support/stranger.ts'

const { started, visit } = stage()
const securityTeam = 'security@harbour.example'

test('whoever says yes is told how to break contact, and other ways around stay shut while the rent goes through', async () => {
  // A stranger has Cora on the phone. She says so. She sees that nothing was sent, whom to call and her reference; the
  // security team gets a mail. Then the stranger wants less money, to another name: it lands in the same hold. Her
  // landlord of many years is asked about once, and paid.
  const { page, complaints } = await visit()
  const frame = frameOf(page)
  await signIn(page, started, 'Cora Lindqvist')
  await pay(page, started, { to: jSmith, amount: '1,000.00' })
  await reach(frame, 'intent')
  await answer(frame, 'yes')

  await reach(frame, 'break_contact')
  expect(await frame.getByRole('heading', { level: 1 }).textContent()).toBe('Nothing has been sent.')
  const words = await screen(frame, 'break_contact').innerText()
  expect(words).toContain('Hang up')
  expect(words).toContain('+44 20 7946 0123')
  expect(words).toMatch(
    /You can start this payment again after .+\. Only Harbour Bank can end this earlier, after speaking with you\./,
  )
  const reference = (await frame.locator('.reference').textContent()) ?? ''
  expect(reference).toMatch(/^[0-9A-Z]{2,4}(-[0-9A-Z]{2,4})+$/)
  await expect
    .poll(
      async () =>
        (await mailsTo(started, securityTeam)).filter(({ text }) => text.includes(reference)).length,
      {
        timeout: 15_000,
      },
    )
    .toBe(1)
  await press(frame, 'Close')
  await page.getByRole('heading', { name: 'We stopped this. Nothing was sent.' }).waitFor()

  await pay(page, started, { to: plumber, amount: '150.00' })
  await reach(frame, 'break_contact')
  expect(await frame.getByText('An earlier attempt was stopped').isVisible()).toBe(true)
  await press(frame, 'Close')
  await page.getByRole('heading', { name: 'We stopped this. Nothing was sent.' }).waitFor()

  await pay(page, started, { to: 'Brf Eken', amount: '520.00' })
  await reach(frame, 'intent')
  await answer(frame, 'no')
  await page.getByRole('heading', { name: 'Done.' }).waitFor()
  expect(await page.getByText('520.00 EUR sent to Brf Eken').isVisible()).toBe(true)
  expect(unexpected(complaints)).toEqual([])
})

test('without JavaScript whoever broke the contact finds the way back, and the bank knows what happened', async () => {
  // Cora went to the check's own page, with scripts switched off. After she has hung up, one quiet link leads back to her
  // bank, which asks how the check ended and does not talk of a mistake of hers.
  const { page } = await visit({ javaScriptEnabled: false })
  await signIn(page, started, 'Cora Lindqvist')
  await page.goto(`${started.demo_url}/settings`)
  await page.getByRole('button', { name: 'Export my data' }).click()
  await reach(page, 'intent')
  await answer(page, 'yes')
  await reach(page, 'break_contact')
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Nothing has been exported.')
  await page.getByRole('link', { name: 'Back to Harbour Bank' }).click()
  await page.getByRole('heading', { name: 'We stopped this. Nothing was exported.' }).waitFor()
  const words = await page.locator('main').innerText()
  expect(words).toMatch(/start it again after .+ Only we can end this earlier, after speaking with you/)
})

test('a first "not sure" stops the action for half an hour and opens no incident', async () => {
  // Doubt is honest and often right. Nothing is sent, the hold is short, and nobody starts an investigation.
  const { page } = await visit()
  const asked = await askFor(started, payment(200_000))
  const before = Date.now()
  await page.goto(asked.url)
  await answer(page, 'notSure')
  await reach(page, 'break_contact')
  expect(await page.getByText('Not being sure is a good reason to stop.').isVisible()).toBe(true)

  const until = await page.locator('#hold time').getAttribute('datetime')
  const minutes = (Date.parse(until ?? '') - before) / 60_000
  expect(minutes).toBeGreaterThanOrEqual(30)
  expect(minutes).toBeLessThan(33)
  const trail = await trailOf(started, asked)
  expect(trail).toContain('intent.answered')
  expect(trail.filter((action) => action.startsWith('incident'))).toEqual([])
  expect(await mayCarryOut(started, asked)).toMatchObject({ valid: false })
})

test('"no" while somebody else moves the mouse is a contradiction, not a pass', async () => {
  // Dan was told what to answer. His bank sees that somebody else has a hand on his computer, so his "no" does not count.
  const { page } = await visit()
  const frame = frameOf(page)
  await signIn(page, started, 'Dan Weiss')
  await observe(page, started, 'Remote access')
  await pay(page, started, { to: 'Wohnbau Nord', amount: '610.00' })
  await reach(frame, 'intent')
  await answer(frame, 'no')
  await reach(frame, 'break_contact')
  expect(await frame.getByText('We could not be certain that you are free to decide.').isVisible()).toBe(true)
  await press(frame, 'Close')
  await page.getByRole('heading', { name: 'We stopped this. Nothing was sent.' }).waitFor()
})

test('"no" during a call contradicts a high payment to somebody new', async () => {
  // The safe-account story: on the phone, ten thousand, a name never paid before, and the coached answer.
  const { page } = await visit()
  const asked = await askFor(started, { ...payment(1_000_000), context: onACall() })
  await page.goto(asked.url)
  await answer(page, 'no')
  await reach(page, 'break_contact')
  expect(await mayCarryOut(started, asked)).toMatchObject({ valid: false, code: 'contact_broken' })
})

test('"no" during a call makes any other check one tier longer, and no shorter', async () => {
  // A call and a new address: not impossible for an honest person, so it is asked more closely instead of being refused.
  const { page } = await visit()
  const asked = await askFor(started, { context: onACall() })
  await page.goto(asked.url)
  await answer(page, 'no')
  await reach(page, 'confirm_action')
  await answer(page, 'different')
  await page.getByRole('heading', { name: 'Good that you checked.' }).waitFor()
  expect(await mayCarryOut(started, asked)).toMatchObject({ valid: false })
})

test('what happened can be told on the same page, and is thanked for', async () => {
  // After hanging up there is time to write it down. It needs no account and no second page.
  const { page } = await visit()
  const asked = await askFor(started)
  await page.goto(asked.url)
  await answer(page, 'yes')
  await reach(page, 'break_contact')
  await page.getByText('Tell us what happened (optional)').click()
  await page
    .getByLabel('What were you told, and by whom?')
    .fill('A man from "the bank" wanted a copy of everything.')
  await press(page, 'Send to us')
  await page.getByText('Thank you. We have your report.').waitFor()
  expect(await trailOf(started, asked)).toContain('report.filed')
})

test('second thoughts after the last step still stop it, as long as it was not carried out', async () => {
  // The code is typed, "you can go on" is on the screen, and then the voice says something odd. One press takes the
  // permission back, and the bank's own question is answered with no.
  const { page } = await visit()
  const asked = await askFor(started)
  await page.goto(asked.url)
  await answer(page, 'no')
  await reach(page, 'email_code')
  await page.getByLabel(/^Code of/).fill(await codeFor(started, asked.email))
  await press(page, 'Confirm the code')
  await reach(page, 'allowed')
  await press(page, 'Wait, someone is guiding me')
  await reach(page, 'break_contact')
  expect(await mayCarryOut(started, asked)).toMatchObject({ valid: false, code: 'revoked' })
})

const onACall = () => ({ call_active: true, observed_at: new Date().toISOString() })
