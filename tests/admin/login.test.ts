import { expect, test } from 'vitest'
import { accountLoginLimit, addressLoginLimit } from '../../backend/http/admin/login-limits.ts'
import { StoreUnavailable } from '../../backend/store/port.ts'
import { openOrganisation } from '../support/world.ts'
import { addAnalyst, cookieOf, getJson, logIn, openDesk, password, postJson } from './desk.ts'
import { deskForFile } from './desk-for-file.ts'

const minute = 60_000
const logLines: string[] = []

const desk = await deskForFile({ logLines })
const org = (await openOrganisation(desk.world)).id
await addAnalyst(desk, org, 'Mira@Bank.example')

/** Other tests' failures must not count here. */
const nextQuarter = () => desk.world.advance(accountLoginLimit.windowSeconds * 1000 + 1)

test('a login answers who it is, and its cookie is HttpOnly, SameSite=Strict and for the whole site', async () => {
  const answered = await postJson(desk, '/api/login', { email: ' MIRA@bank.example ', password })
  expect(answered.status).toBe(200)
  expect(answered.body).toMatchObject({
    email: 'mira@bank.example',
    organisation: { id: org, name: 'Example Bank' },
  })
  const [cookie, device] = answered.headers.getSetCookie()
  expect(device).toMatch(/^ase_device_/)
  expect(cookie).toMatch(/^ase_analyst=[\w-]{43}; Path=\/; Max-Age=28800; HttpOnly; SameSite=Strict$/)
  expect((await getJson(desk, '/api/me', cookieOf(answered.headers))).status).toBe(200)
})

test('on https the cookie carries the __Host- prefix and Secure', async () => {
  const secure = await openDesk({ adminOrigin: 'https://desk.example' })
  const { id } = await openOrganisation(secure.world)
  await addAnalyst(secure, id, 'mira@bank.example')
  const answered = await postJson(secure, '/api/login', { email: 'mira@bank.example', password })
  const [cookie, device] = answered.headers.getSetCookie()
  expect(cookie).toMatch(
    /^__Host-ase_analyst=[\w-]{43}; Path=\/; Max-Age=28800; HttpOnly; SameSite=Strict; Secure$/,
  )
  expect(device).toMatch(/^__Host-ase_device_[0-9a-f]{12}=.*; HttpOnly; SameSite=Strict; Secure$/)
  await secure.close()
})

test('a wrong password and an unknown address are told apart by nobody but the log', async () => {
  nextQuarter()
  const wrong = await postJson(desk, '/api/login', {
    email: 'mira@bank.example',
    password: 'wrong wrong wrong',
  })
  const unknown = await postJson(desk, '/api/login', { email: 'nobody@bank.example', password })
  expect([wrong.status, unknown.status]).toEqual([401, 401])
  const publicPart = ({ body }: { body: Record<string, unknown> }) => ({ ...body, request_id: null })
  expect(publicPart(wrong)).toEqual(publicPart(unknown))
  expect(wrong.headers.get('set-cookie')).toBeNull()
  const refusals = logLines.filter((line) => line.includes('analyst login refused'))
  expect(refusals.at(-2)).toContain('wrong_password')
  expect(refusals.at(-1)).toContain('"reason":"unknown"')
  expect(logLines.join('\n')).not.toMatch(/bank\.example|correct horse|wrong wrong/)
})

test('a disabled account opens nothing, and a login that it had ends', async () => {
  nextQuarter()
  await addAnalyst(desk, org, 'gone@bank.example')
  const cookie = await logIn(desk, 'gone@bank.example')
  const { adminAccounts } = desk.world.deps.collections
  const [account] = await adminAccounts.find({ index: 'email', equals: ['gone@bank.example'], limit: 1 })
  if (account === undefined) throw new Error('no account')
  await adminAccounts.replace({ ...account, disabled_at: desk.world.deps.clock() }, account.version)
  expect((await getJson(desk, '/api/me', cookie)).status).toBe(401)
  expect((await postJson(desk, '/api/login', { email: 'gone@bank.example', password })).status).toBe(401)
})

test('after five failures from an address even the right password waits there, and is then let in', async () => {
  nextQuarter()
  for (let n = 0; n < accountLoginLimit.limit; n += 1)
    expect((await postJson(desk, '/api/login', { email: 'mira@bank.example', password: 'x' })).status).toBe(
      401,
    )
  const refused = await postJson(desk, '/api/login', { email: 'mira@bank.example', password })
  expect(refused.status).toBe(429)
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  nextQuarter()
  expect((await postJson(desk, '/api/login', { email: 'mira@bank.example', password })).status).toBe(200)
})

test('of any number of parallel guesses no more than five are judged', async () => {
  nextQuarter()
  const guesses = Array.from({ length: 12 }, () =>
    postJson(desk, '/api/login', { email: 'mira@bank.example', password: 'x' }),
  )
  const statuses = (await Promise.all(guesses)).map(({ status }) => status)
  expect(statuses.filter((status) => status === 401)).toHaveLength(accountLoginLimit.limit)
  expect(statuses.filter((status) => status === 429)).toHaveLength(7)
})

test('one address that tries many accounts is stopped after twenty failures', async () => {
  nextQuarter()
  const tries = Array.from({ length: addressLoginLimit.limit }, (_, n) =>
    postJson(desk, '/api/login', { email: `a${n}@x.example`, password: 'x' }),
  )
  for (const { status } of await Promise.all(tries)) expect(status).toBe(401)
  expect((await postJson(desk, '/api/login', { email: 'a99@x.example', password: 'x' })).status).toBe(429)
})

test('right passwords use nothing up', async () => {
  nextQuarter()
  for (let n = 0; n < accountLoginLimit.limit + 1; n += 1)
    expect((await postJson(desk, '/api/login', { email: 'mira@bank.example', password })).status).toBe(200)
})

test('a login limit that cannot be read refuses', async () => {
  nextQuarter()
  const { counters } = desk.world.deps.collections
  const works = counters.get
  counters.get = () => Promise.reject(new StoreUnavailable('disk gone'))
  const answered = await postJson(desk, '/api/login', { email: 'mira@bank.example', password })
  counters.get = works
  expect(answered.status).toBe(503)
  expect(answered.headers.get('set-cookie')).toBeNull()
})

test('a login ends after fifteen idle minutes; doing something keeps it', async () => {
  nextQuarter()
  const cookie = await logIn(desk, 'mira@bank.example')
  for (let n = 0; n < 3; n += 1) {
    desk.world.advance(14 * minute)
    expect((await getJson(desk, '/api/me', cookie)).status).toBe(200)
  }
  desk.world.advance(15 * minute)
  expect((await getJson(desk, '/api/me', cookie)).status).toBe(401)
})

test('a login ends after eight hours, however busy', async () => {
  const cookie = await logIn(desk, 'mira@bank.example')
  for (let passed = 10; passed < 8 * 60; passed += 10) {
    desk.world.advance(10 * minute)
    expect((await getJson(desk, '/api/me', cookie)).status).toBe(200)
  }
  desk.world.advance(10 * minute)
  expect((await getJson(desk, '/api/me', cookie)).status).toBe(401)
})

test('logging out ends the login itself, not only the cookie', async () => {
  const cookie = await logIn(desk, 'mira@bank.example')
  const out = await postJson(desk, '/api/logout', {}, { cookie })
  expect(out.status).toBe(204)
  expect(out.headers.get('set-cookie')).toContain('Max-Age=0')
  expect((await getJson(desk, '/api/me', cookie)).status).toBe(401)
})

test('a new login in the same browser ends the one before', async () => {
  const before = await logIn(desk, 'mira@bank.example')
  await postJson(desk, '/api/login', { email: 'mira@bank.example', password }, { cookie: before })
  expect((await getJson(desk, '/api/me', before)).status).toBe(401)
})

test('two cookies of our name count as none', async () => {
  const cookie = await logIn(desk, 'mira@bank.example')
  expect((await getJson(desk, '/api/me', `${cookie}; ${cookie}`)).status).toBe(401)
})

const here = () => desk.world.deps.config.adminOrigin

test.each([
  ['another site', () => ({ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }), 403],
  ['another host of the same site', () => ({ 'sec-fetch-site': 'same-site', origin: here() }), 403],
  ['an opaque origin', () => ({ origin: 'null' }), 403],
  ['another port', () => ({ origin: 'http://127.0.0.1:1' }), 403],
  ['a typed address', () => ({ 'sec-fetch-site': 'none', origin: here() }), 403],
  ['an origin that begins like ours', () => ({ origin: `${here()}.evil.example` }), 403],
  ['our own page', () => ({ 'sec-fetch-site': 'same-origin', origin: here() }), 401],
])('a login sent from %s', async (_name, headers, status) => {
  nextQuarter()
  const answered = await postJson(desk, '/api/login', { email: 'a@b.example', password: 'x' }, headers())
  expect(answered.status).toBe(status)
})

test('a change without any origin is refused, also with a live cookie', async () => {
  const cookie = await logIn(desk, 'mira@bank.example')
  const response = await fetch(`${desk.origin}/api/logout`, { method: 'POST', headers: { cookie } })
  expect(response.status).toBe(403)
  expect((await getJson(desk, '/api/me', cookie)).status).toBe(200)
})

test('a form of another site cannot speak JSON: its content type is refused', async () => {
  const answered = await postJson(desk, '/api/login', {}, { 'content-type': 'text/plain' })
  expect(answered.status).toBe(415)
})

test.each([
  '/api/me',
  '/api/sessions?environment=live',
  '/api/sessions/ses_1',
  '/api/incidents?environment=live',
  '/api/incidents/inc_1',
  '/api/scam-reports?environment=live',
  '/api/cases/K7-4Q9M',
  '/api/search?q=x',
  '/api/trail',
  '/api/live?environment=live',
])('%s answers nobody without a login, is never cached and never framed', async (path) => {
  const answered = await getJson(desk, path, null)
  expect(answered.status).toBe(401)
  expect(answered.headers.get('cache-control')).toBe('no-store')
  expect(answered.headers.get('x-content-type-options')).toBe('nosniff')
  expect(answered.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  expect(answered.headers.get('www-authenticate')).toBeNull()
})
