import { expect, test } from 'vitest'
import { askForData, behindTheScenes, dialogOf, frameOf, signIn } from './support/bank.ts'
import { answer, press, reach } from './support/checkpoint.ts'
import { openHost, openPopup, settled } from './support/popup.ts'
import { stage } from './support/stage.ts'
import { askFor, mayCarryOut } from './support/stranger.ts'

const { started, visit } = stage()
const sorry = 'We can’t reach the check right now. Nothing was done.'

test('when the check can’t be reached the popup says so, offers the full page, and the bank carries nothing out', async () => {
  // The line to the checkpoint is cut the moment the popup opens. Dan reads words, not a blank box; when he gives up,
  // the bank's page goes on, and nothing has happened.
  const { page } = await visit()
  await signIn(page, started, 'Dan Weiss')
  await page.route('**/challenge/**', (route) => route.abort('connectionrefused'))
  await askForData(page, started)
  const dialog = dialogOf(page)
  await dialog.getByText(sorry).waitFor({ timeout: 30_000 })
  const whole = dialog.getByRole('link', { name: 'Open it as a full page' })
  expect(await whole.getAttribute('href')).toMatch(new RegExp(`^${started.api_url}/challenge/`))
  await dialog.getByRole('button', { name: 'Close' }).click()

  await page.getByRole('heading', { name: 'Not confirmed. Nothing was exported.' }).waitFor()
  expect((await behindTheScenes(page)).filter((line) => line.endsWith('/result'))).toEqual([])
})

test('trying again works as soon as the line is back', async () => {
  // The outage lasted a moment.
  const { page } = await visit()
  const asked = await askFor(started)
  await openHost(page, started)
  await page.route('**/challenge/**', (route) => route.abort('connectionrefused'), { times: 1 })
  await openPopup(page, asked.url)
  await dialogOf(page).getByRole('button', { name: 'Try again' }).click()
  await reach(frameOf(page), 'intent')
})

test('a page whose own policy forbids the frame is told at once, and its promise settles', async () => {
  // The site forgot `frame-src`. Nobody waits for a spinner: the words and the full page are there immediately.
  const { page } = await visit()
  const asked = await askFor(started)
  await openHost(page, started)
  await page.evaluate(() => {
    const policy = Object.assign(document.createElement('meta'), { httpEquiv: 'Content-Security-Policy' })
    policy.content = "frame-src 'none'"
    document.head.append(policy)
  })
  await openPopup(page, asked.url)
  await dialogOf(page).getByText(sorry).waitFor()
  await dialogOf(page).getByRole('button', { name: 'Close' }).click()
  expect(await settled(page)).toEqual({ status: 'error', code: 'origin_not_allowed' })
  expect(await mayCarryOut(started, asked)).toMatchObject({ valid: false })
})

test('an answer that gets lost on the way can be sent again, and counts once', async () => {
  // The train goes into a tunnel just as the answer is pressed.
  const { page } = await visit()
  const asked = await askFor(started)
  await openHost(page, started)
  await openPopup(page, asked.url)
  const frame = frameOf(page)
  await reach(frame, 'intent')
  await page.route('**/checkpoint/intent', (route) => route.abort('internetdisconnected'), { times: 1 })
  await answer(frame, 'no')
  await frame.getByText('We can’t reach Harbour Bank’s check right now. Nothing is lost.').first().waitFor()
  await press(frame, 'Try again')
  await reach(frame, 'email_code')
})
