import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EnforcementMode } from '#contract/enforcement'
import { enforcementDetail } from '#contract/enforcement-detail'
import { changeOrganisation } from '../../backend/org/provision.ts'
import { readTrail } from '../../backend/org/read-trail.ts'
import { tellOfEnforcement } from '../../backend/org/tell-of-enforcement.ts'
import { launchBrowser } from '../support/chromium.ts'
import { ingest, post, transfer } from '../support/client.ts'
import { runningClock } from '../support/running-clock.ts'
import { openOrganisation } from '../support/world.ts'
import { buildPage } from './built-page.ts'
import { addAnalyst, type Desk, getJson, logIn, openDesk, postJson } from './desk.ts'
import { axeFindings } from './findings.ts'
import { logInOn } from './log-in-on.ts'
import { picturesInto } from './pictures.ts'

/** An analyst sees what is enforced and what would have been decided, moves the switch, and somebody hears of it. */

let desk: Desk
let browser: Browser
const logLines: string[] = []

beforeAll(async () => {
  desk = await openDesk({ files: await buildPage(), clock: runningClock(Date.now() - 60_000), logLines })
  browser = await launchBrowser()
}, 60_000)
afterAll(async () => {
  await browser.close()
  await desk.close()
})

let offices = 0
/** An organisation with two analysts. */
const openBank = async (live: EnforcementMode) => {
  offices += 1
  const { id, key } = await openOrganisation(desk.world, {}, 'live', live)
  const [mira, bo] = [`mira${offices}@ours.example`, `bo${offices}@ours.example`]
  await addAnalyst(desk, id, mira)
  await addAnalyst(desk, id, bo)
  return { id, key, mira, cookies: [await logIn(desk, mira), await logIn(desk, bo)] as const }
}

const wish = (mode: EnforcementMode) => ({ environment: 'live', mode, note: 'Two quiet weeks.' })
const move = (cookie: string, mode: EnforcementMode) =>
  postJson(desk, '/api/enforcement', wish(mode), { cookie })
const standing = async (cookie: string) =>
  (await getJson(desk, '/api/enforcement?environment=live', cookie)).body
const trailOf = async (org: string) =>
  (await readTrail(desk.world.deps, org, 0)).entries
    .filter(({ action }) => action !== 'organisation.created')
    .map(({ action, actor, actor_type, meta }) => ({ action, actor, actor_type, meta }))
const tellAll = async () => {
  const before = desk.world.mails.length
  while ((await tellOfEnforcement(desk.world.deps)) > 0);
  return desk.world.mails.slice(before)
}

let users = 0
const send = async (key: string, value: number) => {
  users += 1
  const user = { id: `w_${users}`, email: 'ana@example.com', created_at: '2019-05-01T00:00:00Z' }
  const payee = { name: 'J. Smith', account: `GB33BUKB2020${String(users).padStart(10, '0')}`, country: 'GB' }
  return ingest(desk.world, key, transfer({ user, payee, amount: { value, currency: 'USD' } }))
}

describe('the switch', () => {
  test('enforces, and then observes: the trail has who, and the security contact hears of the less', async () => {
    const bank = await openBank('observe')
    const [cookie] = bank.cookies
    const me = await getJson(desk, '/api/me', cookie)
    expect(me.body['organisation']).toMatchObject({ enforced: { live: 'nothing', test: 'all' } })
    expect((await send(bank.key, 1_000_000)).body.observed?.outcome).toBe('delay_verify')
    expect((await move(cookie, 'enforce')).body).toEqual({ came_to: 'moved' })
    expect((await send(bank.key, 1_000_000)).body.outcome).toBe('delay_verify')
    expect(await tellAll()).toEqual([])
    expect((await move(cookie, 'enforce')).body).toEqual({ came_to: 'unchanged' })
    expect((await move(cookie, 'observe')).body).toEqual({ came_to: 'moved' })
    const by = { actor: expect.stringMatching(/^adm_/), actor_type: 'analyst', action: 'enforcement.changed' }
    expect(await trailOf(bank.id)).toMatchObject([
      { action: 'key.created' },
      { action: 'admin.created' },
      { action: 'admin.created' },
      { ...by, meta: { environment: 'live', mode: 'enforce' } },
      { ...by, meta: { environment: 'live', mode: 'observe', first: null } },
    ])
    const mails = await tellAll()
    expect(mails).toHaveLength(1)
    expect(mails[0]).toMatchObject({ to: 'security@bank.example' })
    for (const said of ['Environment: live', 'What now counts: observe', bank.mira])
      expect(mails[0]?.text).toContain(said)
    expect(await standing(cookie)).toMatchObject({
      mode: 'observe',
      extent: 'nothing',
      moved: { by: bank.mira, note: 'Two quiet weeks.' },
      total: { events: 2, asked: 1, would_have_asked: 1, would_have_stopped: 0 },
    })
    expect(logLines.filter((line) => line.includes('enforcement was moved')).length).toBeGreaterThan(0)
  })

  test('a mail that can’t be sent is sent later, and once', async () => {
    const bank = await openBank('enforce')
    await move(bank.cookies[0], 'observe')
    desk.world.mailFault.message = 'away'
    expect(await tellAll()).toEqual([])
    desk.world.mailFault.message = null
    expect(await tellAll()).toEqual([])
    desk.world.advance(61_000)
    expect(await tellAll()).toHaveLength(1)
    desk.world.advance(61_000)
    expect(await tellAll()).toEqual([])
  })

  test('without a contact nobody is told, and the trail has it', async () => {
    const bank = await openBank('enforce')
    await changeOrganisation(desk.world.deps, bank.id, () => ({ security_email: null }))
    await move(bank.cookies[0], 'observe')
    expect(await tellAll()).toEqual([])
    expect((await trailOf(bank.id)).at(-1)).toMatchObject({ action: 'enforcement.changed' })
  })

  test('needs a login, our own origin and a reason', async () => {
    const bank = await openBank('enforce')
    expect((await move('', 'observe')).status).toBe(401)
    const [cookie] = bank.cookies
    const silent = await postJson(desk, '/api/enforcement', { ...wish('observe'), note: ' ' }, { cookie })
    expect(silent.status).toBe(400)
    const elsewhere = { cookie, origin: 'https://evil.example' }
    expect((await postJson(desk, '/api/enforcement', wish('observe'), elsewhere)).status).toBe(403)
    expect(await standing(cookie)).toMatchObject({ mode: 'enforce' })
  })
})

describe('where it takes two analysts', () => {
  const openStrictBank = async () => {
    const bank = await openBank('enforce')
    await changeOrganisation(desk.world.deps, bank.id, ({ enforcement }) => ({
      enforcement: { ...enforcement, two_analysts: true },
    }))
    return bank
  }

  test('one proposes to observe, and another one makes it so', async () => {
    const bank = await openStrictBank()
    const [first, second] = bank.cookies
    for (let times = 0; times < 2; times += 1)
      expect((await move(first, 'observe')).body).toEqual({ came_to: 'proposed' })
    expect(await standing(second)).toMatchObject({
      mode: 'enforce',
      proposed: { what: 'observe', by: bank.mira, is_mine: false },
    })
    expect(await tellAll()).toEqual([])
    expect((await move(second, 'observe')).body).toEqual({ came_to: 'moved' })
    expect(await standing(first)).toMatchObject({ mode: 'observe', proposed: null })
    expect((await trailOf(bank.id)).slice(-2)).toMatchObject([
      { action: 'enforcement.proposed', meta: { what: 'observe' } },
      { action: 'enforcement.changed', meta: { first: expect.stringMatching(/^adm_/) } },
    ])
    expect(await tellAll()).toHaveLength(1)
    // One is enough for more.
    expect((await move(first, 'enforce')).body).toEqual({ came_to: 'moved' })
  })

  test('a proposal of yesterday is none', async () => {
    const bank = await openStrictBank()
    await move(bank.cookies[0], 'observe')
    desk.world.advance(24 * 3_600_000)
    const again = await logIn(desk, `bo${offices}@ours.example`)
    expect(await standing(again)).toMatchObject({ proposed: null })
    expect((await move(again, 'observe')).body).toEqual({ came_to: 'proposed' })
  })

  test('a version that enforces less waits as well, and goes live by the second', async () => {
    const bank = await openStrictBank()
    const changes = { actions: { transfer: { enforcement_share: 40 } } }
    const headers = { authorization: `Bearer ${bank.key}` }
    const { body } = await post<{ id: string }>(
      `${desk.world.url}/policies`,
      { changes, note: 'less' },
      headers,
    )
    const publish = (cookie: string) =>
      postJson(
        desk,
        '/api/policies/move',
        { environment: 'live', kind: 'publish', policy: body.id, expected_live: 'default-1', note: 'less' },
        { cookie },
      )
    const first = await publish(bank.cookies[0])
    expect([first.status, first.body['detail']]).toEqual([409, expect.stringContaining('two analysts')])
    expect(await standing(bank.cookies[1])).toMatchObject({
      policy: 'default-1',
      proposed: { what: body.id },
    })
    expect((await publish(bank.cookies[1])).body).toEqual({ live: body.id })
    expect((await trailOf(bank.id)).slice(-2)).toMatchObject([
      { action: 'enforcement.proposed', meta: { policy: body.id, enforcement: ['transfer 100 → 40 %'] } },
      { action: 'policy.moved', meta: { policy: body.id, enforcement: ['transfer 100 → 40 %'] } },
    ])
    const mails = await tellAll()
    expect(mails.map(({ text }) => text.includes(`What now counts: ${body.id}`))).toEqual([true])
    expect(await standing(bank.cookies[0])).toMatchObject({
      extent: 'part',
      actions: expect.arrayContaining([expect.objectContaining({ name: 'transfer', enforced_percent: 40 })]),
    })
  })
})

describe('the share of an action', () => {
  const share = (cookie: string, percent: number, change: Record<string, unknown> = {}) =>
    postJson(
      desk,
      '/api/enforcement/share',
      {
        environment: 'live',
        action: 'transfer',
        percent,
        expected_live: 'default-1',
        note: 'A few.',
        ...change,
      },
      { cookie },
    )
  const ofTransfer = async (cookie: string) =>
    enforcementDetail.parse(await standing(cookie)).actions.find(({ name }) => name === 'transfer')

  test('becomes a version that is live at once; the trail has who, and the security contact hears of the less', async () => {
    const bank = await openBank('observe')
    const [cookie] = bank.cookies
    expect((await share(cookie, 0)).body).toEqual({ came_to: 'unchanged' })
    expect((await share(cookie, 100)).body).toEqual({ came_to: 'moved' })
    expect(await standing(cookie)).toMatchObject({ mode: 'observe', extent: 'part', policy: 'pol_1' })
    expect(await ofTransfer(cookie)).toMatchObject({ enforced_percent: 100, is_own: true, is_mapped: true })
    expect((await send(bank.key, 1_000_000)).body).toMatchObject({ outcome: 'delay_verify' })
    expect(await tellAll()).toEqual([])
    expect((await share(cookie, 40, { expected_live: 'pol_1' })).body).toEqual({ came_to: 'moved' })
    expect(await ofTransfer(cookie)).toMatchObject({ enforced_percent: 40 })
    expect(await tellAll()).toMatchObject([{ to: 'security@bank.example' }])
    expect((await share(cookie, 0, { expected_live: 'pol_2' })).body).toEqual({ came_to: 'moved' })
    expect((await send(bank.key, 1_000_000)).body.observed?.outcome).toBe('delay_verify')
    const by = { actor: expect.stringMatching(/^adm_/), actor_type: 'analyst', action: 'policy.moved' }
    expect((await trailOf(bank.id)).slice(-3)).toMatchObject([
      { ...by, meta: { policy: 'pol_1', enforcement: ['transfer 0 → 100 %'] } },
      { ...by, meta: { policy: 'pol_2', enforcement: ['transfer 100 → 40 %'] } },
      { ...by, meta: { policy: 'pol_3', enforcement: ['transfer 40 → 0 %'] } },
    ])
  })

  test('is refused of an action that nobody mapped, beside another live version, and beyond a hundred', async () => {
    const bank = await openBank('enforce')
    const [cookie] = bank.cookies
    const unknown = await share(cookie, 10, { action: 'teleport' })
    expect([unknown.status, unknown.body['detail']]).toEqual([400, expect.stringContaining('action')])
    expect((await share(cookie, 10, { expected_live: 'pol_9' })).status).toBe(409)
    expect((await share(cookie, 101)).status).toBe(400)
    expect(await standing(cookie)).toMatchObject({ policy: 'default-1', extent: 'all' })
  })

  test('of two analysts at once one moves it, and the other reads again', async () => {
    const bank = await openBank('enforce')
    const [first, second] = bank.cookies
    await tellAll()
    const answers = await Promise.all([share(first, 40), share(second, 30)])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    const won = answers[0]?.status === 200 ? 40 : 30
    expect(await ofTransfer(first)).toMatchObject({ enforced_percent: won })
    expect((await trailOf(bank.id)).filter(({ action }) => action === 'policy.moved')).toHaveLength(1)
    expect(await tellAll()).toHaveLength(1)
  })

  test('needs a login and our own origin', async () => {
    const bank = await openBank('enforce')
    expect((await share('', 0)).status).toBe(401)
    const form = {
      environment: 'live',
      action: 'transfer',
      percent: 0,
      expected_live: 'default-1',
      note: 'No.',
    }
    const elsewhere = { cookie: bank.cookies[0], origin: 'https://evil.example' }
    expect((await postJson(desk, '/api/enforcement/share', form, elsewhere)).status).toBe(403)
    expect(await standing(bank.cookies[0])).toMatchObject({ policy: 'default-1', extent: 'all' })
  })

  test('where it takes two analysts, less waits until another one asks for the same or publishes the version', async () => {
    const bank = await openBank('enforce')
    await changeOrganisation(desk.world.deps, bank.id, ({ enforcement }) => ({
      enforcement: { ...enforcement, two_analysts: true },
    }))
    const [first, second] = bank.cookies
    expect((await share(first, 40)).body).toEqual({ came_to: 'proposed' })
    expect(await standing(second)).toMatchObject({ policy: 'default-1', proposed: { what: 'pol_1' } })
    expect((await share(first, 40)).body).toEqual({ came_to: 'proposed' })
    expect(await standing(second)).toMatchObject({ proposed: { what: 'pol_1', is_mine: false } })
    expect((await share(second, 40)).body).toEqual({ came_to: 'moved' })
    expect(await ofTransfer(first)).toMatchObject({ enforced_percent: 40 })
    // Another share is another wish.
    const further = { expected_live: 'pol_1' }
    expect((await share(first, 30, further)).body).toEqual({ came_to: 'proposed' })
    expect((await share(second, 20, further)).body).toEqual({ came_to: 'proposed' })
    const seconded = await postJson(
      desk,
      '/api/policies/move',
      { environment: 'live', kind: 'publish', policy: 'pol_3', expected_live: 'pol_1', note: 'Yes.' },
      { cookie: first },
    )
    expect(seconded.body).toEqual({ live: 'pol_3' })
    expect(await ofTransfer(second)).toMatchObject({ enforced_percent: 20 })
  })
})

const shoot = picturesInto('ENFORCEMENT_PICTURES')

test('on the page: a banner everywhere, the figures, the switch with a second look, and the banner goes', async () => {
  const bank = await openBank('observe')
  const would: unknown[] = []
  for (const value of [100, 1_000_000, 20_000, 1_000_000])
    would.push((await send(bank.key, value)).body.observed?.outcome)
  const [allowed, asked, stopped] = ['allow', 'delay_verify', 'block_escalate'].map(
    (outcome) => would.filter((one) => one === outcome).length,
  )
  expect(asked).toBeGreaterThan(0)
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage()
  await logInOn(page, desk, bank.mira, { path: '/' })
  await page.getByText('Nothing is enforced in live.').waitFor()
  await page.getByText('would have been asked').first().waitFor()
  await shoot(page, 'sessions')
  await page.locator('a.session', { hasText: 'would have been asked' }).first().click()
  await page.getByText('Nothing was enforced for this person and action').waitFor()
  await shoot(page, 'session')
  for (const path of ['/policy', '/incidents', '/trail', '/effectiveness']) {
    await page.goto(`${desk.origin}${path}`)
    await page.getByLabel('Not enforced').waitFor()
  }
  await page.goto(`${desk.origin}/?environment=test`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  expect(await page.getByLabel('Not enforced').count()).toBe(0)
  await page.goto(`${desk.origin}/policy`)
  await page.getByText('Whether their decisions are carried out').getByRole('link').click()
  const figures = `${allowed} allowed, ${asked} would have met a checkpoint, ${stopped} would have been stopped.`
  await page.getByText(figures).waitFor()
  await shoot(page, 'enforcement')
  await page.getByRole('button', { name: 'Enforce' }).click()
  await page.getByLabel('Why').fill('Two quiet weeks.')
  await shoot(page, 'why')
  await page.getByRole('button', { name: 'Look it over' }).click()
  await page.getByText('Why: Two quiet weeks.').waitFor()
  await shoot(page, 'second-look')
  await page.getByRole('button', { name: 'Enforce' }).click()
  await page.getByText('Live enforces what is decided.').waitFor()
  await page.getByText('Moved by').waitFor()
  expect(await page.getByLabel('Not enforced').count()).toBe(0)
  expect((await send(bank.key, 1_000_000)).body.outcome).toBe('delay_verify')
  await shoot(page, 'enforcing')
  await page.getByRole('button', { name: 'Change the share of an action' }).click()
  await page.getByLabel('Action', { exact: true }).selectOption('transfer')
  await page.getByLabel('Enforced for how many people in a hundred').fill('40')
  await page.getByLabel('Why').fill('Too many at once.')
  await shoot(page, 'share')
  await page.getByRole('button', { name: 'Look it over' }).click()
  await page.getByText('Transfer: enforce for 40 % of people in live?').waitFor()
  await page.getByText('Now it is enforced for everybody.').waitFor()
  await page.getByText(`about ${Math.round((asked ?? 0) * 0.4)} would have met a checkpoint`).waitFor()
  await shoot(page, 'share-second-look')
  await page.getByRole('button', { name: 'Change the share', exact: true }).click()
  await page.getByRole('cell', { name: '40 % of people' }).waitFor()
  await page.getByLabel('Not enforced').waitFor()
  await page.goto(`${desk.origin}/`)
  await page.getByRole('link', { name: 'Would ask' }).click()
  await page.waitForURL('**/*observed=delay_verify*')
  await page.waitForFunction(`document.querySelectorAll("a.session").length === ${asked}`)
  expect(await page.locator('a.session', { hasText: 'would have been asked' }).count()).toBe(asked)
  await shoot(page, 'would-have')
  await page.context().close()
})

test.each([
  ['light', 1280],
  ['dark', 1280],
  ['light', 390],
  ['dark', 390],
  ['light', 320],
] as const)('is free of axe findings and sideways scrolling: %s, %i px', async (colorScheme, width) => {
  const bank = await openBank('observe')
  for (const value of [100, 1_000_000]) await send(bank.key, value)
  const page = await (await browser.newContext({ colorScheme, viewport: { width, height: 800 } })).newPage()
  await logInOn(page, desk, bank.mira, { path: '/' })
  for (const path of ['/enforcement', '/enforcement?share', '/', '/effectiveness']) {
    await page.goto(`${desk.origin}${path}`)
    await page.waitForSelector('h1:not(.hidden)')
    if (path.endsWith('?share'))
      await page.getByRole('button', { name: 'Change the share of an action' }).click()
    expect(await axeFindings(page), path).toEqual([])
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), path).toBe(true)
    await shoot(page, `${colorScheme}-${width}-${path.replaceAll(/\W/g, '') || 'sessions'}`)
  }
  await page.context().close()
})
