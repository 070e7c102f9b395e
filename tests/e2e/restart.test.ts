import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { launchBrowser } from '../support/chromium.ts'
import { visit } from './support/browser.ts'
import { answer, reach, typeCode } from './support/checkpoint.ts'
import { codeFor, mailsTo } from './support/mailbox.ts'
import { askFor, mayCarryOut } from './support/stranger.ts'
import { portsOf, readStarted, startSystem } from './support/system.ts'

test('after a restart everything is found again: the key, the log-in, and a session at the step where it was', async () => {
  // An operator restarts the machine while somebody stands at the question of one session and at the code of another.
  // The processes end cleanly; the second start has the same key; both people finish what they began.
  const first = await startSystem()
  const browser = await launchBrowser()
  let second = first
  try {
    const { page } = await visit(browser)
    const [asked, waiting] = [await askFor(first.started), await askFor(first.started)]
    await page.goto(asked.url)
    await answer(page, 'no')
    await reach(page, 'email_code')
    const code = await codeFor(first.started, asked.email)
    const before = first.started

    expect(await first.stop()).toBe(0)
    expect(() => readStarted(first.dataDir)).toThrow()
    second = await startSystem(first.dataDir, portsOf(before))
    expect(second.started).toEqual(before)
    expect(statSync(join(second.dataDir, 'started.json')).mode & 0o777).toBe(0o600)
    expect(readFileSync(join(second.dataDir, 'started.json'), 'utf8')).toContain(before.secret_key)

    expect(await mailsTo(second.started, asked.email)).toEqual([])
    await typeCode(page, code)
    await reach(page, 'allowed')
    expect(await mayCarryOut(second.started, asked)).toMatchObject({ valid: true })
    expect(await mayCarryOut(second.started, asked)).toMatchObject({ valid: false, code: 'already_used' })
    await page.goto(waiting.url)
    await reach(page, 'intent')
  } finally {
    await browser.close()
    await second.discard()
  }
})
