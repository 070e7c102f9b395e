import { type CryptoKey, errors, jwtVerify } from 'jose'
import * as z from 'zod/mini'
import { type Environment, environment } from '#contract/environment'
import { outcome } from '#contract/outcome'
import type { StepType } from '#contract/step'

/**
 * The decision token: an HS256 JWT (RFC 7519) that says how one session ended, for exactly one action of one organisation.
 *
 * It proves nothing by itself beyond its signature: single use, revocation and holds are judged in the store, under its
 * `jti`. It is re-signed identically from the claims that the session keeps, so it lies in no database.
 *
 * Every option given to `jwtVerify` is load-bearing (RFC 8725): without them jose accepts a token without `exp`, an
 * `exp` a century away and another HMAC size than was meant.
 */

export const tokenLifetimeSeconds = 600
const tokenType = 'checkpoint-decision+jwt'
const issuer = 'anti-social-engine'
const algorithm = 'HS256'
const maxLength = 2048
const clockToleranceSeconds = 2

const claimsSchema = z.object({
  jti: z.string(),
  session_id: z.string(),
  org_id: z.string(),
  env: environment,
  outcome,
  /** The action digest, under the name that integrators' libraries know. */
  act: z.string(),
  iat: z.int(),
  exp: z.int(),
})
export type DecisionClaims = z.infer<typeof claimsSchema>

const segment = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url')

/**
 * Signs the claims; the same claims and key give the same characters. `methods` names the steps that were passed, in
 * order, for people who read tokens; nothing is decided by it.
 *
 * Written out (RFC 7515 7.1) because most answers carry a token, and jose signs in another thread: that costs ten times
 * the signature. Reading, where there is something to get wrong, stays with jose. `sign`: HS256 over a text.
 */
export const signDecision = (
  claims: DecisionClaims & { methods: StepType[] },
  kid: string,
  sign: (signingInput: string) => string,
): string => {
  const { jti, session_id, org_id, env, outcome, act, iat, exp, methods } = claims
  const header = segment({ alg: algorithm, typ: tokenType, kid })
  const payload = segment({
    session_id,
    org_id,
    env,
    outcome,
    act,
    methods,
    ...(env === 'test' ? { test: true } : {}),
    iss: issuer,
    aud: `org:${org_id}`,
    jti,
    iat,
    exp,
  })
  return `${header}.${payload}.${sign(`${header}.${payload}`)}`
}

const importedKeys = new WeakMap<Uint8Array, Promise<CryptoKey>>()

/** The form in which jose uses a key. It would import bytes again with every token. */
const imported = (key: Uint8Array): Promise<CryptoKey> => {
  const known = importedKeys.get(key)
  if (known !== undefined) return known
  const made = crypto.subtle.importKey('raw', Uint8Array.from(key), hs256, false, ['verify'])
  importedKeys.set(key, made)
  return made
}
const hs256 = { name: 'HMAC', hash: 'SHA-256' }

type TokenRefusal = 'invalid' | 'expired' | 'wrong_org' | 'wrong_environment'
export type TokenReading = { ok: true; claims: DecisionClaims } | { ok: false; code: TokenRefusal }

export type TokenReader = {
  orgId: string
  environment: Environment
  now: number
  /** The signing key of this organisation and environment, null for a `kid` that the ring does not have. */
  keyFor: (kid: string) => Uint8Array | null
}

/**
 * Reads a token that a site sent back. `wrong_org` and `wrong_environment` are judged from the token's own claims before
 * its signature: they help an honest integrator and reveal nothing that is not in the token.
 */
export const readDecision = async (token: string, reader: TokenReader): Promise<TokenReading> => {
  const parts = token.length <= maxLength ? decodeParts(token) : null
  if (parts === null) return refuse('invalid')
  if (typeof parts.payload['org_id'] === 'string' && parts.payload['org_id'] !== reader.orgId)
    return refuse('wrong_org')
  if (parts.payload['env'] !== reader.environment && environment.safeParse(parts.payload['env']).success)
    return refuse('wrong_environment')

  const kid = parts.header['kid']
  const key = typeof kid === 'string' ? reader.keyFor(kid) : null
  if (key === null) return refuse('invalid')
  try {
    const { payload } = await jwtVerify(token, await imported(key), {
      algorithms: [algorithm],
      typ: tokenType,
      issuer,
      audience: `org:${reader.orgId}`,
      maxTokenAge: tokenLifetimeSeconds,
      clockTolerance: clockToleranceSeconds,
      currentDate: new Date(reader.now),
      requiredClaims: ['exp', 'iat', 'jti', 'session_id', 'org_id', 'outcome', 'act'],
    })
    const claims = claimsSchema.safeParse(payload)
    if (!claims.success) return refuse('invalid')
    // A signature of ours over another lifetime would mean a stolen key or a bug: refuse it either way.
    if (claims.data.exp - claims.data.iat !== tokenLifetimeSeconds) return refuse('invalid')
    return { ok: true, claims: claims.data }
  } catch (error) {
    return refuse(error instanceof errors.JWTExpired ? 'expired' : 'invalid')
  }
}

const refuse = (code: TokenRefusal): TokenReading => ({ ok: false, code })

type Parts = { header: Record<string, unknown>; payload: Record<string, unknown> }

/**
 * Header and payload, unverified; null unless each of the three segments equals its own re-encoding. Base64url leaves
 * bits unused in a last character: two spellings of one signature would be two strings for one token. The JSON inside is
 * held to the same: a claim that stands there twice has two meanings (RFC 7519 4 leaves the choice to the parser).
 */
const decodeParts = (token: string): Parts | null => {
  const segments = token.split('.')
  if (segments.length !== 3) return null
  const canonical = segments.every(
    (segment) => Buffer.from(segment, 'base64url').toString('base64url') === segment,
  )
  if (!canonical) return null
  const header = parseObject(segments[0] ?? '')
  const payload = parseObject(segments[1] ?? '')
  return header === null || payload === null ? null : { header, payload }
}

const record = z.record(z.string(), z.unknown())

const parseObject = (segment: string): Record<string, unknown> | null => {
  try {
    const text = Buffer.from(segment, 'base64url').toString('utf8')
    const parsed = record.safeParse(JSON.parse(text))
    return parsed.success && JSON.stringify(parsed.data) === text ? parsed.data : null
  } catch {
    return null
  }
}
