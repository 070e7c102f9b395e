import { expect, test } from 'vitest'
import { behindTheScenes, fillNewAddress, mailboxOf, signIn } from './support/bank.ts'
import { answer, press, reach, typeCode } from './support/checkpoint.ts'
import { codeFor } from './support/mailbox.ts'
import { stage } from './support/stage.ts'
import { askFor, mayCarryOut } from './support/stranger.ts'

const { started, visit } = stage()

/** A decision token, or anything else in three signed parts. */
const tokenShape = /eyJ[\w-]+\.[\w-]+\.[\w-]+/

test('as a full page the check leads back by a link, the bank asks the API itself, and no address carries the token', async () => {
  // Ana's bank prefers to send her to the check's own page. She comes back by a plain link that names the session and
  // proves nothing; the bank asks how it ended.
  const { page, complaints, requests } = await visit()
  await signIn(page, started, 'Ana Ruiz')
  const address = await mailboxOf(page)
  await page.goto(`${started.demo_url}/settings`)
  const reloaded = page.waitForEvent('load')
  await page.getByRole('radio', { name: 'a full page' }).check()
  await reloaded
  await (await fillNewAddress(page, started)).click()

  await reach(page, 'intent')
  expect(new URL(page.url()).origin).toBe(started.api_url)
  await answer(page, 'no')
  await reach(page, 'email_code')
  await typeCode(page, await codeFor(started, address))
  await reach(page, 'allowed')
  await page.getByRole('link', { name: 'Go on to Harbour Bank' }).click()
  await page.getByRole('heading', { name: 'Done.' }).waitFor()

  expect(requests.filter((line) => line.includes('/return?session_id=ses_'))).toHaveLength(1)
  expect(requests.filter((line) => tokenShape.test(line))).toEqual([])
  expect((await behindTheScenes(page)).filter((line) => line.endsWith('/decisions/verify'))).toHaveLength(1)
  expect(complaints).toEqual([])
})

test('without JavaScript the whole journey is plain forms', async () => {
  // An old browser, a strict administrator, a script that did not arrive: bank, question, code and the way back work.
  const { page, requests } = await visit({ javaScriptEnabled: false })
  await signIn(page, started, 'Ana Ruiz')
  const address = await mailboxOf(page)
  await (await fillNewAddress(page, started)).click()
  await reach(page, 'intent')
  await answer(page, 'no')
  await reach(page, 'email_code')
  const right = await codeFor(started, address)
  await typeCode(page, '000')
  await page.locator('#error', { hasText: 'That is not a whole code.' }).waitFor()
  await typeCode(page, right)
  await reach(page, 'allowed')
  await page.getByRole('link', { name: 'Go on to Harbour Bank' }).click()
  await page.getByRole('heading', { name: 'Done.' }).waitFor()
  expect(requests.filter((line) => tokenShape.test(line))).toEqual([])
})

test('without JavaScript the back button and a second press do no harm', async () => {
  // Going back shows the question again; answering it a second time leads to where the session is.
  const { page } = await visit({ javaScriptEnabled: false })
  const asked = await askFor(started)
  await page.goto(asked.url)
  await answer(page, 'no')
  await reach(page, 'email_code')
  await page.goBack()
  await reach(page, 'email_code')
  await press(page, 'Stop this change')
  await page.getByRole('heading', { name: 'You have stopped this.' }).waitFor()
  expect(await mayCarryOut(started, asked)).toMatchObject({ valid: false })
})

test('a link that opens nothing says so, whatever it once was', async () => {
  // A part of the link was lost in a chat. The page is calm, and tells nobody whether the session ever existed.
  const { page } = await visit()
  const asked = await askFor(started)
  const answered = await page.goto(asked.url.slice(0, -3))
  expect(answered?.status()).toBe(404)
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('This link does not work.')
  expect(await page.getByText('Nothing has been done.').isVisible()).toBe(true)
})
