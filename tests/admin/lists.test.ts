import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '../support/chromium.ts'
import { post } from '../support/client.ts'
import { runningClock } from '../support/running-clock.ts'
import { buildPage } from './built-page.ts'
import { type Desk, getJson, openDesk, openOffice, postJson } from './desk.ts'
import { axeFindings } from './findings.ts'
import { logInOn } from './log-in-on.ts'
import { picturesInto } from './pictures.ts'

/** An analyst makes a list, fills it from a file, undoes an import and removes the list. */

const email = 'mira@ours.example'
let desk: Desk
let browser: Browser
let ours: { id: string; key: string; cookie: string }

beforeAll(async () => {
  desk = await openDesk({ files: await buildPage(), clock: runningClock(Date.now() - 60_000) })
  ours = await openOffice(desk, email)
  browser = await launchBrowser()
}, 60_000)
afterAll(async () => {
  await browser.close()
  await desk.close()
})

const visit = async (options: BrowserContextOptions = {}): Promise<Page> => {
  const page = await (await browser.newContext(options)).newPage()
  await logInOn(page, desk, email, { path: '/lists?environment=live' })
  return page
}

const shoot = picturesInto('LISTS_PICTURES')

const make = (name: string, kind: string) =>
  postJson(
    desk,
    '/api/lists?environment=live',
    { name, kind, owner: 'Fraud desk', description: 'Accounts that money of scams went to' },
    { cookie: ours.cookie },
  )
const entriesOf = async (name: string) => {
  const { text } = await getJson(desk, '/api/lists?environment=live', ours.cookie)
  const { lists }: { lists: { name: string; entries: number }[] } = JSON.parse(text)
  return lists.find((list) => list.name === name)?.entries
}

const fill = async (page: Page, text: string, mode = 'add'): Promise<void> => {
  const form = page.locator('details', { hasText: 'Fill it from a file' })
  if ((await form.getAttribute('open')) === null) await form.locator('summary').click()
  await page
    .getByLabel('File')
    .setInputFiles({ name: 'mules.csv', mimeType: 'text/csv', buffer: Buffer.from(text) })
  await page.getByLabel('What to do').selectOption(mode)
  await page.getByRole('button', { name: 'Send it' }).click()
}

test('a list is made, filled, undone and removed', async () => {
  const page = await visit({ viewport: { width: 1280, height: 900 } })
  await page.getByText('No live lists').waitFor()
  await page.getByText('Make a list, or change one').click()
  await page.getByLabel('Name').fill('mules')
  await page.getByLabel('What is in it').selectOption('payee')
  await page.getByLabel('Who answers for it').fill('Fraud desk')
  await shoot(page, 'new')
  await page.getByRole('button', { name: 'Save it' }).click()
  await page.getByRole('heading', { name: 'mules' }).waitFor()

  await fill(page, 'account,name\nGB33BUKB20201555550001,"Smith, J."\nGB33BUKB20201555550001,Twice\n,\n')
  await page.getByText('1 entry taken.').waitFor()
  await page.getByText('Line 4: must have an account').waitFor()
  await shoot(page, 'filled')
  expect(await entriesOf('mules')).toBe(1)
  expect(await axeFindings(page)).toEqual([])

  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await page.getByRole('button', { name: 'Undo it' }).click()
  await page.getByText('· undone').waitFor()
  expect(await entriesOf('mules')).toBe(0)

  await page.getByRole('button', { name: 'Remove this list' }).click()
  await page.getByRole('button', { name: 'Remove it' }).click()
  await page.getByText('No live lists').waitFor()
  await page.context().close()
})

test('a file of several parts counts as one import, and one with nothing in it leaves the list as it was', async () => {
  await make('mules', 'payee')
  const page = await visit()
  await page.getByRole('heading', { name: 'mules' }).waitFor()
  const name = 'x'.repeat(120)
  const lines = Array.from({ length: 60_000 }, (_, i) => `ACC-${i},${name}`)
  await fill(page, `account,name\r\n${lines.join('\r\n')}`)
  await page.getByText('60,000 entries taken.').waitFor({ timeout: 50_000 })
  expect(await entriesOf('mules')).toBe(60_000)
  await fill(page, 'account,name\n,\n', 'replace')
  await page.getByText('Nothing was taken; the list is as it was.').waitFor()
  expect(await entriesOf('mules')).toBe(60_000)
  await fill(page, 'iban\nGB33\n', 'replace')
  await page.getByRole('alert').waitFor()
  expect(await page.getByRole('alert').textContent()).toContain('must name the columns')
  expect(await entriesOf('mules')).toBe(60_000)
  await page.context().close()
})

test('a list that a rule uses names the rule, and can’t be removed', async () => {
  const rule = {
    id: 'rule_mules',
    name: 'Known mules',
    priority: 90,
    mode: 'live',
    when: { fact: 'payee', in_list: 'mules' },
    then: { outcome: 'block_escalate' },
  }
  await make('mules', 'payee')
  const bearer = { authorization: `Bearer ${ours.key}` }
  const { url } = desk.world
  const made = await post<{ id: string }>(`${url}/rules`, { rule }, bearer)
  await post(`${url}/policies/${made.body.id}/publish`, { note: 'Block known mules.' }, bearer)
  const page = await visit({ viewport: { width: 1280, height: 900 } })
  await page.getByRole('link', { name: 'Known mules' }).waitFor()
  expect(await page.getByRole('button', { name: 'Remove this list' }).count()).toBe(0)
  const refused = await postJson(
    desk,
    '/api/lists/mules/remove?environment=live',
    {},
    { cookie: ours.cookie },
  )
  expect([refused.status, refused.text]).toEqual([409, expect.stringContaining('rule_mules')])
  await page.context().close()
})

test.each([
  ['light', 1280],
  ['dark', 1280],
  ['light', 390],
  ['dark', 390],
] as const)('reads well and has no fault that axe knows: %s, %d px', async (colorScheme, width) => {
  await make('devices_of_cases', 'device')
  const page = await visit({ viewport: { width, height: 900 }, colorScheme })
  await page.getByRole('heading', { name: 'devices_of_cases' }).waitFor()
  const [first] = await page.getByText('Fill it from a file').all()
  await first?.click()
  expect(await axeFindings(page)).toEqual([])
  const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth')
  expect(overflow).toBeLessThanOrEqual(0)
  await shoot(page, `${colorScheme}-${width}`)
  await page.context().close()
})
