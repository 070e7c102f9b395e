import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readSupervisorSettings } from '../../demo-site/settings.ts'
import type { Started } from '../../demo-site/started-file.ts'
import { supervise } from '../../demo-site/supervisor.ts'
import { Browser, formOn, readable } from '../demo/browser.ts'
import { ensureBuilt, temporaryFolder } from './backend-process.ts'

/** `npm start` as it is, with the real backend and the real bank, and a kill -9 of the backend under the bank. */

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url))
const programs = {
  backend: here('../demo/fixtures/recorded-backend.ts'),
  bank: here('../../demo-site/main.ts'),
}

let folder: { path: string; remove: () => Promise<void> }
beforeAll(async () => {
  ensureBuilt()
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

it('a kill -9 of the backend shows the bank failing closed, and everything works when the backend is back', async () => {
  const pidFile = join(folder.path, 'pid')
  const environment = {
    PATH: process.env['PATH'],
    PORT: '0',
    ADMIN_PORT: '0',
    DEMO_PORT: '0',
    SMTP_PORT: '0',
    DATA_DIR: join(folder.path, 'data'),
    PID_FILE: pidFile,
  }
  const stop = Promise.withResolvers<void>()
  const announced = Promise.withResolvers<Started>()
  const restart = Promise.withResolvers<void>()
  const said: string[] = []
  const code = supervise(programs, readSupervisorSettings(environment), environment, {
    stopped: stop.promise,
    announce: announced.resolve,
    say: (sentence) => said.push(sentence),
    pause: () => restart.promise,
  })
  const { demo_url, api_url } = await Promise.race([announced.promise, code.then(() => Promise.reject(said))])
  const browser = await new Browser(demo_url).signIn('ana')
  await browser.post('/story', { story: 'rent' })
  const form = formOn(await (await browser.get('/transfer')).text(), '/transfer')

  process.kill(Number(await readFile(pidFile, 'utf8')), 'SIGKILL')
  await expect.poll(() => said).toEqual(['The backend ended (SIGKILL). Starting it again in 0.5 s.'])
  await expect(fetch(`${api_url}/healthz`)).rejects.toThrow()

  const answer = await browser.post('/transfer', form)
  const stopped = await (await browser.get(answer.headers.get('location') ?? '')).text()
  expect(readable(stopped)).toContain('We can’t check this right now. Nothing was sent.')
  expect(readable(stopped)).toContain('nobody listens there: nothing is carried out')
  expect(await browser.text('/')).toContain('14,250.00')
  expect((await browser.post('/story', { story: 'plumber' })).status).toBe(303)
  expect(await browser.text('/transfer')).toContain('What to expect: One question')
  const whileAway = formOn(await (await browser.get('/transfer')).text(), '/transfer')
  expect((await browser.postAsScript('/transfer', whileAway)).status).toBe(503)

  restart.resolve()
  await expect.poll(() => said.at(-1), { timeout: 20_000 }).toBe('The backend is back.')
  const asked = await browser.postAsScript('/transfer', whileAway)
  expect((await asked.json()).checkpoint.url).toContain('/challenge/')
  await browser.post('/story', { story: 'rent' })
  const again = await browser.post(
    '/transfer',
    formOn(await (await browser.get('/transfer')).text(), '/transfer'),
  )
  expect(await browser.text(again.headers.get('location') ?? '')).toContain('480.00 EUR sent to Marisol Vega')

  stop.resolve()
  expect(await code).toBe(0)
  await expect(fetch(demo_url)).rejects.toThrow()
})
