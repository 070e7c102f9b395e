import { createHash, timingSafeEqual } from 'node:crypto'
import * as z from 'zod/mini'
import { type Environment, environment } from '#contract/environment'
import { text } from '#contract/text'
import { dueEntries } from '../audit/organisation-trail.ts'
import { storedFields } from '../store/define-collection.ts'

/**
 * API keys: `ase_live_<key id>_<secret>`, `ase_test_…`. The key id (96 bits, hex) finds the document and is no secret;
 * the secret (256 bits, base64url) is stored as its SHA-256 alone, which is enough above 112 bits of entropy
 * (OWASP ASVS 5.0, 6.5.2). Hex has no underscore, so the first three parts can't be read in two ways.
 */

export const scope = z.enum([
  'events:write',
  'decisions:verify',
  'results:write',
  'sessions:read',
  'audit:read',
  'holds:write',
  'incidents:write',
  'labels:write',
  'backtests:write',
  'policies:read',
  'policies:write',
  'history:write',
  'lists:write',
])
export type Scope = z.infer<typeof scope>

/** What a site's backend needs for the whole flow. Scopes that read about people must be granted explicitly. */
export const defaultScopes: readonly Scope[] = ['events:write', 'decisions:verify', 'results:write']

export const apiKeyDocument = z.strictObject({
  /** `_id`: the key id. */
  ...storedFields,
  name: text(80),
  env: environment,
  /** Hex. */
  secret_sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
  scopes: z.array(scope),
  created_at: z.int(),
  expires_at: z.nullable(z.int()),
  revoked_at: z.nullable(z.int()),
  trail_due: dueEntries,
})
export type ApiKeyDocument = z.infer<typeof apiKeyDocument>

const keyIdBytes = 12
const secretBytes = 32

/** Also the pattern for scanners that look for leaked keys. */
const apiKeyPattern = /^ase_(live|test)_([0-9a-f]{24})_([A-Za-z0-9_-]{43})$/

const sha256 = (value: string): Buffer => createHash('sha256').update(value).digest()

/** Makes a key. `secret_key` is shown once to whoever asked and kept nowhere; `document` is what is stored. */
export const mintApiKey = (
  random: (bytes: number) => Buffer,
  wanted: {
    org_id: string
    env: Environment
    name: string
    created_at: number
    scopes?: readonly Scope[]
    expires_at?: number | null
  },
): { secret_key: string; document: ApiKeyDocument } => {
  const keyId = random(keyIdBytes).toString('hex')
  const secret = random(secretBytes).toString('base64url')
  return {
    secret_key: `ase_${wanted.env}_${keyId}_${secret}`,
    document: {
      _id: keyId,
      org_id: wanted.org_id,
      version: 1,
      purge_at: null,
      name: wanted.name,
      env: wanted.env,
      secret_sha256: sha256(secret).toString('hex'),
      scopes: [...(wanted.scopes ?? defaultScopes)],
      created_at: wanted.created_at,
      expires_at: wanted.expires_at ?? null,
      revoked_at: null,
      trail_due: [],
    },
  }
}

export type ParsedApiKey = { env: Environment; key_id: string; secret: string }

/** Takes the text of a key apart. Says nothing about whether such a key exists. */
export const parseApiKey = (
  value: string,
): { ok: true; key: ParsedApiKey } | { ok: false; reason: 'malformed' } => {
  const [, env, keyId, secret] = apiKeyPattern.exec(value) ?? []
  if (keyId === undefined || secret === undefined) return { ok: false, reason: 'malformed' }
  return { ok: true, key: { env: env === 'live' ? 'live' : 'test', key_id: keyId, secret } }
}

export type ApiKeyRefusal = 'unknown' | 'wrong_secret' | 'wrong_environment' | 'revoked' | 'expired'

/** Compared with the secret if there is no such key: the same work, and no secret hashes to it. */
const nobody = '0'.repeat(64)

/**
 * Judges a key against the document that its id found, or null. Hash and comparison run in every case and take the same
 * time (ASVS 5.0, 11.2.4); the reasons are for the log, the caller is told the same thing for all of them.
 */
export const checkApiKey = (
  parsed: ParsedApiKey,
  document: ApiKeyDocument | null,
  now: number,
): { ok: true } | { ok: false; reason: ApiKeyRefusal } => {
  const stored = Buffer.from(document?.secret_sha256 ?? nobody, 'hex')
  const fits = timingSafeEqual(sha256(parsed.secret), stored)
  if (document === null || document._id !== parsed.key_id) return { ok: false, reason: 'unknown' }
  if (!fits) return { ok: false, reason: 'wrong_secret' }
  if (document.env !== parsed.env) return { ok: false, reason: 'wrong_environment' }
  return checkInUse(document, now)
}

/** Whether a key still stands, whoever presents it. */
export const checkInUse = (
  { revoked_at, expires_at }: ApiKeyDocument,
  now: number,
): { ok: true } | { ok: false; reason: 'revoked' | 'expired' } => {
  if (revoked_at !== null && revoked_at <= now) return { ok: false, reason: 'revoked' }
  if (expires_at !== null && expires_at <= now) return { ok: false, reason: 'expired' }
  return { ok: true }
}
