import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import {
  accountLoginLimit,
  deviceLoginLimit,
  guessedAtLimit,
  waitMaxSeconds,
} from '../../backend/http/admin/login-limits.ts'
import { canonicalEmail, hashPassword } from '../../backend/org/admin-account.ts'
import { StoreUnavailable } from '../../backend/store/port.ts'
import { openOrganisation } from '../support/world.ts'
import { addAnalyst, password, postJson, type Reply } from './desk.ts'
import { deskForFile } from './desk-for-file.ts'

/** Strangers guess at an analyst's password, from one address and from many, while the analyst wants to log in. */

const desk = await deskForFile({ env: { TRUSTED_PROXY_HOPS: '1' } })
const org = (await openOrganisation(desk.world)).id

let accounts = 0
const analyst = async (): Promise<string> => {
  accounts += 1
  const email = `analyst${accounts}@bank.example`
  await addAnalyst(desk, org, email)
  return email
}

type Try = { email: string; from: string; password?: string; cookie?: string; ticket?: string }

const tryLogin = ({ email, from, password: typed = 'wrong', cookie, ticket }: Try): Promise<Reply> =>
  postJson(
    desk,
    '/api/login',
    { email, password: typed, ticket },
    { 'x-forwarded-for': from, ...(cookie === undefined ? {} : { cookie }) },
  )

/** The device cookie that a login left behind, as the browser sends it back. */
const deviceCookieOf = (reply: Reply): string => {
  const set = reply.headers.getSetCookie().find((cookie) => cookie.includes('ase_device_'))
  if (set === undefined) throw new Error('no device cookie')
  return set.split(';')[0] ?? ''
}

/** Wrong passwords as they are counted, without the work of judging so many. */
const sprayed = async (email: string, count: number): Promise<void> => {
  const { counters } = desk.world.deps.collections
  await tryLogin({ email, from: '198.51.100.1' })
  const found = await findCounter(email)
  const marks = Array.from({ length: count - 1 }, (_, index) => ({
    id: `spray${index}`,
    at: desk.world.deps.clock(),
  }))
  await counters.replace({ ...found, marks: [...found.marks, ...marks] }, found.version)
}

const findCounter = async (email: string) => {
  const digest = createHash('sha256')
    .update(JSON.stringify([canonicalEmail(email)]))
    .digest('base64url')
  const found = await desk.world.deps.collections.counters.get('admin', `admin-login-guessed-at/${digest}`)
  if (found === null) throw new Error('nothing was counted')
  return found
}

test('five wrong passwords from one address close the account to that address, and to no other', async () => {
  const email = await analyst()
  for (let n = 0; n < accountLoginLimit.limit; n += 1)
    expect((await tryLogin({ email, from: '203.0.113.1' })).status).toBe(401)
  expect((await tryLogin({ email, from: '203.0.113.1', password })).status).toBe(429)
  expect((await tryLogin({ email, from: '203.0.113.2', password })).status).toBe(200)
})

test('addresses of one IPv6 /64 are one address', async () => {
  const email = await analyst()
  for (let n = 0; n < accountLoginLimit.limit; n += 1)
    expect((await tryLogin({ email, from: `2001:db8:1:2::${n + 1}` })).status).toBe(401)
  expect((await tryLogin({ email, from: '2001:db8:1:2:ffff::9', password })).status).toBe(429)
  expect((await tryLogin({ email, from: '2001:db8:1:3::1', password })).status).toBe(200)
})

test('many addresses guess while the owner logs in: a known browser meets nothing of it, a new one waits', async () => {
  const email = await analyst()
  const cookie = deviceCookieOf(await tryLogin({ email, from: '203.0.113.9', password }))
  // The last dozen for real, each from an address of its own; a password takes long to judge.
  await sprayed(email, guessedAtLimit.limit - 12)
  const guesses = Array.from({ length: 12 }, (_, n) => tryLogin({ email, from: `192.0.2.${n}` }))
  const statuses = (await Promise.all(guesses)).map(({ status }) => status)
  expect(statuses).toEqual(statuses.map(() => 401))
  expect((await tryLogin({ email, from: '192.0.2.250' })).status).toBe(202)

  expect((await tryLogin({ email, from: '203.0.113.9', password, cookie })).status).toBe(200)
  // Even from an address that strangers have used up.
  expect((await tryLogin({ email, from: '192.0.2.1', password, cookie })).status).toBe(200)

  const waits = await tryLogin({ email, from: '203.0.113.77', password })
  expect(waits.status).toBe(202)
  const seconds = Number(waits.body['wait_seconds'])
  expect(seconds).toBeLessThanOrEqual(waitMaxSeconds)
  expect(waits.headers.get('retry-after')).toBe(String(seconds))
  expect(waits.headers.getSetCookie()).toEqual([])
  const ticket = String(waits.body['ticket'])
  desk.world.advance(seconds * 1000)
  const then = await tryLogin({ email, from: '203.0.113.77', password, ticket })
  expect(then.status).toBe(200)
  // Which makes it a known browser from now on.
  const known = { email, from: '203.0.113.77', password, cookie: deviceCookieOf(then) }
  expect((await tryLogin(known)).status).toBe(200)
}, 120_000)

test('a ticket is of no use before its moment, twice, for another address of mail, late, or altered', async () => {
  const email = await analyst()
  const other = await analyst()
  await sprayed(email, guessedAtLimit.limit)
  await sprayed(other, guessedAtLimit.limit)
  const from = '203.0.113.50'
  const ticketOf = async () => {
    const { body } = await tryLogin({ email, from, password })
    return { ticket: String(body['ticket']), seconds: Number(body['wait_seconds']) }
  }
  const { ticket, seconds } = await ticketOf()
  const early = await tryLogin({ email, from, password, ticket })
  expect([early.status, early.body['ticket']]).toEqual([202, ticket])
  desk.world.advance(seconds * 1000)
  expect((await tryLogin({ email: other, from, password, ticket })).status).toBe(202)
  const [id, moment, signature] = ticket.split('.')
  const earlier = `${id}.${Number(moment) - 1000}.${signature}`
  expect((await tryLogin({ email, from, password, ticket: earlier })).status).toBe(202)
  const used = await Promise.all(
    Array.from({ length: 4 }, (_, n) => tryLogin({ email, from: `203.0.113.6${n}`, ticket })),
  )
  expect(used.map(({ status }) => status).toSorted()).toEqual([202, 202, 202, 401])
  const late = await ticketOf()
  desk.world.advance(late.seconds * 1000 + 11 * 60_000)
  expect((await tryLogin({ email, from, password, ticket: late.ticket })).status).toBe(202)
})

test('waiting does not tell whether an address has an account', async () => {
  const email = await analyst()
  await sprayed(email, guessedAtLimit.limit + 5)
  await sprayed('nobody@bank.example', guessedAtLimit.limit + 5)
  const answers = await Promise.all(
    [email, 'nobody@bank.example'].map((address) => tryLogin({ email: address, from: '203.0.113.80' })),
  )
  const shapes = answers.map(({ status, body }) => [status, Object.keys(body), body['wait_seconds']])
  expect(shapes[0]).toEqual(shapes[1])
})

test('a wait grows with what was guessed, up to a minute, and ends when the hour has passed', async () => {
  const email = await analyst()
  await sprayed(email, guessedAtLimit.limit)
  const secondsNow = async () => (await tryLogin({ email, from: '203.0.113.90' })).body['wait_seconds']
  expect(await secondsNow()).toBe(10)
  await sprayed('x@bank.example', 1)
  const counter = await findCounter(email)
  const marks = Array.from({ length: 50 }, (_, n) => ({ id: `more${n}`, at: desk.world.deps.clock() }))
  await desk.world.deps.collections.counters.replace(
    { ...counter, marks: [...counter.marks, ...marks] },
    counter.version,
  )
  expect(await secondsNow()).toBe(waitMaxSeconds)
  desk.world.advance(guessedAtLimit.windowSeconds * 1000 + 1)
  expect((await tryLogin({ email, from: '203.0.113.90', password })).status).toBe(200)
})

test('a device cookie is signed, for one account, one password, out of reach of scripts, and opens nothing', async () => {
  const email = await analyst()
  const other = await analyst()
  const reply = await tryLogin({ email, from: '203.0.113.100', password })
  const set = reply.headers.getSetCookie().find((one) => one.includes('ase_device_')) ?? ''
  expect(set).toMatch(
    /^ase_device_[0-9a-f]{12}=[\w-]{22}\.[\w-]{43}; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/,
  )
  const cookie = deviceCookieOf(reply)
  const nobodysMe = await fetch(`${desk.origin}/api/me`, { headers: { cookie } })
  expect(nobodysMe.status).toBe(401)

  await sprayed(email, guessedAtLimit.limit)
  await sprayed(other, guessedAtLimit.limit)
  const from = '203.0.113.101'
  const [name = '', value = ''] = cookie.split('=')
  const forged = `${name}=${'A'.repeat(22)}.${value.split('.')[1]}`
  expect((await tryLogin({ email, from, password, cookie: forged })).status).toBe(202)
  const othersName = `ase_device_${createHash('sha256').update(other).digest('hex').slice(0, 12)}`
  expect((await tryLogin({ email: other, from, password, cookie: `${othersName}=${value}` })).status).toBe(
    202,
  )
  expect((await tryLogin({ email, from, password, cookie: `${cookie}; ${cookie}` })).status).toBe(202)
  expect((await tryLogin({ email, from, password, cookie })).status).toBe(200)

  const { adminAccounts } = desk.world.deps.collections
  const [account] = await adminAccounts.find({ index: 'email', equals: [email], limit: 1 })
  if (account === undefined) throw new Error('no account')
  const changed = await hashPassword('another long password', desk.world.deps.random)
  await adminAccounts.replace({ ...account, password_scrypt: changed }, account.version)
  const after = await tryLogin({ email, from, password: 'another long password', cookie })
  expect(after.status, 'a new password ends every device').toBe(202)
})

test('a known browser that guesses is a stranger after five', async () => {
  const email = await analyst()
  const cookie = deviceCookieOf(await tryLogin({ email, from: '203.0.113.110', password }))
  await sprayed(email, guessedAtLimit.limit)
  for (let n = 0; n < deviceLoginLimit.limit; n += 1)
    expect((await tryLogin({ email, from: '203.0.113.110', cookie })).status).toBe(401)
  expect((await tryLogin({ email, from: '203.0.113.110', cookie })).status).toBe(202)
})

test('a count of guesses that cannot be read refuses', async () => {
  const email = await analyst()
  const { counters } = desk.world.deps.collections
  const works = counters.get
  counters.get = (orgId, id) =>
    id.includes('guessed-at') ? Promise.reject(new StoreUnavailable('disk gone')) : works(orgId, id)
  const answered = await tryLogin({ email, from: '203.0.113.120', password })
  counters.get = works
  expect([answered.status, answered.headers.getSetCookie()]).toEqual([503, []])
})
