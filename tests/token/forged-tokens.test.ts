import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Environment } from '#contract/environment'
import { get, ingest, openPage, step, submit, transfer, verify } from '../support/client.ts'
import { openWorld, type World } from '../support/world.ts'
import { type Decided, decide, openSite, type Site } from './allowed.ts'
import { decode, encode, otherSpelling, type Segments, sign, withSegment } from './forge.ts'

/**
 * Everything that is not the very token that we made for this session is an answer, `valid: false`, and never an error:
 * a site's code path for it is the same. Most rows are signed with the organisation's own key, which no attacker has: the
 * claim under test is then the only thing that can refuse them.
 */

type Fixture = {
  world: World
  own: Decided
  other: Decided
  foreign: Decided
  live: string
  site: Site
  stranger: Site
  key: Uint8Array
  liveKey: Uint8Array
  strangerKey: Uint8Array
}

const hour = 3600
const century = 100 * 365 * 24 * hour

/** The genuine token with changed parts, signed again as the genuine one is. */
const resigned = (
  { own, key }: Fixture,
  change: (segments: Segments) => Partial<Segments>,
  alg?: string,
): string => {
  const genuine = decode(own.token)
  const { header, payload } = { ...genuine, ...change(genuine) }
  return sign(header, payload, key, alg)
}
const claims = (f: Fixture, change: Record<string, unknown>): string =>
  resigned(f, ({ payload }) => ({ payload: { ...payload, ...change } }))
const without = (f: Fixture, claim: string): string => claims(f, { [claim]: undefined })
const header = (f: Fixture, change: Record<string, unknown>, alg?: string): string =>
  resigned(f, (genuine) => ({ header: { ...genuine.header, ...change } }), alg)
const iatOf = (f: Fixture): number => Number(decode(f.own.token).payload['iat'])
/** Duplicate names can't be written through an object: the text of a segment with one more member at its end. */
const appended = (segment: Record<string, unknown>, member: string): string =>
  `${JSON.stringify(segment).slice(0, -1)},${member}}`

type Row = [name: string, token: (f: Fixture) => string, code: string]

const rows: Row[] = [
  [
    'another spelling of the signature’s last character',
    (f) => withSegment(f.own.token, 2, otherSpelling),
    'invalid',
  ],
  [
    'another spelling of the payload’s last character',
    (f) => withSegment(f.own.token, 1, otherSpelling),
    'invalid',
  ],
  [
    'another spelling of the header’s last character',
    (f) => withSegment(f.own.token, 0, otherSpelling),
    'invalid',
  ],
  ['padding behind the signature', (f) => `${f.own.token}=`, 'invalid'],
  [
    'standard base64 instead of base64url',
    (f) => withSegment(f.own.token, 2, (s) => Buffer.from(s, 'base64url').toString('base64')),
    'invalid',
  ],
  [
    'another first character of the signature',
    (f) => withSegment(f.own.token, 2, (s) => (s.startsWith('A') ? 'B' : 'A') + s.slice(1)),
    'invalid',
  ],
  ['a signature cut short', (f) => withSegment(f.own.token, 2, (s) => s.slice(0, 22)), 'invalid'],
  ['an empty signature', (f) => withSegment(f.own.token, 2, () => ''), 'invalid'],
  [
    'a changed payload under the old signature',
    (f) =>
      withSegment(f.own.token, 1, () =>
        encode({ ...decode(f.own.token).payload, outcome: 'block_escalate' }),
      ),
    'invalid',
  ],
  ['HS512', (f) => header(f, { alg: 'HS512' }, 'HS512'), 'invalid'],
  ['HS384', (f) => header(f, { alg: 'HS384' }, 'HS384'), 'invalid'],
  [
    'alg none without a signature',
    (f) => `${encode({ ...decode(f.own.token).header, alg: 'none' })}.${f.own.token.split('.')[1]}.`,
    'invalid',
  ],
  ['alg none with a signature', (f) => header(f, { alg: 'none' }), 'invalid'],
  ['alg None', (f) => header(f, { alg: 'None' }), 'invalid'],
  ['alg RS256 over an HMAC', (f) => header(f, { alg: 'RS256' }), 'invalid'],
  ['no alg', (f) => header(f, { alg: undefined }), 'invalid'],
  ['no exp', (f) => without(f, 'exp'), 'invalid'],
  ['an exp a century away', (f) => claims(f, { exp: iatOf(f) + century }), 'invalid'],
  ['a lifetime of 601 seconds', (f) => claims(f, { exp: iatOf(f) + 601 }), 'invalid'],
  ['a lifetime of 599 seconds', (f) => claims(f, { exp: iatOf(f) + 599 }), 'invalid'],
  ['exp as text', (f) => claims(f, { exp: String(iatOf(f) + 600) }), 'invalid'],
  ['exp with a fraction', (f) => claims(f, { exp: iatOf(f) + 600.5, iat: iatOf(f) + 0.5 }), 'invalid'],
  ['an exp in the past', (f) => claims(f, { iat: iatOf(f) - hour, exp: iatOf(f) - hour + 600 }), 'expired'],
  ['no iat', (f) => without(f, 'iat'), 'invalid'],
  ['an iat in the future', (f) => claims(f, { iat: iatOf(f) + hour, exp: iatOf(f) + hour + 600 }), 'invalid'],
  ['an nbf in the future', (f) => claims(f, { nbf: iatOf(f) + hour }), 'invalid'],
  ['no jti', (f) => without(f, 'jti'), 'invalid'],
  ['a numeric jti', (f) => claims(f, { jti: 7 }), 'invalid'],
  ['an empty jti', (f) => claims(f, { jti: '' }), 'invalid'],
  ['the jti of another session', (f) => claims(f, { jti: decode(f.other.token).payload['jti'] }), 'invalid'],
  ['no session_id', (f) => without(f, 'session_id'), 'invalid'],
  ['the session_id of another session', (f) => claims(f, { session_id: f.other.sessionId }), 'invalid'],
  ['a session_id that nobody has', (f) => claims(f, { session_id: `ses_${'0'.repeat(32)}` }), 'invalid'],
  [
    'the session_id of another organisation',
    (f) => claims(f, { session_id: f.foreign.sessionId, jti: decode(f.foreign.token).payload['jti'] }),
    'invalid',
  ],
  ['no org_id', (f) => without(f, 'org_id'), 'invalid'],
  ['a numeric org_id', (f) => claims(f, { org_id: 7 }), 'invalid'],
  ['another org_id under our own key', (f) => claims(f, { org_id: f.stranger.id }), 'wrong_org'],
  ['no env', (f) => without(f, 'env'), 'invalid'],
  ['an env that there is not', (f) => claims(f, { env: 'staging' }), 'invalid'],
  ['the other env under our own key', (f) => claims(f, { env: 'live' }), 'wrong_environment'],
  ['no outcome', (f) => without(f, 'outcome'), 'invalid'],
  ['an outcome that there is not', (f) => claims(f, { outcome: 'yes' }), 'invalid'],
  ['no act', (f) => without(f, 'act'), 'invalid'],
  ['the act of another action', (f) => claims(f, { act: decode(f.other.token).payload['act'] }), 'invalid'],
  ['typ JWT', (f) => header(f, { typ: 'JWT' }), 'invalid'],
  ['no typ', (f) => header(f, { typ: undefined }), 'invalid'],
  ['the audience of another organisation', (f) => claims(f, { aud: `org:${f.stranger.id}` }), 'invalid'],
  ['no audience', (f) => without(f, 'aud'), 'invalid'],
  ['another issuer', (f) => claims(f, { iss: 'https://attacker.example' }), 'invalid'],
  ['no issuer', (f) => without(f, 'iss'), 'invalid'],
  [
    'our claims under another organisation’s key',
    (f) => sign(decode(f.own.token).header, decode(f.own.token).payload, f.strangerKey),
    'invalid',
  ],
  [
    'our claims under the other environment’s key',
    (f) => sign(decode(f.own.token).header, decode(f.own.token).payload, f.liveKey),
    'invalid',
  ],
  [
    'our claims under an empty key',
    (f) => sign(decode(f.own.token).header, decode(f.own.token).payload, new Uint8Array()),
    'invalid',
  ],
  ['a genuine token of another organisation', (f) => f.foreign.token, 'wrong_org'],
  ['a genuine token of the other environment', (f) => f.live, 'wrong_environment'],
  ['a kid that is not in the ring', (f) => header(f, { kid: 'm9' }), 'invalid'],
  ['a kid that climbs directories', (f) => header(f, { kid: '../../m1' }), 'invalid'],
  ['a kid with NUL', (f) => header(f, { kid: 'm1\0' }), 'invalid'],
  ['a kid that reaches the prototype', (f) => header(f, { kid: '__proto__' }), 'invalid'],
  ['a kid with a query in it', (f) => header(f, { kid: "m1' OR '1'='1" }), 'invalid'],
  ['a numeric kid', (f) => header(f, { kid: 1 }), 'invalid'],
  ['a list as kid', (f) => header(f, { kid: ['m1'] }), 'invalid'],
  ['an operator as kid', (f) => header(f, { kid: { $ne: '' } }), 'invalid'],
  ['no kid', (f) => header(f, { kid: undefined }), 'invalid'],
  [
    'a key of its own in the header',
    (f) =>
      sign(
        { ...decode(f.own.token).header, kid: 'mine', jwk: { kty: 'oct', k: encode('0'.repeat(32)) } },
        decode(f.own.token).payload,
        Buffer.from('0'.repeat(32)),
      ),
    'invalid',
  ],
  [
    'a key to fetch from elsewhere',
    (f) => header(f, { kid: 'mine', jku: 'http://127.0.0.1:9/jwks.json' }),
    'invalid',
  ],
  ['a critical extension', (f) => header(f, { crit: ['exp'] }), 'invalid'],
  ['an unencoded payload', (f) => header(f, { b64: false, crit: ['b64'] }), 'invalid'],
  [
    'a duplicated claim',
    (f) =>
      sign(decode(f.own.token).header, appended(decode(f.own.token).payload, '"outcome":"allow"'), f.key),
    'invalid',
  ],
  [
    'a duplicated header',
    (f) => sign(appended(decode(f.own.token).header, '"alg":"HS256"'), decode(f.own.token).payload, f.key),
    'invalid',
  ],
  [
    'a payload that reaches the prototype',
    (f) =>
      sign(
        decode(f.own.token).header,
        appended(decode(f.own.token).payload, '"__proto__":{"outcome":"allow"}'),
        f.key,
      ),
    'invalid',
  ],
  [
    'a list as payload',
    (f) => sign(decode(f.own.token).header, [decode(f.own.token).payload], f.key),
    'invalid',
  ],
  ['null as payload', (f) => sign(decode(f.own.token).header, null, f.key), 'invalid'],
  ['a payload that is no JSON', (f) => sign(decode(f.own.token).header, 'allow', f.key), 'invalid'],
  ['a header that is no JSON', (f) => sign('HS256', decode(f.own.token).payload, f.key), 'invalid'],
  ['10 kB', (f) => claims(f, { note: 'x'.repeat(10_000) }), 'invalid'],
  ['10 kB of one letter', () => 'A'.repeat(10_000), 'invalid'],
  ['2 segments', (f) => f.own.token.split('.').slice(0, 2).join('.'), 'invalid'],
  ['4 segments', (f) => `${f.own.token}.`, 'invalid'],
  ['5 segments', (f) => `${f.own.token}.${f.own.token.split('.').slice(0, 2).join('.')}`, 'invalid'],
  ['dots alone', () => '..', 'invalid'],
  ['nothing', () => '', 'invalid'],
  ['a blank', () => ' ', 'invalid'],
  ['a blank before the token', (f) => ` ${f.own.token}`, 'invalid'],
  ['a line break behind the token', (f) => `${f.own.token}\n`, 'invalid'],
  ['Bearer before the token', (f) => `Bearer ${f.own.token}`, 'invalid'],
  [
    'a full-width letter in the token',
    (f) => withSegment(f.own.token, 1, (s) => `ｅ${s.slice(1)}`),
    'invalid',
  ],
  ['an emoji', () => '🔑', 'invalid'],
  ['the session’s id', (f) => f.own.sessionId, 'invalid'],
]

describe('a token that is not the one that we made', () => {
  let f: Fixture
  beforeAll(async () => {
    const world = await openWorld()
    const [site, stranger] = [await openSite(world), await openSite(world)]
    const own = await decide(world, site.testKey)
    const quiet = transfer({ action: 'login', amount: undefined, payee: undefined })
    const live = await ingest(world, site.liveKey, quiet)
    const keyOf = (orgId: string, env: Environment) =>
      world.deps.secrets.signingKey('m1', orgId, env) ?? new Uint8Array()
    f = {
      world,
      own,
      other: await decide(world, site.testKey, { action: 'large_transfer' }),
      foreign: await decide(world, stranger.testKey),
      live: live.body.token ?? '',
      site,
      stranger,
      key: keyOf(site.id, 'test'),
      liveKey: keyOf(site.id, 'live'),
      strangerKey: keyOf(stranger.id, 'test'),
    }
  })
  afterAll(() => f.world.close())

  it('is told from ours only by what is wrong with it: the forge makes the very same token', () => {
    expect(resigned(f, () => ({}))).toBe(f.own.token)
    expect(decode(f.live).payload['outcome']).toBe('allow')
  })

  it.each(rows)('%s', async (_name, token, code) => {
    const { own, site, world } = f
    const answer = await verify(world, site.testKey, { token: token(f), expected: own.expected })
    expect(answer.status, JSON.stringify(answer.body)).toBe(200)
    expect(answer.body).toMatchObject({ valid: false, code, used_at: null })
  })

  it('has burnt nothing: the real one is still good, once', async () => {
    const { own, site, world } = f
    const spent = await verify(world, site.testKey, { token: own.token, expected: own.expected })
    expect(spent.body).toMatchObject({ valid: true, outcome: 'allow', session_id: own.sessionId, test: true })
    expect(spent.body).not.toHaveProperty('code')
    const again = await verify(world, site.testKey, { token: own.token, expected: own.expected })
    expect(again.body).toMatchObject({ valid: false, code: 'already_used', used_at: spent.body.used_at })
  })
})

describe('a genuine token or session at the wrong moment or place', () => {
  let world: World
  let site: Site
  beforeAll(async () => {
    world = await openWorld()
    site = await openSite(world)
  })
  afterAll(() => world.close())

  const answerTo = async (body: Record<string, unknown>, key = site.testKey) => {
    const { status, body: answer } = await verify(world, key, body)
    expect(status, JSON.stringify(answer)).toBe(200)
    return answer
  }

  it('is good until the last second and expired one second after', async () => {
    const early = await decide(world, site.testKey)
    world.advance(599_000)
    expect(await answerTo({ token: early.token, expected: early.expected })).toMatchObject({ valid: true })
    const late = await decide(world, site.testKey)
    world.advance(601_000)
    const answer = await answerTo({ token: late.token, expected: late.expected })
    expect(answer).toMatchObject({ valid: false, code: 'expired' })
    const bySession = await answerTo({ session_id: late.sessionId, expected: late.expected })
    expect(bySession).toMatchObject({ valid: false, code: 'expired' })
  })

  it('is good by session_id as well, and both ways spend the same decision', async () => {
    const { sessionId, token, expected } = await decide(world, site.testKey)
    expect(await answerTo({ session_id: sessionId, expected })).toMatchObject({ valid: true })
    expect(await answerTo({ token, expected })).toMatchObject({ valid: false, code: 'already_used' })
  })

  it('a blocked session has a token that says blocked', async () => {
    const blocked = await decide(world, site.testKey, {}, 'block_escalate')
    expect(blocked.token).not.toBe('')
    for (const by of [{ token: blocked.token }, { session_id: blocked.sessionId }])
      expect(await answerTo({ ...by, expected: blocked.expected })).toMatchObject({
        valid: false,
        outcome: 'block_escalate',
        code: 'blocked',
      })
  })

  it('a blocked session’s token that was forged into an allow is invalid', async () => {
    const blocked = await decide(world, site.testKey, {}, 'block_escalate')
    const { header: head, payload } = decode(blocked.token)
    const key = world.deps.secrets.signingKey('m1', site.id, 'test') ?? new Uint8Array()
    const forged = sign(head, { ...payload, outcome: 'allow' }, key)
    const answer = await answerTo({ token: forged, expected: blocked.expected })
    expect(answer).toMatchObject({ valid: false, code: 'invalid' })
  })

  it('an open session is unfinished by its id', async () => {
    const event = transfer({
      user: { id: 'u_open', email: 'open@example.com' },
      test: { outcome: 'delay_verify' },
    })
    const { body } = await ingest(world, site.testKey, event)
    const { expected } = await decide(world, site.testKey)
    const answer = await answerTo({
      session_id: body.session.id,
      expected: { ...expected, user_id: 'u_open' },
    })
    expect(answer).toMatchObject({ valid: false, code: 'unfinished', used_at: null })
    expect((await openPage(world, body.session.url)).view.status).toBe('open')
  })

  it('a decision that its person took back is revoked', async () => {
    const revoked = await decide(world, site.testKey)
    const page = await openPage(world, revoked.url)
    expect((await step(world, page, 'cancel')).view.resolution).toBe('cancelled')
    expect(await answerTo({ token: revoked.token, expected: revoked.expected })).toMatchObject({
      valid: false,
      code: 'revoked',
    })
    expect((await submit(world, page, 'cancel')).body.view.resolution).toBe('cancelled')
  })

  const nobodys: [string, (own: Decided, stranger: Site) => [body: string, key: string]][] = [
    ['another organisation’s key', (own, stranger) => [own.sessionId, stranger.testKey]],
    ['the other environment’s key', (own) => [own.sessionId, site.liveKey]],
    ['an id that nobody has', () => [`ses_${'0'.repeat(32)}`, site.testKey]],
    ['an empty id', () => ['', site.testKey]],
    ['a very long id', () => ['s'.repeat(10_000), site.testKey]],
    ['an id that is an operator', () => ['{"$ne":null}', site.testKey]],
  ]
  it.each(nobodys)('session_id: %s is invalid and says nothing about the session', async (_name, call) => {
    const own = await decide(world, site.testKey)
    const [session_id, key] = call(own, await openSite(world))
    const answer = await answerTo({ session_id, expected: own.expected }, key)
    expect(answer).toEqual({
      valid: false,
      outcome: null,
      code: 'invalid',
      event_id: null,
      session_id: null,
      used_at: null,
    })
  })

  it('remote access told at verify ends in held, and stays so', async () => {
    const { token, expected, sessionId } = await decide(world, site.testKey)
    const context = { remote_access: true }
    expect(await answerTo({ token, expected, context })).toMatchObject({ valid: false, code: 'held' })
    expect((await answerTo({ token, expected })).valid).toBe(false)
    const session = await get<{ session: { outcome: string } }>(`${world.url}/sessions/${sessionId}`, {
      authorization: `Bearer ${site.testKey}`,
    })
    expect(session.body.session.outcome).toBe('block_escalate')
  })
})

describe('verify calls that are no calls', () => {
  let world: World
  let site: Site
  beforeAll(async () => {
    world = await openWorld()
    site = await openSite(world)
  })
  afterAll(() => world.close())

  const bodies: [string, (own: Decided) => Record<string, unknown>][] = [
    [
      'both token and session_id',
      ({ token, sessionId, expected }) => ({ token, session_id: sessionId, expected }),
    ],
    ['neither', ({ expected }) => ({ expected })],
    ['a token that is null', ({ expected }) => ({ token: null, expected })],
    ['a token that is a number', ({ expected }) => ({ token: 7, expected })],
    ['a token that is a list', ({ token, expected }) => ({ token: [token], expected })],
    ['a token that is an object', ({ token, expected }) => ({ token: { token }, expected })],
    ['a token that is true', ({ expected }) => ({ token: true, expected })],
    ['a session_id that is a list', ({ sessionId, expected }) => ({ session_id: [sessionId], expected })],
    ['no expected', ({ token }) => ({ token })],
    ['expected null', ({ token }) => ({ token, expected: null })],
    [
      'expected without an action',
      ({ token, expected: { action: _, ...rest } }) => ({ token, expected: rest }),
    ],
    [
      'expected without a user',
      ({ token, expected: { user_id: _, ...rest } }) => ({ token, expected: rest }),
    ],
    [
      'expected with a field of its own',
      ({ token, expected }) => ({ token, expected: { ...expected, any: true } }),
    ],
    ['an amount as text', ({ token, expected }) => ({ token, expected: { ...expected, amount: '1000000' } })],
    [
      'an idempotency key that is a number',
      ({ token, expected }) => ({ token, expected, idempotency_key: 7 }),
    ],
    ['an empty idempotency key', ({ token, expected }) => ({ token, expected, idempotency_key: '' })],
  ]
  it.each(bodies)('%s is refused as malformed and burns nothing', async (_name, bodyOf) => {
    const own = await decide(world, site.testKey)
    const refused = await verify(world, site.testKey, bodyOf(own))
    expect(refused.status).toBe(400)
    expect(refused.body).toMatchObject({ code: 'invalid_request', status: 400 })
    const spent = await verify(world, site.testKey, { token: own.token, expected: own.expected })
    expect(spent.body.valid).toBe(true)
  })
})
