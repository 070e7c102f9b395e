import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '../support/chromium.ts'
import { ingest, post, transfer } from '../support/client.ts'
import { runningClock } from '../support/running-clock.ts'
import { buildPage } from './built-page.ts'
import { type Desk, getJson, openDesk, openOffice, postJson } from './desk.ts'
import { axeFindings } from './findings.ts'
import { logInOn } from './log-in-on.ts'
import { picturesInto } from './pictures.ts'

/** An analyst reads the versions of the policy, moves one, and asks a session why its rules did not match. */

const email = 'mira@ours.example'
let desk: Desk
let browser: Browser
let ours: { id: string; key: string; cookie: string }
let theirs: { cookie: string }
const logLines: string[] = []

beforeAll(async () => {
  desk = await openDesk({ files: await buildPage(), clock: runningClock(Date.now() - 60_000), logLines })
  ours = await openOffice(desk, email)
  theirs = await openOffice(desk, 'theo@theirs.example')
  browser = await launchBrowser()
}, 60_000)
afterAll(async () => {
  await browser.close()
  await desk.close()
})

const rules = [
  {
    id: 'rule_guided',
    name: 'Somebody on the line, somebody new to pay',
    priority: 90,
    mode: 'live',
    when: { all: [{ signal: 'CALL_ACTIVE' }, { fact: 'payee.known', op: 'eq', value: false }] },
    then: { outcome: 'block_escalate' },
  },
  {
    id: 'rule_abroad',
    name: 'Large and abroad',
    priority: 50,
    mode: 'live',
    when: {
      all: [
        { fact: 'amount', op: 'gte', value: 500_000 },
        {
          any: [
            { fact: 'payee.country', op: 'not_in', value: ['GB', 'ES'] },
            { not: { fact: 'payee.country', op: 'known' } },
          ],
        },
      ],
    },
    then: { minimum_tier: 'high', add_steps: ['confirm_action'], points: 10 },
  },
  {
    id: 'rule_often',
    name: 'Fourth payment of the hour',
    priority: 10,
    mode: 'preview',
    when: { velocity: { count: 'payments', within_minutes: 60 }, op: 'gt', value: 3 },
    then: { points: 15 },
  },
]

const bearer = () => ({ authorization: `Bearer ${ours.key}` })
const draft = async (changes: unknown, note: string): Promise<string> => {
  const made = await post<{ id: string }>(`${desk.world.url}/policies`, { changes, note }, bearer())
  if (made.status !== 201) throw new Error(JSON.stringify(made.body))
  return made.body.id
}
const get = (path: string, cookie = ours.cookie) => getJson(desk, path, cookie)
const move = (body: Record<string, unknown>, cookie = ours.cookie) =>
  postJson(desk, '/api/policies/move', { environment: 'live', note: 'It did well.', ...body }, { cookie })

test('moves a version in its own organisation, under the analyst’s name, with a line in the log', async () => {
  const id = await draft({ rules }, 'Calls and payments abroad')
  logLines.length = 0
  const moved = await move({ kind: 'publish', policy: id, expected_live: 'default-1' })
  expect([moved.status, moved.body]).toEqual([200, { live: id }])
  expect(logLines.filter((line) => line.includes('a policy was moved'))).toHaveLength(1)
  const { body } = await get(`/api/policies/${id}?environment=live`)
  expect(body).toMatchObject({
    live: id,
    before: 'default-1',
    summary: { state: 'live', author: expect.stringMatching(/^key:/) },
    history: [{ kind: 'publish', by: email, replaced: 'default-1', note: 'It did well.' }],
    rules: [{ id: 'rule_guided' }, { id: 'rule_abroad' }, { id: 'rule_often' }],
  })
  const late = await move({ kind: 'roll_back', policy: 'default-1', expected_live: 'default-1' })
  expect([late.status, late.body['code']]).toEqual([409, 'policy_conflict'])
  for (const path of [`/api/policies/${id}?environment=live`, '/api/sessions/ses_0/rules'])
    expect((await get(path, theirs.cookie)).status).toBe(404)
  const foreign = await move({ kind: 'publish', policy: id, expected_live: 'default-1' }, theirs.cookie)
  expect(foreign.status).toBe(404)
  expect((await get('/api/policies?environment=live', theirs.cookie)).body['policies']).toHaveLength(1)
})

test('needs a login, our own origin and a reason', async () => {
  const command = { kind: 'publish', policy: 'default-1', expected_live: 'pol_1' }
  expect((await move(command, '')).status).toBe(401)
  expect((await move({ ...command, note: ' ' })).status).toBe(400)
  const elsewhere = await postJson(desk, '/api/policies/move', command, {
    cookie: ours.cookie,
    origin: 'https://evil.example',
  })
  expect(elsewhere.status).toBe(403)
})

const visit = async (options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> => {
  const page = await (await browser.newContext(options)).newPage()
  await logInOn(page, desk, email, { path: '/policy' })
  return page
}

const shoot = picturesInto('POLICY_PICTURES')

test('a version is looked over, previewed, published and taken back on the page', async () => {
  const id = await draft(
    { weights: { DEVICE_NEW: 20 }, lists: { vip: ['a', 'b'] } },
    'New devices weigh more',
  )
  const page = await visit({ viewport: { width: 1280, height: 800 } })
  await page.getByText('is judged by').or(page.getByText('are judged by')).waitFor()
  await shoot(page, 'list')
  await page.getByRole('link', { name: id }).click()
  await page.getByText('weights.DEVICE_NEW').waitFor()
  await shoot(page, 'version')
  for (const [button, state] of [
    ['Preview it', 'In preview'],
    ['Publish it', 'Live'],
    ['Roll back to pol_1', 'Retired'],
  ] as const) {
    await page.getByRole('button', { name: button }).click()
    await page.getByLabel('Why').fill('Two weeks without a surprise.')
    await page.getByRole('button', { name: 'Look it over' }).click()
    await page.getByText('Why: Two weeks without a surprise.').waitFor()
    await shoot(page, `second-look-${state}`)
    await page.getByRole('button', { name: button.replace(/ to .*/, '') }).click()
    await page.locator('.mark', { hasText: state }).waitFor()
  }
  await shoot(page, 'moved')
  const { body } = await get(`/api/policies/${id}?environment=live`)
  expect((body['history'] as { kind: string }[]).map(({ kind }) => kind)).toEqual([
    'roll_back',
    'publish',
    'preview',
  ])
  await page.context().close()
})

test('a draft is backtested from its page; one that judges has no button for it', async () => {
  const id = await draft({ weights: { DEVICE_NEW: 2 } }, 'New devices weigh little')
  const page = await visit({ viewport: { width: 1280, height: 800 } })
  await page.getByRole('link', { name: id }).click()
  await page.getByRole('button', { name: 'Backtest this draft' }).click()
  await page.getByRole('heading', { name: `Backtest of ${id}` }).waitFor()
  await page.goto(`${desk.origin}/policy/default-1?environment=test`)
  await page.getByRole('heading', { name: 'Who moved it' }).waitFor()
  expect(await page.getByRole('button', { name: /^Backtest/ }).count()).toBe(0)
  await page.context().close()
})

test('a move that somebody else was faster with says so and leaves the reason standing', async () => {
  const [one, two] = [await draft({}, 'one'), await draft({}, 'two')]
  const page = await visit()
  await page.getByRole('link', { name: one }).click()
  await page.getByRole('button', { name: 'Publish it' }).click()
  await page.getByLabel('Why').fill('Mine first.')
  await page.getByRole('button', { name: 'Look it over' }).click()
  await page.getByText('Why: Mine first.').waitFor()
  const { body } = await get('/api/policies?environment=live')
  await move({ kind: 'publish', policy: two, expected_live: body['live'] })
  await page.getByRole('button', { name: 'Publish it' }).click()
  await page.getByRole('alert').waitFor()
  expect(await page.getByRole('alert').textContent()).toContain('Another version is live')
  expect(await page.getByLabel('Why').inputValue()).toBe('Mine first.')
  await page.context().close()
})

test('a session says which rules matched, which decided, and why the others did not', async () => {
  const id = await draft({ rules, weights: { DEVICE_NEW: 1 } }, 'rules again')
  const { body } = await get('/api/policies?environment=live')
  await move({ kind: 'publish', policy: id, expected_live: body['live'] })
  await move({ kind: 'preview', policy: 'pol_1', expected_live: id })
  const observed_at = new Date(desk.world.deps.clock()).toISOString()
  const asked = await ingest(desk.world, ours.key, transfer({ context: { call_active: true, observed_at } }))
  expect(asked.body).toMatchObject({
    outcome: 'block_escalate',
    shadow_evaluation: { policy_version: 'pol_1' },
  })
  const page = await visit({ viewport: { width: 1280, height: 800 } })
  await page.goto(`${desk.origin}/sessions/${asked.body.session.id}`)
  await page.getByText('decided').waitFor()
  await page.getByText('In preview,').waitFor()
  await page.getByText('Why each rule matched or did not').click()
  await page.getByText('“GB”').first().waitFor()
  await shoot(page, 'session')
  await page.getByText('Stopped by the rule “Somebody on the line, somebody new to pay”').waitFor()
  expect(await page.locator('.explained').innerText()).toContain('payee known is no')
  await page.getByRole('link', { name: id }).click()
  await page.getByRole('heading', { name: id }).waitFor()
  await page.context().close()
})

test.each([
  ['light', 1280],
  ['dark', 390],
  ['light', 320],
] as const)('is free of axe findings and sideways scrolling: %s, %i px', async (colorScheme, width) => {
  const page = await visit({ colorScheme, viewport: { width, height: 800 } })
  const { body } = await get('/api/policies?environment=live')
  for (const path of ['/policy', `/policy/${body['live']}`, '/policy/default-1?environment=test']) {
    await page.goto(`${desk.origin}${path}`)
    await page.waitForSelector('h1:not(.hidden)')
    expect(await axeFindings(page), path).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), path).toBe(true)
    await shoot(page, `${colorScheme}-${width}-${path.replaceAll(/\W/g, '')}`)
  }
  await page.context().close()
})
