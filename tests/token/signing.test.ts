import { createHmac, randomBytes } from 'node:crypto'
import { SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { createSecrets, digestUnder, signHs256 } from '../../backend/secrets.ts'
import { readDecision, signDecision } from '../../backend/session/token.ts'
import { ring } from '../support/world.ts'

/** Tokens are written out here and read by jose; digests are kept in databases for years. */

const key = randomBytes(32)
const iat = Date.UTC(2026, 10, 21, 10) / 1000

const claimsOf = (env: 'live' | 'test') => ({
  jti: 'x7_-Q'.repeat(4),
  session_id: `ses_${'0f'.repeat(16)}`,
  org_id: 'org_Ñandú',
  env,
  outcome: 'allow' as const,
  act: 'a'.repeat(43),
  iat,
  exp: iat + 600,
  methods: ['intent' as const, 'email_code' as const],
})

describe('a decision token', () => {
  it.each(['live', 'test'] as const)('of %s has the very characters that jose would write', async (env) => {
    const { session_id, org_id, outcome, act, methods, jti, exp } = claimsOf(env)
    const test = env === 'test' ? { test: true } : {}
    const written = await new SignJWT({ session_id, org_id, env, outcome, act, methods, ...test })
      .setProtectedHeader({ alg: 'HS256', typ: 'checkpoint-decision+jwt', kid: 'm1' })
      .setIssuer('anti-social-engine')
      .setAudience(`org:${org_id}`)
      .setJti(jti)
      .setIssuedAt(iat)
      .setExpirationTime(exp)
      .sign(key)
    expect(signDecision(claimsOf(env), 'm1', (text) => signHs256(key, text))).toBe(written)
  })

  it('is read back, time after time, and not under another key', async () => {
    const token = signDecision(claimsOf('live'), 'm1', (text) => signHs256(key, text))
    const { methods, ...claims } = claimsOf('live')
    const read = (under: Uint8Array) =>
      readDecision(token, {
        orgId: claims.org_id,
        environment: 'live',
        now: iat * 1000,
        keyFor: () => under,
      })
    for (const _ of [1, 2]) {
      expect(await read(key)).toEqual({ ok: true, claims })
      expect(await read(randomBytes(32))).toEqual({ ok: false, code: 'invalid' })
    }
  })
})

/** As it was first written: each part's length in four bytes, then its bytes. */
const macOf = (parts: string[]): string => {
  const hmac = createHmac('sha256', key)
  for (const part of parts) {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(Buffer.byteLength(part))
    hmac.update(length).update(part)
  }
  return hmac.digest('base64url')
}

describe('a keyed digest', () => {
  const parts: string[][] = [
    [],
    [''],
    ['', ''],
    ['live', 'user', 'u_42'],
    ['ab', 'c'],
    ['a', 'bc'],
    ['Ñandú', '日本', '👍🏽'],
    ['half a pair \ud800', 'x'.repeat(70_000)],
  ]
  it.each(parts.map((one) => [one]))('of %j is the HMAC over lengths and bytes', (one) => {
    expect(digestUnder(key, ...one)).toBe(macOf(one))
  })

  it('of a session’s page is one of its own for each step and turn', () => {
    const secrets = createSecrets(ring('m1'), ring('p1'))
    const session = { _id: 'ses_1', org_id: 'org_1', keys: { master_kid: 'm1', pepper_kid: 'p1' } }
    const tokens = [1, 2, 11].flatMap((turn) =>
      ['turn', 't'].map((step) => secrets.stepToken(session, step, turn)),
    )
    expect(new Set([...tokens, secrets.sessionKey(session)]).size).toBe(7)
  })
})
