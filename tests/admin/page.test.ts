import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { requestBacktest } from '../../backend/analytics/request-backtest.ts'
import { questions } from '../../widget/texts/en/steps/questions.ts'
import { strictDraft } from '../analytics/analytics-stage.ts'
import { launchBrowser } from '../support/chromium.ts'
import { runningClock } from '../support/running-clock.ts'
import { playMorning } from './believable.ts'
import { buildPage } from './built-page.ts'
import { chooseByKeys } from './choose-by-keys.ts'
import { addAnalyst, type Desk, openDesk, password } from './desk.ts'
import { askedSpecifically, incidentFixture, reportFixture, sessionFixture } from './fixtures.ts'
import { logInOn } from './log-in-on.ts'

const org = 'org_harbour'
const email = 'mira@harbour.example'
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

let desk: Desk
let browser: Browser
let ids: string[]
let backtest: string

beforeAll(async () => {
  // The page shows how long ago things were by the browser's clock, so this desk's time ends now.
  desk = await openDesk({ files: await buildPage(), clock: runningClock(Date.now() - 32 * 60_000) })
  ids = await playMorning(desk.world, { _id: org, name: 'Harbour Bank' })
  desk.world.advance(Date.now() - desk.world.deps.clock())
  await addAnalyst(desk, org, email)
  backtest = await aBacktest()
  browser = await launchBrowser()
}, 60_000)
afterAll(async () => {
  await browser.close()
  await desk.close()
})

/** A stricter draft over the morning, run to its end. */
const aBacktest = async (): Promise<string> => {
  const { deps } = desk.world
  const asked = await requestBacktest(
    deps,
    { org_id: org, environment: 'live' },
    {
      policy: { draft: strictDraft },
      against: 'stored',
      live: deps.policy.version,
      from: deps.clock() - 86_400_000,
      to: deps.clock(),
      asked_by: 'mira',
    },
  )
  if (!asked.ok) throw new Error(asked.reason)
  await deps.analytics.runBacktests()
  return asked.backtest._id
}

type Visit = { page: Page; complaints: string[] }

/** A browser of its own at `path`; what its console and its policy complain about is kept. */
const visit = async (path: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Visit> => {
  const page = await (await browser.newContext(options)).newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    // That nobody is logged in yet is an answer, which the browser reports as a failed resource.
    const isExpected = message.text().includes('401')
    if (['error', 'warning'].includes(message.type()) && !isExpected) complaints.push(message.text())
  })
  page.on('pageerror', (fault) => complaints.push(String(fault)))
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  await logInOn(page, desk, email, { path })
  return { page, complaints }
}

const leave = ({ page }: Visit) => page.context().close()

const findings = async (page: Page): Promise<string[]> => {
  await page.evaluate(axe)
  const found: { id: string; nodes: { html: string }[] }[] = await page.evaluate(
    'axe.run(document).then((r) => r.violations)',
  )
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

const viewsOf = () => [
  '/',
  `/sessions/${ids[1]}`,
  `/sessions/${ids[2]}`,
  '/incidents',
  '/reports',
  '/?environment=test',
  '/?user=nobody',
  '/?reference=UU-VVWW',
  '/trail',
]

const analyticsOf = () => [
  '/effectiveness',
  '/effectiveness?by=rule&days=90',
  '/backtests',
  `/backtests/${backtest}`,
]

test.each([
  ['view', viewsOf, 'light', 1280],
  ['view', viewsOf, 'dark', 390],
  ['view', viewsOf, 'light', 320],
  ['report and backtest', analyticsOf, 'light', 1280],
  ['report and backtest', analyticsOf, 'dark', 390],
  ['report and backtest', analyticsOf, 'light', 320],
] as const)(
  'every %s is free of axe findings, complaints and sideways scrolling',
  async (_what, pathsOf, colorScheme, width) => {
    const at = await visit('/', { colorScheme, viewport: { width, height: 800 } })
    for (const path of pathsOf()) {
      await at.page.goto(`${desk.origin}${path}`)
      await at.page.waitForSelector('h1:not(.hidden)')
      expect(await findings(at.page), path).toEqual([])
      expect(await at.page.evaluate('document.documentElement.scrollWidth <= innerWidth'), path).toBe(true)
    }
    expect(at.complaints).toEqual([])
    await leave(at)
  },
)

const hostile =
  '<img src=x onerror="alert(1)"><script>alert(2)</script>"\'<a href=javascript:alert(3)><svg/onload=alert(4)>javascript:alert(5)'

test('whatever a person or a site writes stays text', async () => {
  const at = desk.world.deps.clock()
  const common = { org_id: org, at }
  const typed = { id: hostile, name: hostile, account: hostile, country: 'GB' }
  await desk.world.deps.collections.sessions.insert(
    sessionFixture(
      { ...common, id: 'hostile' },
      {
        consequences: { incident_id: 'inc_hostile', report: { details: hostile, at } },
        event: {
          action: hostile,
          target: hostile,
          metadata: JSON.stringify({ note: hostile }),
          device: { id: hostile, user_agent: hostile },
          payee: { typed, canonical: typed, added_at: null },
          location: { country: 'GB', city: hostile, lat: null, lon: null },
          user: {
            id: hostile,
            email: hostile,
            email_changed_at: null,
            previous_email: null,
            phone: hostile,
            created_at: null,
            locale: null,
          },
        },
      },
    ),
  )
  await desk.world.deps.collections.incidents.insert(
    incidentFixture(
      { ...common, id: 'hostile', session_id: 'ses_hostile' },
      { user_id: hostile, action: hostile },
    ),
  )
  await desk.world.deps.collections.scamReports.insert(
    reportFixture(
      { ...common, id: 'hostile', session_id: 'ses_hostile' },
      { details: hostile, user_id: hostile },
    ),
  )
  const seen = await visit('/')
  for (const path of ['/', '/sessions/ses_hostile', '/incidents', '/incidents/inc_hostile', '/reports']) {
    await seen.page.goto(`${desk.origin}${path}`)
    await seen.page.waitForSelector('main a')
    expect(await seen.page.locator('main').textContent(), path).toContain('onerror="alert(1)"')
    expect(await seen.page.locator('main :is(img, script, iframe, [onload], [onerror])').count(), path).toBe(
      0,
    )
  }
  expect(seen.complaints).toEqual([])
  await leave(seen)
})

test.each([1280, 320])(
  'specific questions stand in a session’s story, each answer beside what it is worth: %i px',
  async (width) => {
    const at = desk.world.deps.clock()
    const id = `asked${width}`
    await desk.world.deps.collections.sessions.insert(
      sessionFixture({ org_id: org, id, at }, askedSpecifically(at)),
    )
    const seen = await visit('/', { viewport: { width, height: 800 } })
    await seen.page.goto(`${desk.origin}/sessions/ses_${id}`)
    const against = seen.page.locator('.beside.against')
    await against.waitFor()
    expect(await against.locator('blockquote').textContent()).toBe(questions.asked.first_heard.answers.caller)
    expect(await against.textContent()).toContain('said that nobody is guiding them')
    expect(await seen.page.locator('main').textContent()).toContain(questions.asked.purpose.headings[1])
    expect(await findings(seen.page)).toEqual([])
    expect(await seen.page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
    await leave(seen)
  },
)

test('a session names the rule that could not be asked, and says why', async () => {
  const session = sessionFixture({ org_id: org, id: 'failing', at: desk.world.deps.clock() })
  const rule_errors = [{ rule_id: 'rule_broken', message: 'the list vip is not there' }]
  await desk.world.deps.collections.sessions.insert({
    ...session,
    evaluation: { ...session.evaluation, assessment: { ...session.evaluation.assessment, rule_errors } },
  })
  const at = await visit('/')
  await at.page.goto(`${desk.origin}/sessions/${session._id}`)
  const line = at.page.getByRole('listitem').filter({ hasText: 'rule_broken' })
  expect(await line.textContent()).toContain('the list vip is not there')
  await leave(at)
})

test('the policy would stop markup from a string even if the page tried', async () => {
  const at = await visit('/')
  const answer = await at.page.evaluate(
    `(() => { try { document.body.innerHTML = '<b>x</b>'; return 'written' } catch (fault) { return fault.name } })()`,
  )
  expect(answer).toBe('TypeError')
  await leave(at)
})

test('a new session waits above the list until it is asked for; a listed one changes in its place', async () => {
  const at = await visit('/')
  await at.page.waitForSelector('.live.on')
  const rows = at.page.locator('ol.rows a.row')
  const before = await rows.count()
  const top = await rows.first().boundingBox()
  const { sessions } = desk.world.deps.collections
  const now = desk.world.deps.clock()
  await sessions.insert(sessionFixture({ org_id: org, id: 'arrives', at: now + 1 }))
  const button = at.page.getByRole('button', { name: 'Show 1 new session' })
  await button.waitFor()
  expect(await rows.count()).toBe(before)
  expect(await rows.first().boundingBox()).toEqual(top)

  const listed = await sessions.get(org, ids[5] ?? '')
  if (listed === null) throw new Error('no such session')
  await sessions.replace(
    {
      ...listed,
      updated_at: now + 2,
      status: 'resolved',
      ending: { ...listed.ending, outcome: 'block_escalate', resolution: 'cancelled' },
    },
    listed.version,
  )
  await at.page.locator(`a[href^="/sessions/${listed._id}"]`).getByText('cancelled').waitFor()
  expect(await rows.first().boundingBox()).toEqual(top)

  await at.page.keyboard.press('n')
  expect(await rows.first().getAttribute('href')).toContain('/sessions/ses_arrives')
  expect(await rows.count()).toBe(before + 1)
  await leave(at)
})

test('the keyboard alone walks the list, opens a session, comes back to its line and finds a case', async () => {
  const held = await desk.world.deps.collections.sessions.get(org, ids[4] ?? '')
  const reference = held?.consequences.case_reference ?? ''
  const at = await visit('/')
  await at.page.waitForSelector('a.row')
  for (const key of ['j', 'j', 'j', 'k']) await at.page.keyboard.press(key)
  const href = await at.page.locator('a.row').nth(1).getAttribute('href')
  const focused = () => at.page.evaluate(`document.activeElement?.getAttribute('href')`)
  expect(await focused()).toBe(href)
  await at.page.keyboard.press('Enter')
  await at.page.waitForSelector('article')
  expect(at.page.url()).toBe(`${desk.origin}${href}`)
  await at.page.keyboard.press('Escape')
  await at.page.waitForSelector('a.row')
  await expect.poll(focused).toBe(href)

  await at.page.keyboard.press('/')
  await at.page.keyboard.type(reference.replace('-', ' ').toLowerCase())
  await at.page.keyboard.press('Enter')
  await at.page.waitForSelector('article')
  expect(await at.page.locator('h1').textContent()).toBe(`Case ${reference}`)
  await leave(at)
})

test('the keyboard alone releases a hold after a second look, and the page then says who, why and when', async () => {
  const at = await visit(`/sessions/${ids[4]}`, { viewport: { width: 320, height: 800 } })
  const { page } = at
  await page.waitForSelector('.release summary')
  const focused = () => page.evaluate('document.activeElement?.textContent?.trim() ?? ""')
  await page.focus('.release summary')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await page.keyboard.type('It is his own landlord; he rang the branch.')
  await page.keyboard.press('Tab')
  await chooseByKeys(page, 'We called')
  await page.keyboard.press('Tab')
  await chooseByKeys(page, 'It is their')
  expect(await findings(page)).toEqual([])
  await page.getByRole('button', { name: 'Look it over' }).press('Enter')
  await page.waitForSelector('.second')
  await expect.poll(focused).toContain('Release the hold on u_55?')
  expect(await page.locator('.second').textContent()).toMatch(
    /his own landlord.*number on file.*own decision.*mira@/s,
  )
  expect(await findings(page)).toEqual([])
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)

  await page.getByRole('button', { name: 'Change something' }).press('Enter')
  expect(await page.locator('.release textarea').inputValue()).toContain('his own landlord')
  await page.getByRole('button', { name: 'Look it over' }).press('Enter')
  await page.waitForSelector('.second')
  // The focus follows a frame later: a key that is pressed before goes somewhere else.
  await expect.poll(focused).toContain('Release the hold on u_55?')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.waitForSelector('[id^=released-]')
  await expect.poll(focused).toMatch(/released .* by mira@harbour\.example: It is his own landlord/)
  expect(await page.locator('article').textContent()).toContain('hold.released')
  expect(await findings(page)).toEqual([])
  expect(at.complaints).toEqual([])
  await leave(at)
})

test('a release that is refused says why beside the form, which keeps what was typed', async () => {
  const at = await visit(`/sessions/${ids[6]}`)
  const { page } = at
  await page.click('.release summary')
  await page.fill('.release textarea', 'Spoken with her.')
  await page.selectOption('.release select[name=number_used]', 'card')
  await page.selectOption('.release select[name=outcome]', 'contact_ended')
  await page.fill('.release input[name=at]', '2020-01-01T10:00')
  await page.click('text=Look it over')
  await page.click('text=Release it')
  await page.waitForSelector('.release [role=alert]')
  expect(await page.locator('.release [role=alert]').textContent()).toContain('before the hold was opened')
  expect(await page.locator('.release textarea').inputValue()).toBe('Spoken with her.')
  await leave(at)
})

test('the keyboard alone labels the device and takes it back, and the page then says who, why and how it stands', async () => {
  const at = await visit(`/sessions/${ids[4]}`, { viewport: { width: 320, height: 800 } })
  const { page } = at
  const focused = () => page.evaluate('document.activeElement?.textContent?.trim() ?? ""')
  await page.waitForSelector('.labelling.new summary')
  expect(await page.locator('article').textContent()).toContain('Nobody has labelled anything of this event.')
  await page.focus('.labelling.new summary')
  await page.keyboard.press('Enter')
  for (const words of ['The device', 'known to be risky', 'The usual', 'We looked']) {
    await page.keyboard.press('Tab')
    await chooseByKeys(page, words)
  }
  await page.keyboard.press('Tab')
  await page.keyboard.type('Sold on, and seen with four people.')
  expect(await findings(page)).toEqual([])
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  await page.getByRole('button', { name: 'Give this label' }).press('Enter')
  await page.waitForSelector('[id^=lbl_]')
  await expect
    .poll(focused)
    .toMatch(
      /The device: known to be risky, takeover, active until .*Sold on.*looked into it, by mira@harbour/s,
    )
  expect(await page.locator('.labelling.new').getAttribute('open')).toBeNull()
  expect(await page.locator('#label-reason').inputValue()).toBe('')

  await page.locator('[id^=lbl_] summary').press('Enter')
  await page.keyboard.press('Tab')
  await page.keyboard.type('It was the branch’s own tablet.')
  expect(await findings(page)).toEqual([])
  await page.keyboard.press('Enter')
  await expect.poll(focused).toMatch(/taken back.*Taken back .* by mira@harbour\.example: It was the branch/s)
  expect(await findings(page)).toEqual([])
  expect(at.complaints).toEqual([])
  await leave(at)
})

test('the keyboard alone closes an incident, and the page then says what it was, by whom and how they know', async () => {
  const at = await visit('/incidents', { viewport: { width: 320, height: 800 } })
  const { page } = at
  await page.locator('a.row.incident').filter({ hasText: 'open' }).first().click()
  await page.waitForSelector('.disposition form')
  expect(await page.locator('article').textContent()).toContain('Others who paid this payee')
  await page.focus('.disposition input[value=confirmed_scam]')
  await page.keyboard.press('Space')
  await page.keyboard.press('Tab')
  await page.keyboard.type('The receiving bank has closed the account.')
  expect(await findings(page)).toEqual([])
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await page.getByText('closed, confirmed scam').waitFor()
  const focused = () => page.evaluate('document.activeElement?.textContent?.trim() ?? ""')
  await expect.poll(focused).toMatch(/Confirmed scam, .* by mira@harbour\.example: The receiving bank/)
  expect(await findings(page)).toEqual([])
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  expect(at.complaints).toEqual([])
  await leave(at)
})

test('a label that is refused says why beside the form, which keeps what was typed', async () => {
  const at = await visit(`/sessions/${ids[6]}`)
  const { page } = at
  await page.click('.labelling.new summary')
  await page.selectOption('.labelling select[name=subject]', 'device')
  await page.selectOption('.labelling select[name=label]', 'known_legit')
  await page.selectOption('.labelling select[name=family]', 'scam')
  await page.selectOption('.labelling select[name=provenance]', 'customer_confirmed')
  await page.fill('.labelling textarea', 'She says it is hers.')
  await page.click('text=Give this label')
  await page.waitForSelector('.labelling [role=alert]')
  expect(await page.locator('.labelling [role=alert]').textContent()).toContain(
    'carried out by the genuine person',
  )
  expect(await page.locator('.labelling textarea').inputValue()).toBe('She says it is hers.')
  await leave(at)
})

test('an address of the page opens the same view after logging in, and nothing of it before', async () => {
  const context = await browser.newContext()
  const page = await context.newPage()
  const response = await page.goto(`${desk.origin}/sessions/${ids[2]}`)
  expect(response?.headers()['content-security-policy']).toContain("require-trusted-types-for 'script'")
  await page.waitForSelector('#email')
  expect(await page.content()).not.toContain('Safe Account')
  await page.fill('#email', email)
  await page.fill('#password', password)
  await page.keyboard.press('Enter')
  await page.waitForSelector('article')
  expect(await page.locator('h1').textContent()).toContain('Safe Account Dept.')
  expect(await page.locator('article').textContent()).toContain('But the site observed')
  await context.close()
})

test('when the login ends, what was on the screen goes with it', async () => {
  const at = await visit(`/sessions/${ids[2]}`)
  await at.page.waitForSelector('article')
  await at.page.context().clearCookies()
  await at.page.keyboard.press('r')
  await at.page.waitForSelector('#email')
  expect(await at.page.content()).not.toContain('Safe Account')
  await leave(at)
})

test('effectiveness keeps its range and its rows in the address; a backtest says what it would have cost', async () => {
  const at = await visit('/effectiveness')
  const { page } = at
  await page.waitForSelector('table')
  await page.click('text=Text version')
  await page.click('text=7 days')
  await page.waitForSelector('caption:has-text("text version")', { state: 'attached' })
  expect(page.url()).toMatch(/by=text_version.*days=7|days=7.*by=text_version/)
  expect(await page.locator('tbody th').first().textContent()).toMatch(/^en-\d+\/\d$/)
  await page.click('nav >> text=Backtests')
  await page.click('a.row.backtest')
  await page.waitForSelector('article')
  expect(await page.locator('.lead').textContent()).toMatch(
    /Would have stopped \d+.*completed and never reported/s,
  )
  await page.locator('summary').first().click()
  await page.locator('details[open] a').first().click()
  await page.waitForSelector('article')
  expect(page.url()).toContain('/sessions/')
  expect(at.complaints).toEqual([])
  await leave(at)
})
